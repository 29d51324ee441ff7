"""The section about what happened in a council after a year."""

from __future__ import annotations

from retention_lib.origins import of_id
from retention_lib.outputs.facts import definitions_of
from retention_lib.outputs.word.grid import chosen
from retention_lib.outputs.word.paper import DRAWN, Paper
from retention_lib.outputs.word.shared import (
    changed,
    data_annex,
    key_figures,
    summary,
    worked_out,
)
from retention_lib.pictures import happened as pictures
from retention_lib.synthetic.cases import cases
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult
from retention_lib.synthetic.words import NOT_KNOWN, NOT_WHY

_ABOUT = "It says what came after a year in one council, beside other councils."


def write(paper: Paper, asked: Question, result: HappenedResult) -> None:
    """Write the whole section."""
    start = of_id(cases(), asked.case.preset)
    summary(paper, asked, result, _ABOUT, (start.summary, start.source) if start else None)
    key_figures(paper, result)
    _after(paper, result)
    _limits(paper, result)
    changed(paper, result)
    worked_out(paper, (*definitions_of(result), *result.notes))
    paper.about()
    data_annex(paper, result, result.table("actions"))


def _after(paper: Paper, result: HappenedResult) -> None:
    readings = pictures.readings(result)
    paper.section("What came after")
    paper.figure(pictures.before_and_after(result, DRAWN), "path")
    paper.table(result.table("path"))
    paper.say(readings["later"])
    later = result.table("later")
    if result.found is None:
        paper.table(later)
        return
    known = [column.key for column in later.columns]
    keys = ("year", "value", "mix", "gap", "beside_mix", "share", "change", "all_others")
    paper.table(chosen(later, [key for key in keys if key in known]))
    paper.section("How good the comparison is")
    paper.figure(pictures.beside_all(result, DRAWN), "later")
    paper.say(readings["weights"])
    paper.table(result.table("weights"))


def _limits(paper: Paper, result: HappenedResult) -> None:
    """Write what the figures do not show, and that no money is worked out."""
    paper.section("Financial implications and risk management")
    paper.say(
        "This section works out no money. What an offer costs, and what it would have to achieve, "
        "is appraised by itself."
    )
    paper.say(NOT_WHY, *([NOT_KNOWN] if result.found is not None else []))
