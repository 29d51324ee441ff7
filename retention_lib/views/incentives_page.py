"""The incentives workbook: one page that holds a scenario and shows its answer.

The scenario changes only here. What a user does becomes a new scenario or a message beside the
field that made the mistake. Every answer comes from `evaluate`; nothing is worked out in a view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import ipywidgets

from retention_lib.evaluation import changes, evaluate
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.presets import FIRST, Preset, preset, presets
from retention_lib.problems import ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.units import trimmed
from retention_lib.views import choices, markup
from retention_lib.views import incentives_pictures as pictures
from retention_lib.views.incentives_form import (
    CASE,
    case_sections,
    row_behind,
    screen_values,
    sections,
)
from retention_lib.views.widgets import Answer, Form, Picture, Prose, TakeAway, guarded

_CHARTS: Mapping[str, pictures.Draw] = {
    "evidence": pictures.evidence,
    "years": pictures.money_by_year,
    "people": pictures.people,
    "tornado": pictures.what_changes_it,
    "bridge": pictures.from_paid_to_net,
}
_TABLES = ("budget", "months", "leaver_cost", "viewpoints", "fairness")
_OPEN_TABLES = ("budget", "viewpoints", "fairness")
_SIMPLE_CHOICES = {choice.path: choice for choice in choices.ALL}
_CASE_CHOICES = {choice.path: choice for choice in CASE}
_NO_QUERY = "-"


class IncentivesPage(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The whole page as one widget; show it as the last line of a cell."""

    def __init__(self, start: Scenario | None = None) -> None:
        self.scenario = start or preset(FIRST).scenario
        self._drawing = False  # while the page itself, and not the user, sets its fields
        self._case = Form(name="case")
        self._levers = Form(name="levers")
        self._answer = Answer()
        self._alert, self._about = Prose(), Prose()
        self._differs, self._words, self._sentences = Prose(), Prose(), Prose()
        self._take_away = TakeAway()
        self._pictures = {
            key: Picture(key=key, table_open=key in _OPEN_TABLES) for key in (*_CHARTS, *_TABLES)
        }
        super().__init__(children=self._laid_out())
        self.add_class("rw-page")
        self._begin(self.scenario)
        self._listen()

    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Arrange the parts: the case, the answer, the levers, the pictures, the workings."""
        made = self._pictures
        pair = _box("rw-pair", made["years"], made["people"])
        return [
            _box("rw-case", self._alert, self._case, self._about, self._differs),
            _box("rw-answer-place", self._answer),
            _box("rw-levers", _heading("What you can change", hidden=True), self._levers),
            _box(
                "rw-pictures",
                _heading("What has to be true", hidden=True),
                made["evidence"],
                pair,
                made["tornado"],
                self._sentences,
            ),
            _box(
                "rw-workings",
                _heading("For the budget"),
                made["budget"],
                _heading("For whom, and is it fair?"),
                _box("rw-pair", made["viewpoints"], made["fairness"]),
                _heading("How it is worked out"),
                made["bridge"],
                self._words,
                made["leaver_cost"],
                made["months"],
                self._take_away,
            ),
        ]

    def _listen(self) -> None:
        """Answer what the browser does; a failure is told on the page."""
        self._observe(self._levers, self._levers_moved, "values")
        self._observe(self._levers, self._reasons_given, "reasons")
        self._observe(self._case, self._case_chosen, "values")
        self._observe(self._take_away, self._arrived, "arrived")
        self._take_away.on_msg(guarded(self._wanted, self._tell))
        for widget in self._pictures.values():
            self._observe(widget, self._picture_changed, "width", "table_open")
            widget.on_msg(guarded(self._table_wanted, self._tell))

    def _observe(self, widget: ipywidgets.Widget, call: Callable[[Any], None], *names: str) -> None:
        widget.observe(guarded(call, self._tell), names=list(names))

    def _tell(self, message: str) -> None:
        """Show a message at the top of the page; empty takes it away."""
        self._alert.html = markup.alert_html(message)

    # What a user does

    def _begin(self, scenario: Scenario) -> None:
        """Start from a scenario: draw its forms anew, then its answer."""
        self.scenario = scenario
        self._draw_forms()
        self._show()

    def _start(self) -> Preset | None:
        """Find the case that the scenario started from."""
        return next((each for each in presets() if each.id == self.scenario.case.preset), None)

    def _draw_forms(self) -> None:
        start = self._start()
        begun = start.scenario if start else self.scenario
        drawn = sections(self.scenario, begun, start)
        self._drawing = True
        with self._levers.hold_sync():
            self._levers.problems = {}
            self._levers.reasons = dict(self.scenario.reasons)
            self._levers.values = screen_values(self.scenario, drawn)
            self._levers.sections = drawn
        with self._case.hold_sync():
            self._case.values = {path: c.read(self.scenario) for path, c in _CASE_CHOICES.items()}
            self._case.sections = case_sections(self.scenario)
        self._drawing = False
        self._about.html = _about_case(start)

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Take what was moved into the scenario, or say beside the field why it cannot be."""
        if self._drawing:
            return
        shown = screen_values(self.scenario, list(self._levers.sections))
        problems: dict[str, str] = {}
        redraw = False
        scenario = self.scenario
        for path, value in change["new"].items():
            if path not in shown or value == shown[path]:
                continue
            try:
                scenario = _taken(scenario, path, value)
            except ScenarioError as refused:
                problems[path] = _why(refused, path, value)
            else:
                redraw = redraw or path in _SIMPLE_CHOICES
        self._levers.problems = problems
        if scenario == self.scenario:
            return
        self.scenario = _keeping_reasons(scenario, self._levers.reasons)
        if redraw:
            self._draw_forms()
        self._show()

    def _reasons_given(self, change: Mapping[str, Any]) -> None:
        self.scenario = _keeping_reasons(self.scenario, change["new"])
        self._show_changes()

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
        """Open what the page's address asks for; say so where it cannot be read."""
        asked = parse_qs("" if change["new"] == _NO_QUERY else change["new"])
        try:
            if "s" in asked:
                self._begin(Scenario.from_link(f"s={asked['s'][0]}"))
            elif "case" in asked:
                self._begin(preset(asked["case"][0]).scenario)
        except (ScenarioError, KeyError):
            self._tell(
                "This link cannot be read: part of it is missing or has been changed. "
                "The page shows the first case instead."
            )
        self._take_away.follows = True

    def _wanted(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Hand over a file."""
        name = f"{self.scenario.case.preset or 'scenario'}-{self.scenario.digest}"
        if content.get("want") == "scenario":
            text = self.scenario.to_json()
            self._take_away.send_file(f"{name}.json", text, "application/json")
        elif content.get("want") == "all":
            text = answer_csv(self.scenario, evaluate(self.scenario))
            self._take_away.send_file(f"{name}.csv", "\ufeff" + text, "text/csv")

    def _table_wanted(self, widget: Picture, _content: object, _buffers: object) -> None:
        """Hand over a picture's table."""
        key = widget.key
        table = evaluate(self.scenario).table(key)
        name = f"{key}-{self.scenario.digest}.csv"
        widget.send_file(name, "\ufeff" + table_csv(table))

    # What a user sees

    def _show(self) -> None:
        """Answer the scenario and show it everywhere."""
        result = evaluate(self.scenario)
        with self._answer.hold_sync():
            self._answer.headline = result.headline
            self._answer.spoken = " ".join((result.headline, *result.sentences[:1]))
            self._answer.tone = markup.tone(result)
            self._answer.html = markup.answer_html(result)
        for key in self._pictures:
            self._draw(key, result)
        self._words.html = "<h3>In words</h3>" + markup.list_html(
            [*pictures.formula_words(self.scenario), *result.notes]
        )
        self._sentences.html = _in_sentences(result)
        self._show_changes()

    def _show_changes(self) -> None:
        found = changes(self.scenario)
        self._differs.html = markup.changes_html(found)
        self._levers.changed = [change.path for change in found]
        self._take_away.link = self.scenario.to_link()

    def _picture_changed(self, change: Mapping[str, Any]) -> None:
        self._draw(change["owner"].key, evaluate(self.scenario))

    def _draw(self, key: str, result: IncentiveResult) -> None:
        """Draw one picture, and its table while that is open."""
        widget = self._pictures[key]
        with widget.hold_sync():
            if key in _CHARTS:
                drawn = _CHARTS[key](self.scenario, result, widget.width)
                widget.title, widget.reading, widget.svg = drawn.title, drawn.reading, drawn.svg
                table = drawn.table
            else:
                table = result.table(key)
                widget.title, widget.reading = table.title, _reading(key, result)
            if widget.table_open:
                widget.table = markup.table_html(table)


def _box(name: str, *children: ipywidgets.Widget) -> ipywidgets.VBox:
    box = ipywidgets.VBox(children=children)
    box.add_class(name)
    return box


def _heading(words: str, *, hidden: bool = False) -> Prose:
    look = ' class="rw-hidden"' if hidden else ""
    return Prose(html=f"<h2{look}>{words}</h2>")


def _about_case(start: Preset | None) -> str:
    if start is None:
        return '<p class="rw-about-case">This scenario did not start from one of our cases.</p>'
    said = markup.escaped(start.summary), markup.escaped(start.source)
    return f'<p class="rw-about-case"><strong>{said[0]}</strong><br>Source: {said[1]}.</p>'


def _taken(scenario: Scenario, path: str, value: Any) -> Scenario:
    """Take one field, as on screen, into a scenario.

    Raises:
        ScenarioError: where it cannot be.
    """
    if path in _SIMPLE_CHOICES:
        return _SIMPLE_CHOICES[path].make(scenario, value)
    row = row_behind(path)
    if row is None:
        return scenario
    return scenario.but({path: row.unit.from_screen(float(value))})


def _why(refused: ScenarioError, path: str, typed: object) -> str:
    """Say beside a field what would be right, in the units it is shown in."""
    found = next((each for each in refused.problems if each.path == path), refused.problems[0])
    row = row_behind(path)
    if row is None or not isinstance(typed, (int, float)):
        return found.right
    said = f"{trimmed(typed, 4)}{row.unit.after} is not possible."
    if found.at_most is not None:
        return f"{said} It must be {row.unit.text(found.at_most)} or less."
    if found.at_least is not None:
        return f"{said} It must be {row.unit.text(found.at_least)} or more."
    return f"{said} {found.right}"


def _keeping_reasons(scenario: Scenario, reasons: Mapping[str, str]) -> Scenario:
    """Keep the reasons of fields that still differ from the case."""
    differ = {change.path for change in changes(scenario)}
    kept = {path: text for path, text in reasons.items() if text and path in differ}
    return scenario.with_reasons(kept)


def _reading(key: str, result: IncentiveResult) -> str:
    """Give the one-sentence reading of a table that has no picture."""
    if key == "viewpoints":
        return pictures.viewpoints_reading(result)
    if key == "fairness":
        return pictures.fairness_reading(result)
    if key == "budget":
        return pictures.budget_reading(result)
    return ""


def _in_sentences(result: IncentiveResult) -> str:
    items = pictures.tornado_sentences(result)
    if not items:
        return ""
    return (
        '<details class="rw-table"><summary>What would change the answer, in sentences</summary>'
        f"{markup.list_html(items)}</details>"
    )
