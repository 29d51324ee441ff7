"""The incentives workbook: one page that holds a scenario and shows its answer.

The scenario changes only here. What a user does becomes a new scenario or a message beside the
field that made the mistake. Every answer comes from `evaluate`; nothing is worked out in a view.
The point answer follows each move at once; the ranges are worked out behind it and put in when they
are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets

from retention_lib.evaluation import changes, evaluate, with_ranges
from retention_lib.first_look import first_look
from retention_lib.origins import of_id
from retention_lib.outputs.facts import facts_of, tone_of
from retention_lib.pictures import incentives as pictures
from retention_lib.pictures.drawn import Drawn
from retention_lib.presets import FIRST, Preset, preset, presets
from retention_lib.problems import ScenarioError
from retention_lib.results import BreakEven, FirstLook, IncentiveResult, Table
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import DRAWS
from retention_lib.views import choices, markup
from retention_lib.views.evidence_link import evidence_html
from retention_lib.views.incentives_form import (
    CASE,
    SIMPLE_CHOICES,
    case_sections,
    choices_in,
    screen_values,
    sections,
    taken,
)
from retention_lib.views.incentives_said import about_case, reading, said_of
from retention_lib.views.notebooks import INCENTIVES
from retention_lib.views.page import Page, box, heading, keeping_reasons, put_in, shown, why_refused
from retention_lib.views.refining import Refiner
from retention_lib.views.widgets import Form, Prose, Refining, guarded

_CHARTS: Mapping[str, pictures.Draw] = {
    "evidence": pictures.evidence,
    "ranges": pictures.how_sure,
    "years": pictures.money_by_year,
    "people": pictures.people,
    "tornado": pictures.what_changes_it,
    "map": pictures.where_it_pays,
    "bridge": pictures.from_paid_to_net,
    "bidding": pictures.if_neighbours_bid,
}
_TABLES = (
    "optimism",
    "optimism_lines",
    "budget",
    "months",
    "leaver_cost",
    "viewpoints",
    "fairness",
    "parity",
)
_FIRST_SEEN = "evidence"
_WITH_RANGES = ("ranges", "years", "tornado")  # the pictures, and tables of some, that have them
_OPEN_TABLES = ("optimism", "budget", "viewpoints", "bidding", "fairness", "parity")
_CASE_CHOICES = {choice.path: choice for choice in CASE}
_NOTHING = 0.5  # pounds
_NOTHING_PAID = "Nothing is paid yet, so there is nothing to draw. Choose a payment."


class IncentivesPage(Page[Scenario]):
    """The whole page as one widget; show it as the last line of a cell."""

    READS = Scenario
    NOTEBOOK = INCENTIVES

    def __init__(self, start: Scenario | None = None) -> None:
        self._has_ranges = False
        self._held: tuple[Scenario, bool, IncentiveResult] | None = None
        keys = {key: key in _OPEN_TABLES for key in (*_CHARTS, *_TABLES)}
        super().__init__(start or preset(FIRST).scenario, keys)

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: the case, the answer, the levers, the pictures, the workings."""
        self._case, self._levers = Form(name="case"), Form(name="levers")
        self._about, self._differs = Prose(), Prose()
        self._words, self._sentences = Prose(), Prose()
        self._evidence = Prose()
        self._bidding, self._fairness = Prose(), Prose()
        self._inputs = Prose()
        self._inputs.add_class("rw-inputs")
        self._progress = Refining()
        self._refiner: Refiner[Scenario, IncentiveResult] = Refiner(
            self._progress,
            self._drawn,
            self._refined,
            draws=DRAWS,
            batch=DRAWS,
        )
        made = self._pictures
        pair = box("rw-pair", made["years"], made["people"])
        return [
            box("rw-case", self._alert, self._case, self._about, self._differs),
            box("rw-answer-place", self._answer, self._progress),
            box("rw-levers", heading("What you can change", hidden=True), self._levers),
            box(
                "rw-pictures",
                heading("What has to be true", hidden=True),
                made["evidence"],
                made["ranges"],
                pair,
                made["map"],
                made["tornado"],
                self._sentences,
            ),
            box(
                "rw-workings",
                heading("If the evidence is weak"),
                box("rw-pair", made["optimism"], made["optimism_lines"]),
                heading("For the budget"),
                made["budget"],
                heading("For whom, and is it fair?"),
                made["viewpoints"],
                made["bidding"],
                self._bidding,
                made["fairness"],
                made["parity"],
                self._fairness,
                heading("How it is worked out"),
                made["bridge"],
                self._words,
                self._evidence,
                made["leaver_cost"],
                made["months"],
                self._inputs,
                self._take_away,
                self._compare_block,
            ),
        ]

    def _listen(self) -> None:
        super()._listen()
        self._observe(self._levers, self._levers_moved, "values")
        self._observe(self._levers, self._reasons_given, "reasons")
        self._observe(self._case, self._case_chosen, "values")
        self._progress.on_msg(guarded(self._refiner.asked, self._tell))
        self._progress.on_msg(lambda *_: self._behind.seen())  # in JupyterLab nothing else tells

    # What a user does

    def _start(self) -> Preset | None:
        """Find the case that the scenario started from."""
        return of_id(presets(), self.scenario.case.preset)

    def _begun(self) -> Scenario:
        """Give the scenario as it began: the case's, or itself where there is none."""
        start = self._start()
        return start.scenario if start else self.scenario

    def _draw_forms(self) -> None:
        start = self._start()
        drawn = sections(self.scenario, self._begun(), start)
        self._fill(self._levers, drawn, screen_values(self.scenario, drawn))
        made = {path: choice.read(self.scenario) for path, choice in _CASE_CHOICES.items()}
        self._fill(self._case, case_sections(self.scenario), made)
        self._about.html = about_case(start, self.scenario)

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Take what was moved into the scenario, or say beside the field why it cannot be."""
        if self._drawing:
            return
        on_screen = screen_values(self.scenario, list(self._levers.sections))
        problems: dict[str, str] = {}
        redraw = False
        # A reason for a number that a choice takes away must not stand in the choice's way.
        scenario = start = self.scenario.with_reasons({})
        before = choices_in(change["old"]) if change["old"] else {}
        for path, value in change["new"].items():
            if path not in on_screen or value == before.get(path, on_screen[path]):
                continue
            try:
                scenario = taken(scenario, path, value, self._begun())
            except ScenarioError as refused:
                problems[path] = why_refused(refused, path, value)
            else:
                redraw = redraw or path in SIMPLE_CHOICES
        scenario = choices.keeping_tie_in(
            scenario, start, change["new"].get(choices.INSTALMENTS.path, "")
        )
        self._levers.problems = problems
        if scenario == start:
            return
        self.scenario = keeping_reasons(scenario, self._levers.reasons, changes)
        if redraw:
            self._draw_forms()
        self._show()

    def _reasons_given(self, change: Mapping[str, Any]) -> None:
        if self._drawing:
            return
        self.scenario = keeping_reasons(self.scenario, change["new"], changes)
        self._show_answer()

    def _case_chosen(self, change: Mapping[str, Any]) -> None:
        """Take a preset, or a council's published figures."""
        if self._drawing:
            return
        for path, choice in _CASE_CHOICES.items():
            value = change["new"].get(path, "")
            if value != choice.read(self.scenario):
                self._tell("")
                self._begin(choice.make(self.scenario, value))
                return

    def _arrived(self, change: Mapping[str, Any]) -> None:
        super()._arrived(change)
        self._refiner.seen()

    # The ranges

    def _drawn(self, scenario: Scenario, _step: int, _wait: Callable[[], None]) -> IncentiveResult:
        """Draw the ranges of a scenario, whose answer is mostly there already; in a thread."""
        held = self._held
        plain = held[2] if held and held[0] is scenario and not held[1] else evaluate(scenario, 0)
        return with_ranges(scenario, plain, DRAWS)

    def _refined(self, scenario: Scenario, found: list[IncentiveResult]) -> None:
        """Put the ranges in, where the scenario is still the one they are of."""
        if scenario.with_reasons({}) != self.scenario.with_reasons({}):
            return
        self._has_ranges = True
        if scenario == self.scenario:
            self._held = (self.scenario, True, found[0])
        if self._behind.is_whole:
            self._show_ranges()
        else:
            self._show_answer()

    def _answered(self, solved: BreakEven | None = None) -> IncentiveResult:
        """Give the answer as it is shown, with its ranges once they are there.

        Args:
            solved: what must be true for it to pay, where that has been solved for.
        """
        held = self._held
        if held is None or held[0] is not self.scenario or held[1] != self._has_ranges:
            result = evaluate(self.scenario, DRAWS if self._has_ranges else 0, solved)
            held = self._held = (self.scenario, self._has_ranges, result)
        return held[2]

    def _prepare(self, scenario: Scenario, solved: BreakEven) -> None:
        """Work the whole answer out, in a thread; keep it where it is still asked for."""
        result = evaluate(scenario, 0, solved)
        if scenario is self.scenario and not self._has_ranges:
            self._held = (scenario, False, result)

    # What can be taken away

    def _complete(self) -> IncentiveResult:
        plain = self._answered()
        return plain if self._has_ranges else with_ranges(self.scenario, plain, DRAWS)

    def _table(self, key: str) -> Table:
        return self._complete().table(key)

    def _case_called(self, key: str) -> Scenario:
        return preset(key).scenario

    # What a user sees

    def _show(self) -> None:
        """Answer the scenario and show it everywhere; its ranges follow."""
        self._has_ranges = False
        look = self._show_answer()
        if _is_paid(look):
            self._refiner.start(self.scenario)
        else:
            self._refiner.clear()

    def _show_answer(self) -> IncentiveResult | FirstLook:
        """Show the headline and the picture beside it at once, and work all else out behind them.

        Returns:
            What was shown at once.
        """
        self._behind.end()  # should this answer fail, none of it is to mix with the last
        look = self._answered() if self._has_ranges else first_look(self.scenario)
        widget = self._pictures[_FIRST_SEEN]
        drawn = pictures.evidence(self.scenario, look, widget.width)
        # At once: a browser that has the headline alone shows it before it hears of the picture.
        self._show_headline(look)
        put_in(widget, _if_paid(drawn, look))
        self._follow_on()
        prepare = partial(self._prepare, self.scenario, look.break_even)
        self._behind.show(self._rest_of(look), None if self._has_ranges else prepare)
        return look

    def _show_ranges(self) -> None:
        """Show the ranges on a page that shows all else of the answer."""
        result = self._answered()
        self._show_headline(result)
        drawn = (partial(self._draw, key) for key in _WITH_RANGES)
        self._behind.show([partial(self._say, result), *drawn, self._write])

    def _show_headline(self, look: IncentiveResult | FirstLook) -> None:
        with self._answer.hold_sync():
            self._answer.behind = True
            self._answer.headline, self._answer.tone = look.headline, tone_of(look)

    def _rest_of(self, look: IncentiveResult | FirstLook) -> list[Callable[[], None]]:
        """List the steps in which the rest of an answer is shown, the nearest first."""
        below = [key for key in self._pictures if key != _FIRST_SEEN]
        return [
            lambda: self._say(self._answered(look.break_even)),
            *(partial(self._draw, key) for key in below),
            self._write,
        ]

    def _say(self, result: IncentiveResult) -> None:
        """Say what stands under the headline, and what differs from the case."""
        with self._answer.hold_sync():
            self._answer.spoken = " ".join((result.headline, *result.sentences[:1]))
            self._answer.html = markup.answer_html(result.sentences, facts_of(result))
        self._levers.changed = [change.path for change in result.changes]
        self._differs.html = markup.changes_html(result.changes) if self._start() else ""

    def _write(self) -> None:
        """Write what is said below the pictures."""
        result = self._answered()
        self._words.html = "<h3>In words</h3>" + markup.list_html(
            [
                *pictures.formula_words(self.scenario, result.npv, result.excel_npv),
                *result.notes,
            ]
        )
        self._sentences.html = markup.sentences_html(pictures.tornado_sentences(result))
        self._bidding.html = markup.list_html(pictures.bidding_sentences(result))
        self._fairness.html = markup.list_html(pictures.fairness_sentences(result))
        self._inputs.html = self._inputs_html(result)
        self._evidence.html = evidence_html(self.scenario)

    def _inputs_html(self, result: IncentiveResult) -> str:
        """Write every input with its source, and where the answer came from: for print."""
        drawn = list(self._levers.sections)
        values = screen_values(self.scenario, drawn)  # a refused value stands on the form alone
        rows = [
            (field["label"], shown(field, values), said_of(field, result))
            for section in drawn
            for field in section["fields"]
        ]
        return markup.inputs_html(rows, result.provenance)

    def _draw(self, key: str) -> None:
        result, widget = self._answered(), self._pictures[key]
        if key in _CHARTS:
            drawn = _CHARTS[key](self.scenario, result, widget.width)
            put_in(widget, _if_paid(drawn, result))
        else:
            table = result.table(key)
            put_in(widget, Drawn(table.title, reading(key, result), "", table))


def _if_paid(drawn: Drawn, result: IncentiveResult | FirstLook) -> Drawn:
    """Leave the picture out where nothing is paid, and say so."""
    return drawn if _is_paid(result) else replace(drawn, svg="", reading=_NOTHING_PAID)


def _is_paid(result: IncentiveResult | FirstLook) -> bool:
    return result.payments + result.hiring >= _NOTHING
