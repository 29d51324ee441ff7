"""Pictures as plain SVG, drawn by pure functions from a small description of each.

A picture is drawn for the width it is shown at, so that its text stays the size of the page's text.
The same picture serves the app, JupyterLab, print and a report.

Kinds: `dots` (findings with intervals against what is needed), `bars` (money in and out by year),
`lines` (two lines and a band), `tornado`, `bridge`, `outcomes` (equally likely, as dots), `heat`
(an answer over two numbers) and `claims` (what is assumed, needed and found).
"""
