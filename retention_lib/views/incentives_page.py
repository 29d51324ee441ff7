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
_NOTHING = 0.5  # pounds
_NOTHING_PAID = "Nothing is paid yet, so there is nothing to draw. Choose a payment."


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
        self._inputs = Prose()
        self._inputs.add_class("rw-inputs")
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
                self._inputs,
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

    def _begun(self) -> Scenario:
        """Give the scenario as it began: the case's, or itself where there is none."""
        start = self._start()
        return start.scenario if start else self.scenario

    def _draw_forms(self) -> None:
        start = self._start()
        drawn = sections(self.scenario, self._begun(), start)
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
        self._about.html = _about_case(start, self.scenario)

    def _levers_moved(self, change: Mapping[str, Any]) -> None:
        """Take what was moved into the scenario, or say beside the field why it cannot be."""
        if self._drawing:
            return
        shown = screen_values(self.scenario, list(self._levers.sections))
        problems: dict[str, str] = {}
        redraw = False
        # A reason for a number that a choice takes away must not stand in the choice's way.
        scenario = start = self.scenario.with_reasons({})
        before = _choices_in(change["old"]) if change["old"] else {}
        for path, value in change["new"].items():
            if path not in shown or value == before.get(path, shown[path]):
                continue
            try:
                scenario = _taken(scenario, path, value, self._begun())
            except ScenarioError as refused:
                problems[path] = _why(refused, path, value)
            else:
                redraw = redraw or path in _SIMPLE_CHOICES
        scenario = choices.keeping_tie_in(
            scenario, start, change["new"].get(choices.INSTALMENTS.path, "")
        )
        self._levers.problems = problems
        if scenario == start:
            return
        self.scenario = _keeping_reasons(scenario, self._levers.reasons)
        if redraw:
            self._draw_forms()
        self._show()

    def _reasons_given(self, change: Mapping[str, Any]) -> None:
        self.scenario = _keeping_reasons(self.scenario, change["new"])
        self._show()

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
        except KeyError:
            self._tell(f"There is no case called {asked['case'][0][:60]}. Choose one below.")
        except ScenarioError:
            self._tell(
                "This link cannot be read: part of it is missing or has been changed. "
                "The page shows the first case instead."
            )
        self._take_away.follows = True

    def _wanted(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Hand over a file."""
        name = f"{self.scenario.case.preset or 'scenario'}-{self.scenario.digest}"
        if content.get("want") == "open":
            self._open(str(content.get("text", "")))
        elif content.get("want") == "scenario":
            text = self.scenario.to_json()
            self._take_away.send_file(f"{name}.json", text, "application/json")
        elif content.get("want") == "all":
            text = answer_csv(self.scenario, evaluate(self.scenario))
            self._take_away.send_file(f"{name}.csv", "\ufeff" + text, "text/csv")

    def _open(self, text: str) -> None:
        """Open a saved scenario, or say what is wrong with it; what stood before stays."""
        try:
            scenario = Scenario.from_json(text)
        except ScenarioError as refused:
            self._tell(f"This file cannot be opened. {refused}")
            return
        self._tell("")
        self._begin(scenario)

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
            [
                *pictures.formula_words(self.scenario, result.npv, result.excel_npv),
                *result.notes,
            ]
        )
        self._sentences.html = _in_sentences(result)
        self._inputs.html = self._inputs_html(result)
        self._differs.html = markup.changes_html(result.changes)
        self._levers.changed = [change.path for change in result.changes]
        self._take_away.link = self.scenario.to_link()

    def _inputs_html(self, result: IncentiveResult) -> str:
        """Write every input with its source, and where the answer came from: for print."""
        drawn = list(self._levers.sections)
        values = screen_values(self.scenario, drawn)  # a refused value stands on the form alone
        rows = [
            (field["label"], _shown(field, values), _said_of(field, result))
            for section in drawn
            for field in section["fields"]
        ]
        return markup.inputs_html(rows, result.provenance)

    def _picture_changed(self, change: Mapping[str, Any]) -> None:
        self._draw(change["owner"].key, evaluate(self.scenario))

    def _draw(self, key: str, result: IncentiveResult) -> None:
        """Draw one picture, and its table while that is open."""
        widget = self._pictures[key]
        with widget.hold_sync():
            if key in _CHARTS:
                drawn = _CHARTS[key](self.scenario, result, widget.width)
                paid = result.payments + result.hiring >= _NOTHING
                widget.title = drawn.title
                widget.svg = drawn.svg if paid else ""
                widget.reading = drawn.reading if paid else _NOTHING_PAID
                table = drawn.table
            else:
                table = result.table(key)
                widget.title, widget.reading = table.title, _reading(key, result)
            if widget.table_open:
                widget.table = markup.table_html(table)


def _shown(field: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Write a field's value as it stands on screen, with its unit."""
    value = values.get(field["path"])
    if field["kind"] == "choice":
        return next((o["label"] for o in field["options"] if o["value"] == value), "")
    return f"{field['before']}{trimmed(float(value or 0), field['decimals'])}{field['after']}"


def _said_of(field: Mapping[str, Any], result: IncentiveResult) -> str:
    """Say where a field's value comes from: the reason for a change, or its source."""
    change = next((each for each in result.changes if each.path == field["path"]), None)
    if change is not None and not field.get("holds"):
        return f"Changed from {change.was}. {change.reason or 'No reason given.'}"
    return ": ".join(part for part in (field.get("tag"), field["source"]) if part)


def _box(name: str, *children: ipywidgets.Widget) -> ipywidgets.VBox:
    box = ipywidgets.VBox(children=children)
    box.add_class(name)
    return box


def _heading(words: str, *, hidden: bool = False) -> Prose:
    look = ' class="rw-hidden"' if hidden else ""
    return Prose(html=f"<h2{look}>{words}</h2>")


def _about_case(start: Preset | None, scenario: Scenario) -> str:
    """Say what the case is, and what of it another council's figures leave as it was."""
    if start is None:
        return '<p class="rw-about-case">This scenario did not start from one of our cases.</p>'
    said = markup.escaped(start.summary), markup.escaped(start.source)
    other = ""
    if scenario.case.council != start.scenario.case.council:
        other = "<br>Only leaving is from the figures chosen. People and pay are still the case's."
    return f'<p class="rw-about-case"><strong>{said[0]}</strong><br>Source: {said[1]}.{other}</p>'


def _choices_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the choices as they stood on screen: a number that moves may look like another choice.

    Only a choice that was made anew is taken; one that is merely still shown is not.
    """
    return {path: value for path, value in values.items() if path in _SIMPLE_CHOICES}


def _taken(scenario: Scenario, path: str, value: Any, begun: Scenario) -> Scenario:
    """Take one field, as on screen, into a scenario; put back, it is the case's to the last digit.

    Raises:
        ScenarioError: where it cannot be.
    """
    if path in _SIMPLE_CHOICES:
        return _SIMPLE_CHOICES[path].make(scenario, value)
    row = row_behind(path)
    if row is None:
        return scenario
    start = begun.at(path)
    if isinstance(start, (int, float)) and row.unit.to_screen(start) == value:
        return scenario.but({path: start})
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
    kept = {
        path: text
        for path, text in reasons.items()
        if text and path in differ and scenario.at(path) is not None
    }
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
