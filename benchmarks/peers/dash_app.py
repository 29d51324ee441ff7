"""The incentives app in Dash: one callback from the sliders to everything that is shown."""

from __future__ import annotations

from urllib.parse import quote

from dash import Dash, Input, Output, callback, dcc, html
from dash.development.base_component import Component
from model import LEVERS, Shown, Written, answer

START = answer(*(lever.start for lever in LEVERS))

app = Dash(__name__, title="Incentives")
server = app.server


def sliders() -> list[Component]:
    """Give each lever a label and a slider that tells of every move."""
    return [
        html.Div(
            [
                html.Label(lever.label, htmlFor=lever.path),
                dcc.Slider(
                    lever.low,
                    lever.high,
                    lever.step,
                    value=lever.start,
                    marks=None,
                    id=name(lever.path),
                    updatemode="drag",
                ),
            ]
        )
        for lever in LEVERS
    ]


def name(path: str) -> str:
    """Turn a field's path into an id; Dash allows no full stop in one."""
    return path.replace(".", "-")


def told(shown: Shown) -> list[Component]:
    """Write the headline, what it means, and the facts."""
    return [
        html.H2(shown.headline),
        html.P(" ".join(shown.sentences)),
        html.Ul([html.Li([html.B(figure), " ", what]) for figure, what in shown.facts]),
    ]


def table(written: Written) -> Component:
    """Write a table, as the Dash tutorial does."""
    frame = written.frame
    head = html.Tr([html.Th(heading) for heading in frame.columns])
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in frame.to_numpy()]
    return html.Table([html.Caption(written.title), html.Thead(head), html.Tbody(rows)])


def source(svg: str) -> str:
    """Write a picture as the address of an image, which is how Dash shows SVG."""
    return "data:image/svg+xml;utf8," + quote(svg)


def layout() -> Component:
    """Arrange the page as a visitor first gets it."""
    pictures = [
        html.Figure(
            [
                html.H3(picture.title, id=f"{picture.key}-title"),
                html.Img(id=f"{picture.key}-picture", className="picture"),
                html.Figcaption(id=f"{picture.key}-reading"),
            ]
        )
        for picture in START.pictures
    ]
    return html.Div(
        [
            html.H1("Does a payment pay for itself?"),
            html.Div(id="answer"),
            html.Div(
                [html.Div(sliders()), html.Div([*pictures, html.Div(id="tables")])],
                style={"display": "grid", "gridTemplateColumns": "22rem 1fr", "gap": "2rem"},
            ),
        ],
        style={"fontFamily": "Arial, sans-serif", "margin": "1rem"},
    )


app.layout = layout


@callback(
    output={
        "answer": Output("answer", "children"),
        "titles": [Output(f"{each.key}-title", "children") for each in START.pictures],
        "pictures": [Output(f"{each.key}-picture", "src") for each in START.pictures],
        "readings": [Output(f"{each.key}-reading", "children") for each in START.pictures],
        "tables": Output("tables", "children"),
    },
    inputs={"values": [Input(name(lever.path), "value") for lever in LEVERS]},
)
def moved(values: list[float]) -> dict[str, object]:
    """Answer the levers."""
    shown = answer(*values)
    return {
        "answer": told(shown),
        "titles": [picture.title for picture in shown.pictures],
        "pictures": [source(picture.svg) for picture in shown.pictures],
        "readings": [picture.reading for picture in shown.pictures],
        "tables": [table(written) for written in shown.tables],
    }
