"""What every workbook's page has: a document that changes only here, its pictures, files and link.

What a user does becomes a new document or a message beside the field that made the mistake. Every
answer comes from the library; nothing is worked out in a view.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import parse_qs

import ipywidgets

from retention_lib.documents import Document
from retention_lib.outputs.tables_csv import table_csv
from retention_lib.problems import ScenarioError
from retention_lib.results import Table
from retention_lib.units import trimmed
from retention_lib.views import markup
from retention_lib.views.fields import row_behind
from retention_lib.views.widgets import Form, Picture, Prose, TakeAway, guarded

BOM = "\ufeff"  # Excel takes a CSV file for UTF-8 only where it begins with this

_NO_QUERY = "-"

D = TypeVar("D", bound=Document)


class Page(ipywidgets.VBox, Generic[D]):  # type: ignore[misc]  # ipywidgets has no types
    """A page that holds a document and shows its answer."""

    scenario: D
    READS: ClassVar[type[Document]]
    NOTEBOOK: ClassVar[str]

    def __init__(self, start: D, pictures: Mapping[str, bool]) -> None:
        """Make the parts.

        Args:
            start: the document to begin with.
            pictures: the pictures and tables by key, and whether each one's table stands open.
        """
        self.scenario = start
        self._drawing = False  # while the page itself, and not the user, sets its fields
        self._alert = Prose()
        self._take_away = TakeAway(page=self.NOTEBOOK)
        self._pictures = {
            key: Picture(key=key, table_open=is_open) for key, is_open in pictures.items()
        }
        super().__init__(children=self._laid_out())
        self.add_class("rw-page")
        self._begin(start)
        self._listen()

    # What a page says of itself

    @abstractmethod
    def _laid_out(self) -> list[ipywidgets.Widget]:
        """Make what this page alone has, and arrange everything."""

    @abstractmethod
    def _draw_forms(self) -> None:
        """Draw the fields that the document has now."""

    @abstractmethod
    def _show(self) -> None:
        """Answer the document and show it everywhere."""

    @abstractmethod
    def _draw(self, key: str) -> None:
        """Draw one picture, and its table while that is open."""

    @abstractmethod
    def _table(self, key: str) -> Table:
        """Give the table of a picture."""

    @abstractmethod
    def _everything_csv(self) -> str:
        """Write the whole answer as CSV."""

    @abstractmethod
    def _case_called(self, key: str) -> D:
        """Find the document of a case.

        Raises:
            KeyError: where there is no such case.
        """

    @abstractmethod
    def _file_name(self) -> str:
        """Name the files that are taken away."""

    # What all pages do

    def _listen(self) -> None:
        """Answer what the browser does; a failure is told on the page."""
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

    def _begin(self, document: D) -> None:
        """Start from a document: draw its forms anew, then its answer."""
        self.scenario = document
        self._draw_forms()
        self._show()

    def _picture_changed(self, change: Mapping[str, Any]) -> None:
        self._draw(change["owner"].key)

    def _arrived(self, change: Mapping[str, Any]) -> None:
        """Open what the page's address asks for; say so where it cannot be read."""
        asked = parse_qs("" if change["new"] == _NO_QUERY else change["new"])
        try:
            if "s" in asked:
                self._begin(self._read_link(f"s={asked['s'][0]}"))
            elif "case" in asked:
                self._begin(self._case_called(asked["case"][0]))
        except KeyError:
            self._tell(f"There is no case called {asked['case'][0][:60]}. Choose one below.")
        except ScenarioError:
            self._tell(
                "This link cannot be read: part of it is missing or has been changed. "
                "The page shows the first case instead."
            )
        self._take_away.follows = True

    def _read_link(self, link: str) -> D:
        document: D = self.READS.from_link(link)  # type: ignore[assignment]  # READS is D
        return document

    def _wanted(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Hand over a file."""
        if content.get("want") == "open":
            self._open(str(content.get("text", "")))
        elif content.get("want") == "scenario":
            text = self.scenario.to_json()
            self._take_away.send_file(f"{self._file_name()}.json", text, "application/json")
        elif content.get("want") == "all":
            text = BOM + self._everything_csv()
            self._take_away.send_file(f"{self._file_name()}.csv", text, "text/csv")

    def _open(self, text: str) -> None:
        """Open a saved document, or say what is wrong with it; what stood before stays."""
        try:
            document: D = self.READS.from_json(text)  # type: ignore[assignment]  # READS is D
        except ScenarioError as refused:
            self._tell(f"This file cannot be opened. {refused}")
            return
        self._tell("")
        self._begin(document)

    def _table_wanted(self, widget: Picture, _content: object, _buffers: object) -> None:
        """Hand over a picture's table."""
        key = widget.key
        name = f"{key}-{self.scenario.digest}.csv"
        widget.send_file(name, BOM + table_csv(self._table(key)))

    def _fill(self, form: Form, sections: list[dict[str, Any]], values: dict[str, Any]) -> None:
        """Draw a form's fields and their values at once; this is no move of the user's."""
        self._drawing = True
        with form.hold_sync():
            form.problems = {}
            form.reasons = dict(self.scenario.reasons)
            form.values = values
            form.sections = sections
        self._drawing = False


def box(name: str, *children: ipywidgets.Widget) -> ipywidgets.VBox:
    """Put widgets into a block of the page."""
    made = ipywidgets.VBox(children=children)
    made.add_class(name)
    return made


def heading(words: str, *, hidden: bool = False) -> Prose:
    """Make a heading; a hidden one is there for screen readers."""
    look = ' class="rw-hidden"' if hidden else ""
    return Prose(html=f"<h2{look}>{words}</h2>")


def shown(field: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Write a field's value as it stands on screen, with its unit."""
    value = values.get(field["path"])
    if field["kind"] == "choice":
        return next((o["label"] for o in field["options"] if o["value"] == value), "")
    if field["kind"] == "list":
        labels = {option["value"]: option["label"] for option in field["options"]}
        return ", ".join(labels.get(each, each) for each in value or ()) or "none"
    if field["kind"] == "text":
        return str(value or "")
    return f"{field['before']}{trimmed(float(value or 0), field['decimals'])}{field['after']}"


def why_refused(refused: ScenarioError, path: str, typed: object) -> str:
    """Say beside a field what would be right, in the units it is shown in."""
    found = next((each for each in refused.problems if each.path == path), refused.problems[0])
    row = row_behind(path)
    if row is None or not isinstance(typed, (int, float)):
        return found.right
    sign, shown_as = "-" if typed < 0 else "", trimmed(abs(typed), 4)
    said = f"{sign}{row.unit.before}{shown_as}{row.unit.after} is not possible."
    if found.at_most is not None:
        return f"{said} It must be {row.unit.text(found.at_most)} or less."
    if found.at_least is not None:
        return f"{said} It must be {row.unit.text(found.at_least)} or more."
    return f"{said} {found.right}"
