"""The evidence workbook: the register as one answer has it, searched, rated, and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ipywidgets

from retention_lib.assumptions_log.answer import EvidenceResult, log_of
from retention_lib.assumptions_log.question import OPENED, REGISTER, Question, case_documents
from retention_lib.assumptions_log.searching import matched, matched_studies
from retention_lib.assumptions_log.tables import studies_table
from retention_lib.assumptions_log.words import NO_CASE, UNCHANGED, day_text
from retention_lib.documents import Document
from retention_lib.evidence import Study, known
from retention_lib.plans.numbers import NoFiguresError
from retention_lib.problems import ScenarioError
from retention_lib.results import Table
from retention_lib.views import evidence_form as form
from retention_lib.views import markup
from retention_lib.views.evidence_log import log_html, matrix_html, studies_html
from retention_lib.views.notebooks import EVIDENCE, home_of
from retention_lib.views.page import Page, box, heading
from retention_lib.views.widgets import Form, Prose, Status

_TABLES = ("matrix", "log", "changes", "stale", "no_source", "studies", "data_log", "checks")
_OPEN = ("matrix", "changes", "data_log", "checks")
_NOT_ON_PAPER = ("log", "stale", "no_source", "studies")
"""Tables that say again what is in the log, and are printed only where they stand open."""
_READINGS = {
    "log": "Every line with everything that is known of it, for a spreadsheet.",
    "matrix": "The weakest links are those with a high impact on weak evidence or none.",
    "stale": "Older than the time after which each was to be looked at again, what moves the "
    "answer most first.",
    "no_source": "Nobody's figures but their user's, what moves the answer most first.",
    "data_log": "Every table that answers are made from.",
}


class EvidencePage(Page[Question]):
    """The whole page as one widget; show it as the last line of a cell."""

    READS = Question
    NOTEBOOK = EVIDENCE

    def __init__(self, start: Question | None = None) -> None:
        self._known: tuple[str, dt.date, EvidenceResult] | None = None
        super().__init__(start or Question(), {key: key in _OPEN for key in _TABLES})

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: the answer, whose it is and the search, the log, what is below it."""
        self._case, self._levers = Form(name="case"), Form(name="levers")
        self._about, self._count = Prose(), Status()
        self._log, self._words, self._made = Prose(), Prose(), Prose()
        self._studies = Prose()
        for key in _NOT_ON_PAPER:
            self._pictures[key].add_class("rw-unprinted")
        made = self._pictures
        few = box(
            "rw-few",
            heading("What is shown", hidden=True),
            self._case,
            self._levers,
            self._count,
        )
        levers = box("rw-levers", few)
        levers.add_class("rw-tall")
        return [
            box("rw-case", self._alert),
            box("rw-answer-place", self._answer, self._about),
            levers,
            box(
                "rw-pictures",
                heading("How good is the evidence, and does it matter?"),
                made["matrix"],
                heading("The assumptions"),
                self._log,
                made["log"],
            ),
            box(
                "rw-workings",
                heading("What is to be looked at"),
                made["changes"],
                made["stale"],
                made["no_source"],
                heading("The studies"),
                self._studies,
                made["studies"],
                heading("The data, and the checks"),
                made["data_log"],
                made["checks"],
                heading("How to read it"),
                self._words,
                self._made,
                self._take_away,
                self._compare_block,
            ),
        ]

    def _listen(self) -> None:
        super()._listen()
        self._observe(self._case, self._answer_chosen, "values")
        self._observe(self._levers, self._levers_moved, "values")

    # What a user does

    def _why_not(self, document: Question) -> str:
        try:
            self._found(document)
        except NoFiguresError as refused:
            return str(refused)
        return ""

    def _compared(self) -> Document | None:
        return self.scenario.document

    def _draw_forms(self) -> None:
        asked = self.scenario
        self._fill(self._case, form.about_sections(asked), form.about_values(asked))
        self._fill(self._levers, form.sections(asked), form.values(asked))

    def _answer_chosen(self, change: Mapping[str, Any]) -> None:
        """Take another answer; what is searched for stays."""
        key = change["new"].get(form.ABOUT.path, "")
        if not self._drawing and key != self.scenario.about:
            self._tell("")
            self._begin(form.ABOUT.make(self.scenario, key))

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Search, and show what is asked for."""
        if self._drawing:
            return
        asked, problems = self.scenario, {}
        now = form.values(asked)
        for path, value in change["new"].items():
            if path in now and value != now[path]:
                try:
                    asked = form.taken(asked, path, str(value))
                except ScenarioError as refused:
                    problems[path] = refused.problems[0].right
        self._levers.problems = problems
        if asked != self.scenario:
            self.scenario = asked
            self._show_matches()

    # What can be taken away

    def _complete(self) -> EvidenceResult:
        return self._found()

    def _table(self, key: str) -> Table:
        return self._found().table(key)

    def _case_called(self, key: str) -> Question:
        if key not in dict(form.ABOUT.options(Question())):
            raise KeyError(key)
        return Question(about=key)

    # What a user sees

    def _found(self, asked: Question | None = None) -> EvidenceResult:
        """Give the log of a question's answer, made once; a search does not make it anew."""
        asked = asked or self.scenario
        today = self.today()
        document = asked.document
        key = REGISTER if document is None else document.to_json()
        if self._known is None or self._known[:2] != (key, today):
            self._known = key, today, log_of(asked, today)
        return self._known[2]

    def _show(self) -> None:
        """Show the log of the answer everywhere."""
        result = self._found()
        with self._answer.hold_sync():
            self._answer.headline = result.headline
            self._answer.spoken = " ".join((result.headline, *result.sentences[:1]))
            self._answer.html = markup.answer_html(result.sentences, facts(result))
        self._about.html = about_html(self.scenario, result)
        self._words.html = markup.list_html(result.notes)
        self._made.html = made_html(result)
        self._pictures["changes"].table_open = bool(result.changes)
        for key in self._pictures:
            self._draw(key)
        self._show_matches()

    def _show_matches(self) -> None:
        """Show what is searched for, and say how much that is."""
        result, asked = self._found(), self.scenario
        wanted = matched(result.entries, asked)
        has_answer = asked.document is not None
        self._log.html = log_html(result.entries, wanted, of_an_answer=has_answer)
        found = matched_studies(self._all_studies(), asked.search)
        self._count.text = count_text(len(wanted), len(result.entries), len(found))
        self._studies.html = studies_html(self._all_studies(), found)
        self._draw("studies")
        self._follow_on()

    def _all_studies(self) -> tuple[Study, ...]:
        """Give every study, those that the answer brings along among them."""
        document = self.scenario.document
        return known(None if document is None else document.studies)

    def _draw(self, key: str) -> None:
        result, widget = self._found(), self._pictures[key]
        table = result.table(key)
        reading = _READINGS.get(key, "")
        if key == "studies":
            table = studies_table(matched_studies(self._all_studies(), self.scenario.search))
            reading = f"{len(table.rows)} of {len(self._all_studies())} findings."
        elif key == "changes" and not table.rows:
            reading = _nothing_changed(self.scenario)
        elif key == "checks":
            passed = sum(check.passed for check in result.checks)
            reading = f"{passed} of {len(result.checks)} checks passed."
        with widget.hold_sync():
            widget.title, widget.reading = table.title, reading
            if widget.table_open:
                is_matrix = key == "matrix"
                widget.table = matrix_html(table) if is_matrix else markup.table_html(table)


