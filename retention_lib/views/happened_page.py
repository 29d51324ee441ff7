"""The workbook of what happened after: one council, one year, and a mix of other councils."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ipywidgets

from retention_lib.origins import of_id
from retention_lib.outputs.facts import definitions_of, facts_of
from retention_lib.pictures import happened as pictures
from retention_lib.pictures.drawn import Drawn
from retention_lib.problems import ScenarioError
from retention_lib.results import Table
from retention_lib.synthetic.answer import what_happened, why_no_year
from retention_lib.synthetic.cases import FIRST, HappenedCase, case, cases
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult
from retention_lib.views import happened_form as form
from retention_lib.views import markup
from retention_lib.views.notebooks import HAPPENED
from retention_lib.views.page import Page, box, heading, put_in, shown
from retention_lib.views.widgets import Form, Prose

_TABLES = ("later", "weights", "actions")
_OPEN = ("later",)
_CASE_CHOICES = {choice.path: choice for choice in form.CASE}
_LEVER_CHOICES = {choice.path: choice for choice in form.LEVERS}


class HappenedPage(Page[Question]):
    """The whole page as one widget; show it as the last line of a cell."""

    READS = Question
    NOTEBOOK = HAPPENED

    def __init__(self, start: Question | None = None) -> None:
        keys = {key: key in _OPEN for key in (*pictures.CHARTS, *_TABLES)}
        super().__init__(start or case(FIRST).question, keys)

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: what is asked, the answer, the pictures, the workings."""
        self._case, self._levers = Form(name="case"), Form(name="levers")
        self._about, self._differs = Prose(), Prose()
        self._words, self._inputs = Prose(), Prose()
        self._inputs.add_class("rw-inputs")
        made = self._pictures
        self._rare = box("rw-rare", heading("How rare is that?"), made["others"])
        self._few = box("rw-few", heading("What you can change", hidden=True), self._levers)
        self._with = box(
            "rw-with", heading("Who is it compared with?"), made["weights"], made["actions"]
        )
        return [
            box("rw-case", self._alert, self._case, self._about, self._differs),
            box("rw-answer-place", self._answer),
            box("rw-levers", self._few),
            box(
                "rw-pictures",
                heading("What happened, year by year?"),
                made["path"],
                made["later"],
                self._rare,
            ),
            box(
                "rw-workings",
                self._with,
                heading("How it is worked out"),
                self._words,
                self._inputs,
                self._take_away,
                self._compare_block,
            ),
        ]

    def _listen(self) -> None:
        super()._listen()
        self._observe(self._case, self._case_chosen, "values")
        self._observe(self._levers, self._lever_moved, "values")

    # What a user does

    def _start(self) -> HappenedCase | None:
        return of_id(cases(), self.scenario.case.preset)

    def _draw_forms(self) -> None:
        asked = self.scenario
        self._fill(self._levers, form.lever_sections(asked), form.lever_values(asked))
        self._fill(self._case, form.case_sections(asked), form.case_values(asked))
        self._about.html = _about_case(self._start())

    def _case_chosen(self, change: Mapping[str, Any]) -> None:
        """Ask of another council, measure or year, or start from a story."""
        self._chosen(_CASE_CHOICES, change["new"])

    def _lever_moved(self, change: Mapping[str, Any]) -> None:
        """Look at another year after."""
        self._chosen(_LEVER_CHOICES, change["new"])

    def _chosen(self, choices: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        if self._drawing:
            return
        for path, choice in choices.items():
            value = values.get(path, "")
            if value and value != choice.read(self.scenario) and value != form.NO_CASE:
                self._tell("")
                try:
                    self._begin(choice.make(self.scenario, value))
                except ScenarioError as refused:
                    self._tell(str(refused))
                return

    # What can be taken away

    def _complete(self) -> HappenedResult:
        return _answered(self.scenario.to_json())

    def _table(self, key: str) -> Table:
        return self._complete().table(key)

    def _case_called(self, key: str) -> Question:
        return case(key).question

    # What a user sees

    def _show(self) -> None:
        """Answer the question and show it everywhere."""
        result = self._complete()
        with self._answer.hold_sync():
            self._answer.headline = result.headline
            self._answer.spoken = " ".join((result.headline, *result.sentences[:1]))
            self._answer.tone = "neither"  # the figures do not say that anything paid or did not
            self._answer.html = markup.answer_html(result.sentences, facts_of(result))
        for key in self._pictures:
            self._draw(key)
        has_levers = self._year_can_be_chosen()
        # A class, as a rule that looks into the page would style all of it anew at each change.
        (self.remove_class if has_levers else self.add_class)("rw-one-column")
        for part, there in (
            (self._few, has_levers),
            (self._rare, result.found),
            (self._with, result.found),
            (self._pictures["later"], result.table("later").rows),
        ):
            part.layout.display = None if there else "none"
        self._words.html = markup.list_html((*definitions_of(result), *result.notes))
        self._inputs.html = self._inputs_html(result)
        plain = self._start() is None and not result.changes
        self._differs.html = "" if plain else markup.changes_html(result.changes)
        self._levers.changed = [change.path for change in result.changes]
        self._follow_on()

    def _year_can_be_chosen(self) -> bool:
        """Whether another year to look at could be answered."""
        return not why_no_year(self.scenario)

    def _draw(self, key: str) -> None:
        result, widget = self._complete(), self._pictures[key]
        if key in pictures.CHARTS:
            put_in(widget, pictures.CHARTS[key](result, widget.width))
        else:
            table = result.table(key)
            put_in(widget, Drawn(table.title, pictures.readings(result)[key], "", table))

    def _inputs_html(self, result: HappenedResult) -> str:
        """Write every input with its source, and where the answer came from: for print."""
        levers = self._levers.sections if self._year_can_be_chosen() else []
        drawn = [*self._case.sections, *levers]
        values = {**self._case.values, **self._levers.values}
        rows = [
            (field["label"], shown(field, values), field.get("source") or "chosen")
            for section in drawn
            for field in section["fields"]
        ]
        return markup.inputs_html(rows, result.provenance)


@lru_cache(maxsize=8)
def _answered(asked: str) -> HappenedResult:
    """Answer a question once for all that a page shows of it."""
    return what_happened(Question.from_json(asked))


def _about_case(start: HappenedCase | None) -> str:
    if start is None:
        return ""
    said, source = markup.escaped(start.summary), markup.escaped(start.source)
    return f'<p class="rw-about-case"><strong>{said}</strong><br>Source: {source}.</p>'
