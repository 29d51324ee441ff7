"""Our SVG pictures as PNG, which every version of Word shows."""

from __future__ import annotations

from functools import cache

import resvg_py

from retention_lib.outputs.word.text import allowed

PIXELS = 1_340
"""Across: 200 to the inch over the width of the text, 17 cm."""

FAMILIES = (
    "Arial",
    "Helvetica",
    "Liberation Sans",
    "Arimo",
    "Nimbus Sans",
    "FreeSans",
    "DejaVu Sans",
    "Noto Sans",
    "Segoe UI",
    "Helvetica Neue",
    "Roboto",
    "Open Sans",
    "Ubuntu",
    "Cantarell",
    "Lato",
    "Verdana",
    "Tahoma",
    "Calibri",
    "Carlito",
    "Bitstream Vera Sans",
    "Droid Sans",
    "Geneva",
    "Times New Roman",
    "Liberation Serif",
    "DejaVu Serif",
    "DejaVu Sans Mono",
)
"""Fonts that a computer may have, the ones most like what the pictures ask for first."""

_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    '<text x="2" y="16" font-size="16" font-family="sans-serif">{}</text></svg>'
)


@cache
def font(*, installed: bool = True) -> str | None:
    """Give a font of this computer that words can be drawn with; None where there is none.

    Args:
        installed: whether to look at the fonts that are installed; a computer without any is
            stood in for by not looking.

    Example:
        >>> font(installed=False) is None
        True
    """
    return next((each for each in FAMILIES if _draws(each, installed)), None)


def _draws(family: str, installed: bool) -> bool:
    """Tell whether a word in a font leaves any ink."""
    word, nothing = (
        resvg_py.svg_to_bytes(
            svg_string=_PROBE.format(words),
            background="white",
            skip_system_fonts=not installed,
            font_family=family,
            serif_family=family,
            sans_serif_family=family,
        )
        for words in ("Hm", "")
    )
    return word != nothing


def png(svg: str) -> bytes | None:
    r"""Draw a picture on white, ready for print; None where no font could draw its words.

    Example:
        >>> drawn = png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
        >>> drawn is None or drawn[:4] == b"\x89PNG"
        True
    """
    family = font()
    if family is None:
        return None
    return resvg_py.svg_to_bytes(
        svg_string=allowed(svg),
        background="white",
        width=PIXELS,
        font_family=family,
        sans_serif_family=family,
    )
