"""The incentives app in Solara: components that are drawn again when a slider moves."""

from __future__ import annotations

from html import escape

import solara
from model import LEVERS, Lever, Shown, answer

values = {lever.path: solara.reactive(lever.start) for lever in LEVERS}


@solara.component
def Slider(lever: Lever) -> None:  # noqa: N802  # Solara names components so
    """Show a lever."""
    solara.SliderFloat(
        lever.label,
        value=values[lever.path],
        min=lever.low,
        max=lever.high,
        step=lever.step,
    )


@solara.component
def Told(shown: Shown) -> None:  # noqa: N802
    """Write the headline, what it means, and the facts."""
    facts = "".join(
        f"<li><b>{escape(figure)}</b> {escape(what)}</li>" for figure, what in shown.facts
    )
    with solara.Column(classes=["answer"]):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(shown.headline))
        solara.Text(" ".join(shown.sentences))
        solara.HTML(tag="ul", unsafe_innerHTML=facts)


@solara.component
def Pictures(shown: Shown) -> None:  # noqa: N802
    """Show every picture with its sentence."""
    for picture in shown.pictures:
        solara.HTML(tag="h3", unsafe_innerHTML=escape(picture.title))
        solara.HTML(tag="div", unsafe_innerHTML=picture.svg)
        solara.Text(picture.reading)


@solara.component
def Tables(shown: Shown) -> None:  # noqa: N802
    """Show every table."""
    for written in shown.tables:
        solara.HTML(tag="h3", unsafe_innerHTML=escape(written.title))
        solara.HTML(tag="div", unsafe_innerHTML=written.frame.to_html(index=False))


@solara.component
def Page() -> None:  # noqa: N802
    """Arrange the page."""
    shown = answer(*(value.value for value in values.values()))
    solara.Title("Incentives")
    solara.HTML(tag="h1", unsafe_innerHTML="Does a payment pay for itself?")
    Told(shown)
    with solara.Columns([1, 3]):
        with solara.Column():
            for lever in LEVERS:
                Slider(lever)
        with solara.Column():
            Pictures(shown)
            Tables(shown)
