"""The invest-to-save workbook: one page that holds a four-year plan and shows its answer.

The point answer follows each move at once; the ranges are worked out behind it and put in when they
are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import ipywidgets

from retention_lib.outputs.facts import facts_of, tone_of
from retention_lib.pictures import plans as pictures
from retention_lib.pictures.drawn import Drawn
from retention_lib.pictures.plans_evidence import claim_sentences, tornado_sentences
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import FIRST, case
from retention_lib.plans.cases import PlanCase as Case
from retention_lib.plans.differences import case_of, changes
from retention_lib.plans.numbers import NoFiguresError, figures_of
from retention_lib.plans.plan import Plan
from retention_lib.plans.played import Played, played
from retention_lib.plans.ranges import BATCH, DRAWS, Batch, Ranges, batch, ranges_of
from retention_lib.plans.result import PlanResult
from retention_lib.problems import ScenarioError
from retention_lib.results import Table
from retention_lib.views import markup
from retention_lib.views import plans_case as top
from retention_lib.views import plans_form as form
from retention_lib.views.evidence_link import evidence_html
from retention_lib.views.notebooks import PLANS
from retention_lib.views.page import Page, box, heading, keeping_reasons, put_in, shown
from retention_lib.views.plans_facts import tests_html
from retention_lib.views.plans_refused import why
from retention_lib.views.plans_said import about_case, input_label, reading, said_of
from retention_lib.views.refining import Refiner
from retention_lib.views.widgets import Form, Prose, Refining, guarded

_FIRST_SEEN = ("agency", "caseload")
_TABLES = (
    "optimism",
    "optimism_lines",
    "mtfs",
    "invest_to_save",
    "terms",
    "scorecard",
    "viewpoints",
    "ranges",
    "lines",
    "months",
)
_OPEN = ("optimism", "mtfs", "invest_to_save", "terms", "scorecard", "viewpoints")
_CASE_CHOICES = {choice.path: choice for choice in top.CASE}
_NOTHING_MOVED: Mapping[str, Any] = MappingProxyType({})


class PlansPage(Page[Plan]):
    """The whole page as one widget; show it as the last line of a cell."""

    READS = Plan
    NOTEBOOK = PLANS

    def __init__(self, start: Plan | None = None) -> None:
        self._ranges: Ranges | None = None
        self._held: tuple[Plan, Ranges | None, PlanResult] | None = None
        self._overtaken: dict[str, set[Any]] = {}  # what followed a move and was shown before
        keys = {key: key in _OPEN for key in (*pictures.CHARTS, *_TABLES)}
        super().__init__(start or case(FIRST).plan, keys)

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: the case, the answer, the tests, the levers, pictures, workings."""
        self._case, self._levers = Form(name="case"), Form(name="levers")
        self._tests = Prose()
        self._about, self._differs = Prose(), Prose()
        self._words, self._inputs, self._evidence = Prose(), Prose(), Prose()
        self._inputs.add_class("rw-inputs")
        self._progress = Refining()
        self._claims, self._sentences = Prose(), Prose()
        self._refiner: Refiner[Plan, Batch] = Refiner(
            self._progress, self._batch, self._drawn, draws=DRAWS, batch=BATCH
        )
        made = self._pictures
        few = box("rw-few", heading("What you can change", hidden=True), self._levers)
        levers = box("rw-levers", few)
        levers.add_class("rw-tall")
        return [
            box("rw-case", self._alert, self._case, self._about, self._differs),
            box("rw-answer-place", self._answer, self._progress),
            levers,
            box(
                "rw-pictures",
                heading("The four tests, and the guard on quality"),
                self._tests,
                heading("What it would do"),
                box("rw-pair", made["agency"], made["caseload"]),
                box("rw-pair", made["staff"], made["years"]),
                heading("Is that believable?"),
                made["evidence"],
                self._claims,
                made["tornado"],
                self._sentences,
            ),
            box(
                "rw-workings",
                heading("The measures"),
                made["timeline"],
                heading("If the evidence is weak"),
                box("rw-pair", made["optimism"], made["optimism_lines"]),
                heading("For the budget"),
                made["mtfs"],
                made["invest_to_save"],
                made["terms"],
                heading("Progress"),
                made["scorecard"],
                heading("The council and the region"),
                box("rw-pair", made["viewpoints"], made["ranges"]),
                heading("How it is worked out"),
                made["bridge"],
                self._words,
                self._evidence,
                made["lines"],
                made["months"],
                self._inputs,
                self._take_away,
                self._compare_block,
            ),
        ]

    def _listen(self) -> None:
        super()._listen()
        self._observe(self._case, self._case_chosen, "values")
        self._observe(self._levers, self._refiner.before_ranges(self._levers_moved), "values")
        self._observe(self._levers, self._reasons_given, "reasons")
        self._progress.on_msg(guarded(self._refiner.asked, self._tell))
        self._progress.on_msg(lambda *_: self._behind.seen())  # in JupyterLab nothing else tells
        self._comparing.offer_four_ways(self._four_ways)

    # What a user does

    def _start(self) -> Case | None:
        return case_of(self.scenario)

    def _draw_forms(self) -> None:
        plan = self.scenario
        drawn = form.sections(plan)
        self._fill(self._levers, drawn, form.screen_values(plan, drawn))
        self._fill(self._case, top.case_sections(plan), top.case_values(plan))
        self._about.html = about_case(self._start())

    def _arrived(self, change: Mapping[str, Any]) -> None:
        super()._arrived(change)
        self._refiner.seen()

    def _begin(self, document: Plan) -> None:
        self._overtaken = {}
        super()._begin(document)

    def _why_not(self, document: Plan) -> str:
        try:
            figures_of(document)
        except NoFiguresError as refused:
            return str(refused)
        return ""

    def _case_chosen(self, change: Mapping[str, Any]) -> None:
        """Start from a case, take another council or baseline, put measures in or take them out."""
        if self._drawing:
            return
        plan = self.scenario
        for path, choice in _CASE_CHOICES.items():
            value = change["new"].get(path, "")
            if value not in {choice.read(plan), top.NO_CASE}:
                self._try(partial(choice.make, plan, value))
                return
        keys = change["new"].get(top.MEASURES)
        if keys is not None and list(keys) != top.keys_of(plan):
            self._try(partial(top.with_keys, plan, [str(key) for key in keys]))

    def _try(self, make: Callable[[], Plan]) -> None:
        """Begin with what was asked for, or say why it cannot be and leave all as it is."""
        try:
            plan = make()
        except ScenarioError as refused:
            self._tell(str(refused))
            self._draw_forms()
            return
        self._tell("")
        self._begin(plan)

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Take what was moved into the plan, or say beside the field why it cannot be."""
        if self._drawing:
            return
        moved = self._moved(change["old"] or {}, change["new"])
        problems = {p: said for p, said in self._levers.problems.items() if p not in moved}
        made = form.choices_of(self.scenario)
        plan = start = self.scenario.with_reasons({})
        redraw = False
        for path, value in moved.items():
            try:
                plan = form.taken(plan, path, value)
            except ScenarioError as refused:
                problems[path] = why(refused, self.scenario, path, value)
            else:
                redraw = redraw or path in made or path.endswith(".name")
        self._levers.problems = problems
        if plan == start:
            if redraw:  # a name of nothing but spaces
                self._draw_forms()
            self._follow(moved, played(self.scenario))
            return
        self.scenario = keeping_reasons(plan, self._levers.reasons, changes)
        if redraw:
            self._overtaken = {}
            self._draw_forms()
            moved = {}
        self._show(moved)

    def _moved(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
        """Say what the user moved.

        A browser that has not yet heard of a number that followed another sends it as it was.
        """
        for path in [path for path in self._overtaken if before.get(path) == after.get(path)]:
            del self._overtaken[path]
        moved = {
            path: value for path, value in after.items() if path in before and value != before[path]
        }
        late = {path for path in moved if moved[path] in self._overtaken.get(path, ())}
        news = {path: value for path, value in moved.items() if path not in late}
        for path in late if news else ():
            self._overtaken[path].add(before[path])  # it will have heard of this one next
        return news or moved

    def _follow(self, moved: Mapping[str, Any], found: Played) -> None:
        """Show the numbers that follow those moved; what cannot be stays as it was typed."""
        shown_now = self._levers.values
        followed = {
            path: value
            for path, value in form.following(found, moved).items()
            if path in shown_now and path not in self._levers.problems and path not in moved
        }
        for path, value in followed.items():
            if shown_now[path] != value:
                self._overtaken.setdefault(path, set()).add(shown_now[path])
        self._drawing = True
        self._levers.values = {**shown_now, **followed}
        self._drawing = False

    def _reasons_given(self, change: Mapping[str, Any]) -> None:
        if self._drawing:
            return
        self.scenario = keeping_reasons(self.scenario, change["new"], changes)
        self._show_answer()

    # The ranges

    def _batch(self, plan: Plan, number: int, wait: Callable[[], None]) -> Batch:
        return batch(plan, number, before_each=wait)

    def _drawn(self, plan: Plan, found: list[Batch]) -> None:
        self._refined(plan, ranges_of(found))

    def _refined(self, plan: Plan, ranges: Ranges) -> None:
        """Put the ranges in, where the plan is still the one they are of."""
        if plan.with_reasons({}) == self.scenario.with_reasons({}):
            self._ranges = ranges
            self._show_answer()

    # What can be taken away

    def _answered(self, found: Played | None = None) -> PlanResult:
        """Give the whole answer as it is shown, with its ranges once they are there.

        Args:
            found: the plan played in all its worlds, where that has been done.
        """
        held = self._held
        if held is None or held[0] is not self.scenario or held[1] is not self._ranges:
            result = appraise(self.scenario, self._ranges, found)
            held = self._held = (self.scenario, self._ranges, result)
        return held[2]

    def _prepare(self, plan: Plan, ranges: Ranges | None, found: Played) -> None:
        """Work the whole answer to a plan out, in a thread; keep it where it is still asked for."""
        result = appraise(plan, ranges, found)
        if plan is self.scenario and ranges is self._ranges:
            self._held = (plan, ranges, result)

    def _complete(self) -> PlanResult:
        """Give the answer with its ranges, worked out at once where they are not there yet."""
        if self._ranges is None:
            self._refiner.at_once()
        return self._answered()

    def _table(self, key: str) -> Table:
        result = self._complete()
        return self._drawn_of(key, result).table

    def _four_ways(self, pounds: float) -> Sequence[Plan]:
        """Spend the same money, in pounds over four years, in each of four ways."""
        from retention_lib.comparing import same_money_four_ways

        return same_money_four_ways(self.scenario, pounds)

    def _case_called(self, key: str) -> Plan:
        return case(key).plan

    # What a user sees

    def _show(self, moved: Mapping[str, Any] = _NOTHING_MOVED) -> None:
        """Answer the plan and show it everywhere; its ranges follow.

        Args:
            moved: what the user moved, where other numbers of the form may follow it.
        """
        self._ranges = None
        self._show_answer(moved)
        if self.scenario.measures:
            self._refiner.start(self.scenario)
        else:
            self._refiner.clear()

    def _show_answer(self, moved: Mapping[str, Any] = _NOTHING_MOVED) -> None:
        """Show the headline, the tests and the first pictures at once, and all else behind them.

        What would have to be true is solved for behind them too.
        """
        self._behind.end()  # should this answer fail, none of it is to mix with the last
        found = played(self.scenario)
        look = appraise(self.scenario, self._ranges, found, whole=False)
        drawn = [(key, self._drawn_of(key, look)) for key in _FIRST_SEEN]
        # All at once: a browser that has the headline alone shows it before it hears of the rest.
        with self._answer.hold_sync():
            self._answer.behind = True
            self._answer.headline, self._answer.tone = look.headline, tone_of(look)
        for key, each in drawn:
            put_in(self._pictures[key], each)
        self._tests.html = tests_html(look)
        if moved:
            self._follow(moved, found)
        self._follow_on()
        prepare = partial(self._prepare, self.scenario, self._ranges, found)
        self._behind.show(self._rest_of(found), prepare)

    def _rest_of(self, found: Played) -> list[Callable[[], None]]:
        """List the steps in which the rest of an answer is shown, the nearest first."""
        below = [key for key in self._pictures if key not in _FIRST_SEEN]
        return [
            lambda: self._say(self._answered(found)),
            *(partial(self._draw, key) for key in below),
            self._write,
        ]

    def _say(self, result: PlanResult) -> None:
        """Say what stands under the headline, and what differs from the case."""
        with self._answer.hold_sync():
            self._answer.spoken = " ".join((result.headline, *result.sentences[1:2]))
            self._answer.html = markup.answer_html(result.sentences, facts_of(result))
        start = "the case" if self._start() else "the council with no measures"
        self._differs.html = markup.changes_html(result.changes, start)
        self._levers.changed = [change.path for change in result.changes]

    def _write(self) -> None:
        """Write what is said below the pictures."""
        result = self._answered()
        self._words.html = "<h3>In words</h3>" + markup.list_html(result.notes)
        said = claim_sentences(result)
        self._claims.html = markup.list_html(said) if said else ""
        self._sentences.html = markup.sentences_html(tornado_sentences(result))
        self._inputs.html = self._inputs_html(result)
        self._evidence.html = evidence_html(self.scenario)

    def _drawn_of(self, key: str, result: PlanResult) -> Drawn:
        if key in pictures.CHARTS:
            return pictures.CHARTS[key](self.scenario, result, self._pictures[key].width)
        table = result.table(key)
        return Drawn(table.title, reading(key, result), "", table)

    def _draw(self, key: str) -> None:
        put_in(self._pictures[key], self._drawn_of(key, self._answered()))

    def _inputs_html(self, result: PlanResult) -> str:
        """Write every input with its source, and where the answer came from: for print."""
        drawn = [*self._case.sections, *self._levers.sections]
        values = {**self._case.values, **self._levers.values}
        rows = [
            (input_label(section, field), shown(field, values), said_of(field, result))
            for section in drawn
            for field in section["fields"]
        ]
        return markup.inputs_html(rows, result.provenance)
