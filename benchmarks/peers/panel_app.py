"""The incentives app in Panel: widgets bound to a function that fills the panes."""

from __future__ import annotations

import panel as pn
from model import LEVERS, Shown, answer

pn.extension()

SLIDERS = [
    pn.widgets.FloatSlider(
        name=lever.label,
        start=lever.low,
        end=lever.high,
        step=lever.step,
        value=lever.start,
        css_classes=["lever"],
    )
    for lever in LEVERS
]


def told(shown: Shown) -> str:
    """Write the headline, what it means, and the facts."""
    facts = "\n".join(f"- **{figure}** {what}" for figure, what in shown.facts)
    return f"## {shown.headline}\n\n{' '.join(shown.sentences)}\n\n{facts}"


start = answer(*(slider.value for slider in SLIDERS))
headline = pn.pane.Markdown(told(start), css_classes=["answer"])
titles = [pn.pane.Markdown(f"### {picture.title}") for picture in start.pictures]
pictures = [pn.pane.SVG(picture.svg, encode=False) for picture in start.pictures]
readings = [pn.pane.Markdown(picture.reading) for picture in start.pictures]
captions = [pn.pane.Markdown(f"### {written.title}") for written in start.tables]
tables = [pn.pane.DataFrame(written.frame, index=False) for written in start.tables]


@pn.io.hold()
def moved(*values: float) -> None:
    """Answer the levers, and send what has changed in one go."""
    shown = answer(*values)
    headline.object = told(shown)
    for picture, title, pane, reading in zip(
        shown.pictures, titles, pictures, readings, strict=True
    ):
        title.object = f"### {picture.title}"
        pane.object = picture.svg
        reading.object = picture.reading
    for written, caption, frame in zip(shown.tables, captions, tables, strict=True):
        caption.object = f"### {written.title}"
        frame.object = written.frame


pn.bind(moved, *SLIDERS, watch=True)

pn.Column(
    "# Does a payment pay for itself?",
    headline,
    pn.Row(
        pn.Column(*SLIDERS, width=350),
        pn.Column(
            *(pane for figure in zip(titles, pictures, readings, strict=True) for pane in figure),
            *(pane for shown in zip(captions, tables, strict=True) for pane in shown),
        ),
    ),
).servable(title="Incentives")
