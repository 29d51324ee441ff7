"""How cells look: one number format for each kind of number, one colour for each role of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal[
    "text",
    "words",
    "pounds",
    "thousands",
    "people",
    "share",
    "points",
    "of_salary",
    "number",
    "whole",
    "factor",
]
"""What a cell holds; `words` is text that wraps within its column, `whole` has no separators."""

Role = Literal["live", "input", "fixed", "total", "head", "title", "heading", "note", "label"]
"""What a cell is for: worked out by a formula, to be changed, as exported, a sum, or words."""

NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "words": "@",
    "pounds": "£#,##0;-£#,##0;£0",
    "thousands": "#,##0.0;-#,##0.0;0",
    "people": "#,##0.0;-#,##0.0;0",
    "share": "0.0%",
    "points": "0.0;-0.0;0",
    "of_salary": '0.0"% of salary"',
    "number": "#,##0.00;-#,##0.00;0",
    "whole": "0",
    "factor": "0.000;-0.000;0",
}

FONT = {"font_name": "Arial", "font_size": 10}
_INK, _RULE = "#0B0C0C", "#B1B4B6"

_ROLES: Mapping[Role, Mapping[str, Any]] = {
    "live": {},
    "input": {
        "bg_color": "#FFF2CC",
        "font_color": "#1D3F8F",
        "border": 1,
        "border_color": "#7F6000",
        "locked": False,
    },
    "fixed": {"bg_color": "#EEEFEF"},
    "total": {"bold": True, "top": 1, "bottom": 1},
    "head": {"bold": True, "bg_color": "#1D3557", "font_color": "#FFFFFF", "text_wrap": True},
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "font_color": "#1D3557"},
    "note": {},
    "label": {"bold": True},
}

KEY: Mapping[Role, str] = {
    "input": "Yellow: a number you may change. The rest of the file follows.",
    "live": "White: worked out by a formula. Click on it to see how.",
    "fixed": "Grey: as exported. It does not follow when an input is changed.",
}
"""What the colours mean, in words."""


def properties(kind: Kind, role: Role) -> dict[str, Any]:
    """Give what xlsxwriter makes a format of.

    Example:
        >>> properties("pounds", "input")["num_format"], properties("text", "live")["valign"]
        ('£#,##0;-£#,##0;£0', 'top')
    """
    found = {"font_color": _INK, "valign": "top", **FONT, **_ROLES[role]}
    is_text = kind in {"text", "words"}
    found["num_format"] = "General" if is_text else NUMBER_FORMATS[kind]
    if kind == "words":
        found["text_wrap"] = True
    if not is_text:
        found |= {"align": "right", "indent": 1}
    elif role in {"live", "fixed", "input", "total", "head"}:
        found |= {"align": "left", "indent": 1}
    if role in {"live", "fixed", "input"} and "border" not in found:
        found |= {"bottom": 1, "bottom_color": _RULE}
    return found
