"""The incentives app in Streamlit: a script that runs from top to bottom at every move."""

from __future__ import annotations

import streamlit as st
from model import LEVERS, Shown, answer

st.set_page_config(page_title="Incentives", layout="wide")


def levers() -> list[float]:
    """Show the sliders and give where they stand."""
    return [
        st.slider(lever.label, lever.low, lever.high, lever.start, lever.step, key=lever.path)
        for lever in LEVERS
    ]


def told(shown: Shown) -> None:
    """Write the headline, what it means, and the facts."""
    st.header(shown.headline)
    st.write(" ".join(shown.sentences))
    for column, (figure, what) in zip(st.columns(len(shown.facts)), shown.facts, strict=True):
        column.metric(what, figure)


def pictures(shown: Shown) -> None:
    """Show every picture with its sentence."""
    for picture in shown.pictures:
        st.subheader(picture.title)
        st.image(picture.svg, caption=picture.reading)


def tables(shown: Shown) -> None:
    """Show every table."""
    for written in shown.tables:
        st.subheader(written.title)
        st.table(written.frame)


st.title("Does a payment pay for itself?")
top = st.container(key="answer")
left, right = st.columns([1, 3])
with left:
    values = levers()
shown = answer(*values)
with top:
    told(shown)
with right:
    pictures(shown)
    tables(shown)
