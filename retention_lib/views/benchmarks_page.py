"""The benchmarks workbook: one council beside others, what its gap is worth, who has closed one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import ipywidgets

from retention_lib.benchmarks.answer import claim_of, compare, started_from
from retention_lib.benchmarks.cases import FIRST, ComparisonCase, case, cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.own import own_table
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.figures import OwnFigure
from retention_lib.importers.own_file import LARGEST, OwnFile, read_own_file, template_csv
from retention_lib.origins import of_id
from retention_lib.outputs.facts import definitions_of, facts_of, tone_of
from retention_lib.outputs.tables_csv import BOM
from retention_lib.pictures import benchmarks as pictures
from retention_lib.pictures.drawn import Drawn
from retention_lib.problems import ScenarioError
from retention_lib.results import Table
from retention_lib.units import trimmed
from retention_lib.views import benchmarks_form as form
from retention_lib.views import markup
from retention_lib.views.benchmarks_facts import after_html, next_html
from retention_lib.views.notebooks import BENCHMARKS
from retention_lib.views.page import Page, box, heading, put_in, shown, why_refused
from retention_lib.views.widgets import Form, Prose, Upload, guarded

_TABLES = ("standing", "gap", "tornado", "group", "reference", "own")
_OPEN = ("standing", "gap", "group")
_FIRST_SEEN = ("strip", "gap", "spread")  # one of them answers whatever is moved
_CASE_CHOICES = {choice.path: choice for choice in form.CASE}
_LEVER_CHOICES = {choice.path: choice for choice in form.LEVERS}
_CODES = "beside.codes"


class BenchmarksPage(Page[Comparison]):
    """The whole page as one widget; show it as the last line of a cell."""

    READS = Comparison
    NOTEBOOK = BENCHMARKS

    def __init__(self, start: Comparison | None = None) -> None:
        self._own: OwnFile | None = None
        self._held: tuple[Comparison, BenchmarkResult] | None = None
        keys = {key: key in _OPEN for key in (*pictures.CHARTS, *_TABLES)}
        super().__init__(start or case(FIRST).comparison, keys)

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: what is asked, the answer, the levers, the pictures, the workings."""
        self._case, self._levers = Form(name="case"), Form(name="levers")
        self._about, self._differs, self._next = Prose(), Prose(), Prose()
        self._words, self._inputs, self._after = Prose(), Prose(), Prose()
        self._inputs.add_class("rw-inputs")
        self._upload = Upload(
            title="Does your own figure fit?",
            about=(
                "Open a CSV or Excel file of up to 5 MB, in DfE's columns or in our template. It "
                "is read by the computer that runs these workbooks, set beside DfE's figures, and "
                "not kept: it is in no link and no saved scenario."
            ),
            largest=LARGEST,
        )
        made = self._pictures
        few = box("rw-few", heading("What you can change", hidden=True), self._levers)
        levers = box("rw-levers", few)
        levers.add_class("rw-tall")
        return [
            box("rw-case", self._alert, self._case, self._about, self._differs),
            box("rw-answer-place", self._answer, self._next),
            levers,
            box(
                "rw-pictures",
                heading("Where do we stand?"),
                made["strip"],
                made["standing"],
                heading("What is the gap worth?"),
                made["gap"],
                made["tornado"],
                heading("Has anyone closed one like it?"),
                made["spread"],
                made["reference"],
                self._after,
            ),
            box(
                "rw-workings",
                heading("Where are we going?"),
                box("rw-pair", made["trend"], made["measures"]),
                self._upload,
                made["own"],
                heading("Who are we compared with?"),
                box("rw-pair", made["scatter"], made["group"]),
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
        self._observe(self._levers, self._levers_moved, "values")
        self._observe(self._levers, self._reasons_given, "reasons")
        self._upload.on_msg(guarded(self._uploaded, self._tell))

    # What a user does

    def _start(self) -> ComparisonCase | None:
        return of_id(cases(), self.scenario.case.preset)

    def _draw_forms(self) -> None:
        asked, result = self.scenario, self._answered()
        begun = started_from(asked)
        drawn = form.sections(asked, begun, result, compare(begun))
        self._fill(self._levers, drawn, form.lever_values(asked, result, drawn))
        self._fill(self._case, form.case_sections(asked), form.case_values(asked))
        self._about.html = _about_case(self._start())

    def _case_chosen(self, change: Mapping[str, Any]) -> None:
        """Ask of another council, year, measure or group, or start from a story."""
        if self._drawing:
            return
        for path, choice in _CASE_CHOICES.items():
            value = change["new"].get(path, "")
            if value != choice.read(self.scenario) and value != form.NO_CASE:
                self._tell("")
                self._begin(choice.make(self.scenario, value))
                return
        codes = change["new"].get(_CODES)
        if codes is not None and tuple(codes) != self.scenario.beside.codes:
            self._begin(self.scenario.but({_CODES: list(codes)}))

    def _begin(self, document: Comparison) -> None:
        """Start from a comparison; the file of another council does not stay."""
        if document.council != self.scenario.council:
            self._forget()
        super()._begin(document)

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Take what was moved into the comparison, or say beside the field why it cannot be."""
        if self._drawing:
            return
        on_screen = form.lever_values(self.scenario, self._answered(), list(self._levers.sections))
        problems: dict[str, str] = {}
        asked = self.scenario.with_reasons({})
        for path, value in change["new"].items():
            if path not in on_screen or value == on_screen[path]:
                continue
            try:
                asked = _taken(asked, path, value)
            except ScenarioError as refused:
                problems[path] = _why(refused, asked, path, value)
        self._levers.problems = problems
        if asked == self.scenario.with_reasons({}):
            return
        redraw = any(path in _LEVER_CHOICES for path in asked.differences(self.scenario))
        self.scenario = _keeping_reasons(asked, self._levers.reasons)
        if redraw:
            self._draw_forms()
        self._show()

    def _reasons_given(self, change: Mapping[str, Any]) -> None:
        if self._drawing:
            return
        self.scenario = _keeping_reasons(self.scenario, change["new"])
        self._show()

    def _uploaded(
        self, _widget: object, content: Mapping[str, Any], buffers: Sequence[Any]
    ) -> None:
        """Read a council's own file, hand out the template, or forget what was read."""
        if content.get("want") == "template":
            self._upload.send_file("my-figures.csv", BOM + template_csv())
        elif content.get("want") == "forget":
            self._forget()
            self._upload.spoken = "Your figures are no longer on this page."
            self._show()
        elif buffers:
            name = str(content.get("name", "the file"))
            read = read_own_file(name, bytes(buffers[0]), self.scenario.council)
            self._own = read if read.figures else self._own  # what was good before stays
            self._tell_of_own(read)
            self._show()

    def _forget(self) -> None:
        self._own = None
        with self._upload.hold_sync():
            self._upload.said, self._upload.loaded, self._upload.spoken = "", False, ""

    def _tell_of_own(self, read: OwnFile) -> None:
        """Say what came of a file: how many figures, and every message."""
        found = len(read.figures)
        said = f"{found} figure{'' if found == 1 else 's'} taken from {read.name[:60]}."
        if self._own is not None and not found:
            said += f" Those of {self._own.name[:60]} are still here."
        self._upload.spoken = ""  # so that the same words are said again of the next file
        with self._upload.hold_sync():
            self._upload.said = markup.messages_html(read.messages)
            self._upload.loaded = self._own is not None or bool(read.messages)
            self._upload.spoken = said

    # What can be taken away

    def _answered(self) -> BenchmarkResult:
        held = self._held
        if held is None or held[0] is not self.scenario:
            held = self._held = (self.scenario, compare(self.scenario))
        return held[1]

    def _complete(self) -> BenchmarkResult:
        return self._answered()

    def _table(self, key: str) -> Table:
        if key == "own":
            return self._own_table()
        return self._answered().table(key)

    def _own_table(self) -> Table:
        asked = self.scenario
        return own_table(asked.measure, council(asked.council), self._own_figures())

    def _own_figures(self) -> tuple[OwnFigure, ...]:
        return self._own.figures if self._own else ()

    def _case_called(self, key: str) -> Comparison:
        return case(key).comparison

    # What a user sees

    def _show(self) -> None:
        """Answer the comparison, show what is asked first of all, and all else behind it."""
        self._behind.end()  # should this answer fail, none of it is to mix with the last
        result = self._answered()
        drawn = [(key, self._drawn_of(key)) for key in _FIRST_SEEN]
        # All at once: a browser that has the headline alone shows it before it hears of the rest.
        with self._answer.hold_sync():
            self._answer.behind = True
            self._answer.headline = result.headline
            self._answer.spoken = " ".join((result.headline, *result.sentences[:1]))
            self._answer.tone = tone_of(result)
            self._answer.html = markup.answer_html(result.sentences, facts_of(result))
        for key, each in drawn:
            put_in(self._pictures[key], each)
        self._next.html = next_html(result)
        self._levers.changed = [change.path for change in result.changes]
        below = (partial(self._draw, key) for key in self._pictures if key not in _FIRST_SEEN)
        self._follow_on()
        self._behind.show([*below, self._write])

    def _write(self) -> None:
        """Write what is said below the answer."""
        result = self._answered()
        self._after.html = after_html(result)
        self._words.html = markup.list_html((*definitions_of(result), *result.notes))
        self._inputs.html = self._inputs_html(result)
        plain = self._start() is None and not result.changes
        start = "our own figures" if self._start() is None else "the case"
        self._differs.html = "" if plain else markup.changes_html(result.changes, start)

    def _drawn_of(self, key: str) -> Drawn:
        result = self._answered()
        if key in pictures.CHARTS:
            return pictures.CHARTS[key](result, self._own_figures(), self._pictures[key].width)
        table = self._own_table() if key == "own" else result.table(key)
        return Drawn(table.title, pictures.readings(result).get(key, ""), "", table)

    def _draw(self, key: str) -> None:
        widget, drawn = self._pictures[key], self._drawn_of(key)
        if key == "own":
            is_there = bool(drawn.table.rows)
            widget.layout.display = None if is_there else "none"
            widget.table_open = widget.table_open or is_there
        put_in(widget, drawn)

    def _inputs_html(self, result: BenchmarkResult) -> str:
        """Write every input with its source, and where the answer came from: for print."""
        drawn = [*self._case.sections, *self._levers.sections]
        values = {**self._case.values, **self._levers.values}
        rows = [
            (field["label"], shown(field, values), field.get("source") or "chosen")
            for section in drawn
            for field in section["fields"]
        ]
        return markup.inputs_html(rows, result.provenance)


def _taken(asked: Comparison, path: str, value: Any) -> Comparison:
    """Take one field, as on screen, into a comparison.

    Raises:
        ScenarioError: where it cannot be.
    """
    if path in _LEVER_CHOICES:
        return _LEVER_CHOICES[path].make(asked, value)
    return _set_or_following(asked, path, form.from_screen(asked, path, float(value)))


def _set_or_following(asked: Comparison, path: str, value: float) -> Comparison:
    """Set a number; put back to where it began, it follows the published figures again.

    The two ends of a start are set together: one alone would leave the other open, and not where
    it stands on screen.
    """
    ends = form.ENDS if path in form.ENDS else (path,)
    now = {each: asked.at(each) for each in ends}
    begun = started_from(asked)
    first = {each: begun.at(each) for each in ends}
    if None not in {*now.values(), *first.values()}:
        return asked.but({path: value})
    if set(now.values()) == {None}:
        before = claim_of(asked)
        now = {each: form.value_of(asked, before, each) for each in ends}
    back, made = asked.but(first), asked.but({**now, path: value})
    at_first, after = claim_of(back), claim_of(made)
    same = (
        math.isclose(
            form.value_of(back, at_first, each), form.value_of(made, after, each), abs_tol=1e-9
        )
        for each in ends
    )
    return back if all(same) else made


def _why(refused: ScenarioError, asked: Comparison, path: str, typed: Any) -> str:
    """Say beside a field what would be right; an end of the start, against the other end."""
    crossed = path in form.ENDS and refused.problems[0].path not in form.ENDS
    if not crossed:
        return why_refused(refused, path, typed)
    lower = path == form.ENDS[0]
    other = form.value_of(asked, claim_of(asked), form.ENDS[1 if lower else 0])
    unit = form.unit_of(path, MEASURES[asked.measure])
    bound = f"{unit.text(other)} or {'less' if lower else 'more'}"
    return f"{trimmed(typed, 4)}{unit.after} is not possible. It must be {bound}."


def _keeping_reasons(asked: Comparison, reasons: Mapping[str, str]) -> Comparison:
    """Keep the reasons of fields that are set."""
    kept = {path: text for path, text in reasons.items() if text and asked.at(path) is not None}
    return asked.with_reasons(kept)


def _about_case(start: ComparisonCase | None) -> str:
    if start is None:
        return ""
    said, source = markup.escaped(start.summary), markup.escaped(start.source)
    return f'<p class="rw-about-case"><strong>{said}</strong><br>Source: {source}.</p>'