def facts(result: EvidenceResult) -> list[tuple[str, str]]:
    """List the figures that matter, the widest read first."""
    matter = [entry for entry in result.entries if entry.matters]
    found = [(str(len(result.entries)), "assumptions in all")]
    if matter:
        weak = sum(entry.is_weak for entry in matter)
        found += [
            (str(len(matter)), "move this answer"),
            (str(weak), "of those on weak evidence or none"),
        ]
    return [
        *found,
        (str(sum(entry.stale for entry in result.entries)), "older than their stated life"),
        (str(sum(not entry.has_source for entry in result.entries)), "without a source"),
    ]


def count_text(shown: int, whole: int, found: int) -> str:
    """Say how much is shown.

    Example:
        >>> count_text(12, 139, 3), count_text(0, 139, 1)
        ('12 of 139 assumptions and 3 studies match.', 'No assumptions and 1 study match.')
    """
    if shown == whole:
        return f"All {whole} assumptions are shown, and {found} studies."
    named = "No assumptions" if not shown else f"{shown} of {whole} assumptions"
    return f"{named} and {found} {'study' if found == 1 else 'studies'} match."


def about_html(asked: Question, result: EvidenceResult) -> str:
    """Say which answer it is, lead to it, and say where reasons would be."""
    day = f"The log as it stands on {day_text(result.on)}."
    document = asked.document
    if document is None:
        return f'<p class="rw-about-case">The register by itself. {day}</p>'
    link = markup.escaped(home_of(document).opens(document))
    said = f"<strong>{markup.escaped(result.about)}</strong>: {markup.escaped(result.said)}"
    open_it = f'<a target="_self" href="{link}">Open this answer</a>'
    return f'<p class="rw-about-case">{said} {open_it}<br>{day} {_reasons_words(asked, result)}</p>'


def _reasons_words(asked: Question, result: EvidenceResult) -> str:
    if asked.about != OPENED or not result.changes or any(c.reason for c in result.changes):
        return ""
    return (
        "Reasons for changes are not in a link. To see them here, save the scenario on its own "
        "page and open the file below."
    )


def _nothing_changed(asked: Question) -> str:
    document = asked.document
    if document is None:
        return "No answer is chosen, so nothing is changed."
    known = case_documents()
    return UNCHANGED if document.case.preset in known else NO_CASE


def made_html(result: EvidenceResult) -> str:
    """Say when and what the log was made from."""
    made = result.provenance
    return markup.list_html(
        (
            made.says,
            f"Assumptions log of {day_text(result.on)}. Version {made.version}, scenario "
            f"{made.scenario_digest}, assumptions {made.register_digest}.",
            f"{made.figures_release}.",
        )
    )
