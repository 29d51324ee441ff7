"""What every workbook's page has: a document that changes only here, its pictures, files and link.

What a user does becomes a new document or a message beside the field that made the mistake. Every
answer comes from the library; nothing is worked out in a view.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import parse_qs

import ipywidgets

from retention_lib.documents import LARGEST_FILE, Document
from retention_lib.links import LARGEST_LINK
from retention_lib.outputs.tables_csv import BOM, table_csv
from retention_lib.pictures.drawn import Drawn
from retention_lib.problems import ScenarioError
from retention_lib.results import Answered, Change, Table
from retention_lib.units import trimmed
from retention_lib.views import markup
from retention_lib.views.arrivals import AnotherKindError, read_link, read_saved
from retention_lib.views.at_rest import AtRest
from retention_lib.views.behind import Behind
from retention_lib.views.comparing import Comparing
from retention_lib.views.fields import row_behind
from retention_lib.views.from_browser import Block
from retention_lib.views.taking_away import hand_over, listed
from retention_lib.views.widgets import Answer, Compare, Form, Picture, Prose, TakeAway, guarded

_NO_QUERY = "-"
_LONGEST_NAME = 60
_LONGEST_QUERY = LARGEST_LINK + 1_000  # characters: a link and what else an address may hold
_LINES_FOLLOW = "# The lines follow when nothing moves any more."

D = TypeVar("D", bound=Document)


class Page(Block, Generic[D]):
    """A page that holds a document and shows its answer."""

    scenario: D
    READS: ClassVar[type[Document]]
    NOTEBOOK: ClassVar[str]
    today = staticmethod(dt.date.today)
    """The day on which files are made and ages are told; nothing below a page reads a clock."""

    def __init__(self, start: D, pictures: Mapping[str, bool]) -> None:
        """Make the parts.

        Args:
            start: the document to begin with.
            pictures: the pictures and tables by key, and whether each one's table stands open.
        """
        self.scenario = start
        self._drawing = False  # while the page itself, and not the user, sets its fields
        self._alert = Prose()
        self._answer = Answer()
        self._behind = Behind(self._mark_behind, self._tell)
        self._offered: Document | None = None  # a file of another kind, opened last
        self._take_away = TakeAway(page=self.NOTEBOOK, files=listed(start), largest=LARGEST_FILE)
        self._compare_block = Compare(largest=LARGEST_FILE)
        self._lines = AtRest(self._show_lines, self._tell_of_file)
        self._comparing = Comparing(
            self._compare_block, self.READS.KIND, self._compared, self._put_back, self.today
        )
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
    def _complete(self) -> Answered:
        """Give the whole answer, with its ranges, as files have it."""

    @abstractmethod
    def _case_called(self, key: str) -> D:
        """Find the document of a case.

        Raises:
            KeyError: where there is no such case.
        """

    # What all pages do

    def _listen(self) -> None:
        """Answer what the browser does; a failure is told on the page, where it was done."""
        self._observe(self._take_away, self._arrived, "arrived")
        self._observe(self._take_away, self._lines_wanted, "code_open")
        self._take_away.on_msg(guarded(self._wanted, self._tell_of_file))
        self._compare_block.on_msg(guarded(self._comparing.asked, self._comparing.say))
        seen = guarded(self._comparing.seen, self._comparing.say)
        self._compare_block.observe(seen, names=["seen"])
        for widget in self._pictures.values():
            self._observe(widget, self._picture_changed, "width", "table_open")
            widget.on_msg(guarded(self._table_wanted, self._tell))

    def _observe(self, widget: ipywidgets.Widget, call: Callable[[Any], None], *names: str) -> None:
        widget.observe(guarded(call, self._tell), names=list(names))

    def _mark_behind(self, is_behind: bool) -> None:
        """Mark what is below the answer as of the answer before, or as its own again."""
        self._answer.behind = is_behind

    def _tell(self, message: str) -> None:
        """Show a message at the top of the page; empty takes it away."""
        self._alert.html = markup.alert_html(message)

    def _begin(self, document: D) -> None:
        """Start from a document, or say why there is no answer and leave all as it is."""
        why = self._why_not(document)
        if why:
            self._draw_forms()
            self._tell(why)
            return
        self.scenario = document
        if self._take_away.told:
            self._tell_of_file("")
        self._draw_forms()
        self._show()

    def _why_not(self, document: D) -> str:
        """Say why a document has no answer; empty where it has one."""
        return ""

    def _picture_changed(self, change: Mapping[str, Any]) -> None:
        self._draw(change["owner"].key)

    def _arrived(self, change: Mapping[str, Any]) -> None:
        """Open what the page's address asks for; say so where it cannot be read."""
        self._behind.seen()
        if len(change["new"]) > _LONGEST_QUERY:
            self._tell("This link cannot be read. It is far longer than any of ours.")
            self._take_away.follows = True
            return
        asked = parse_qs("" if change["new"] == _NO_QUERY else change["new"])
        try:
            if "s" in asked:
                self._open_link(f"s={asked['s'][0]}")
            elif "case" in asked:
                self._begin(self._case_called(asked["case"][0]))
        except KeyError:
            self._tell(f"There is no case called {asked['case'][0][:60]}. Choose one below.")
        self._take_away.follows = True

    # What can be taken away, opened again and compared

    def _follow_on(self) -> None:
        """Let everything that is made of the document follow it."""
        self._take_away.link = self.scenario.to_link()
        if self._take_away.code_open:
            self._take_away.code = _LINES_FOLLOW
            self._lines.soon()
        self._comparing.moved()

    def _wanted(self, _widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Hand over a file, or open one."""
        want = content.get("want")
        if want == "file":
            key = str(content.get("key"))
            hand_over(self._take_away, key, self.scenario, self._complete, self.today())
        elif want == "open" and buffers:
            self._open_file(str(content.get("name"))[:_LONGEST_NAME], bytes(buffers[0]))
        elif want == "add" and self._offered is not None:
            self._tell_of_file("")
            self._comparing.keep(self._offered)

    def _open_file(self, name: str, content: bytes) -> None:
        """Open a saved document, or say in its place what is wrong; what stood before stays."""
        self._offered = None
        try:
            document = self._mine(read_saved(content, self.READS))
        except ScenarioError as refused:
            self._tell_of_file(f"This file cannot be opened. {refused}")
        except AnotherKindError as another:
            self._offered = another.document
            said = f"{name} holds {another.home.holds}, which this page does not answer."
            self._tell_of_file(said, another.way_there)
        else:
            why = self._why_not(document)
            self._tell_of_file(why)
            if not why:
                self._put_back(document)
                self._take_away.say(f"{name} is open. Its answer is at the top of the page.")

    def _open_link(self, link: str) -> None:
        """Open what can be read of a link, and say what cannot."""
        try:
            found = read_link(link, self.READS, self.scenario)
        except ScenarioError as refused:
            self._tell(
                f"This link cannot be read. {refused} The page shows a case of ours instead."
            )
        except AnotherKindError as another:
            said = f"This link holds {another.home.holds}, which this page does not answer."
            self._alert.html = markup.alert_html(said, more=another.way_there)
        else:
            self._begin(self._mine(found.document))
            if found.unread:
                said = "Not all of this link could be read. The rest of it is open below."
                self._alert.html = markup.alert_html(said, items=found.says)

    def _mine(self, document: Document) -> D:
        mine: D = document  # type: ignore[assignment]  # what READS reads is D
        return mine

    def _put_back(self, document: Document) -> None:
        """Begin with a document that was saved or kept."""
        self._tell("")
        self._begin(self._mine(document))

    def _compared(self) -> Document | None:
        """Give what can be kept to be compared as the page stands; None for nothing."""
        return self.scenario

    def _lines_wanted(self, _change: object) -> None:
        if self._take_away.code_open:
            self._show_lines()

    def _show_lines(self) -> None:
        """Show the lines of Python that give this answer."""
        from retention_lib.reproducing import lines_of  # it knows every kind there is

        self._take_away.code = lines_of(self.scenario)

    def _tell_of_file(self, message: str, more: str = "") -> None:
        """Say what came of a file, in the place where it was opened; empty for nothing.

        Args:
            message: what to say.
            more: what follows it, already escaped.
        """
        self._take_away.told = ""  # so that the same words are said again of the next file
        self._take_away.told = markup.alert_html(message, more=more)
        self._take_away.offer = self._offered is not None and bool(message)

    def _table_wanted(self, widget: Picture, content: Mapping[str, Any], _buffers: object) -> None:
        """Hand over a picture's table."""
        if content.get("want") != "csv":
            return
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


def keeping_reasons(
    document: D, reasons: Mapping[str, str], changes: Callable[[D], Sequence[Change]]
) -> D:
    """Keep the reasons of fields that differ from where the document started."""
    if not any(reasons.values()):
        return document.with_reasons({})
    differ = {change.path for change in changes(document)}
    kept = {
        path: text
        for path, text in reasons.items()
        if text and path in differ and document.at(path) is not None
    }
    return document.with_reasons(kept)


def box(name: str, *children: ipywidgets.Widget) -> Block:
    """Put widgets into a block of the page."""
    made = Block(children=children)
    made.add_class(name)
    return made


def heading(words: str, *, hidden: bool = False) -> Prose:
    """Make a heading; a hidden one is there for screen readers."""
    look = ' class="rw-hidden"' if hidden else ""
    return Prose(html=f"<h2{look}>{words}</h2>")


def put_in(picture: Picture, drawn: Drawn) -> None:
    """Put a picture, or a table alone, in its place; its table is written where it stands open."""
    with picture.hold_sync():
        picture.title, picture.svg, picture.reading = drawn.title, drawn.svg, drawn.reading
        if picture.table_open:
            picture.table = markup.table_html(drawn.table)


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
