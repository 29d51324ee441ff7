"""Answers as pictures: pure functions from an answer to SVG, for pages, print and files."""
