"""A whole page as one HTML file: its style, its script and every answer are inside it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retention_lib.documents import Document
from retention_lib.outputs.one_page.about import (
    changes_table,
    inputs_of,
    question_of,
    story_of,
    whose_figures,
    workbook_of,
)
from retention_lib.outputs.one_page.grid import LEAD, Ruler, bars_title, grid_json, grid_of
from retention_lib.outputs.one_page.sections import sections_of
from retention_lib.outputs.stamp import stamp
from retention_lib.plans.plan import Plan
from retention_lib.results import Answered
from retention_lib.synthetic.question import Question
from retention_lib.units import money

_HERE = Path(__file__).parent
_ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})
"""Characters that could end a script, or a line of one, written as JSON may write them."""


def page(document: Document, result: Answered, on: dt.date) -> bytes:
    """Write an answer as one HTML page that asks nobody for anything.

    It opens from a file or an e-mail, prints, and reads without its script. With it two or three
    levers move over answers that were worked out here.

    Args:
        document: what was chosen; any kind but the assumptions log.
        result: its answer, with its ranges where they have been drawn.
        on: the day it is made on.

    Raises:
        BrokenIdentityError: where one of the answers that the levers reach does not add up.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> offer = preset("no-scheme").scenario
        >>> made = page(offer, evaluate(offer), dt.date(2026, 11, 22)).decode()
        >>> made.startswith("<!doctype html>"), "22 November 2026" in made
        (True, True)
    """
    grid = grid_of(document, result)
    style, script = _text("page.css"), _text("page.js") if grid.levers else ""
    given: dict[str, Any] = {
        "answer": grid.points[grid.own],
        "bars_title": bars_title(result),
        "changes": changes_table(result),
        "data": _inert(grid_json(grid)),
        "document": document,
        "grid": grid,
        "has_range": getattr(result, "ranges", None) is not None,
        "inputs": inputs_of(document, on),
        "lead": LEAD,
        "link": document.to_link(),
        "money": money,
        "nothing_to_move": _nothing_to_move(document),
        "policy": _policy(style, script),
        "question": question_of(document),
        "result": result,
        "ruler": Ruler.over(grid.points.values()),
        "script": Markup(script),
        "sections": sections_of(document, result),
        "stamp": stamp(result.provenance, on),
        "story": story_of(document),
        "style": Markup(style),
        "svg": Markup,
        "whose": whose_figures(document),
        "workbook": workbook_of(document),
    }
    return _environment().get_template("page.html.j2").render(given).encode()


def _nothing_to_move(document: Document) -> str:
    """Say why a page has no levers."""
    if isinstance(document, Question):
        return "There is nothing to move on this page: it shows published figures."
    if isinstance(document, Plan):
        return "There is no measure in the plan yet, so there is nothing to move on this page."
    return "There is no gap to close, so there is nothing to move on this page."


@cache
def _environment() -> Environment:
    """Read the template; everything that is put into it is escaped."""
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Say what the page may do: its own style and script, by their digests, and nothing else."""
    parts = ["default-src 'none'", f"style-src {_digest(style)}", "img-src data:"]
    if script:
        parts.append(f"script-src {_digest(script)}")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inert(given: dict[str, Any]) -> Markup:
    """Write JSON that can stand in a page, whatever texts are in it."""
    text = json.dumps(given, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))
