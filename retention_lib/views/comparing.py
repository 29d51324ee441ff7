"""What is kept to be compared: what a visitor does with it, and the browser tab that holds it.

The tab holds kept documents so that another workbook in it finds them; there they are read again,
as carefully as a file. What differs is worked out while somebody looks, and never while a slider
moves.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from retention_lib.documents import LARGEST_FILE, Document
from retention_lib.plans.numbers import NoFiguresError
from retention_lib.problems import ScenarioError
from retention_lib.views.arrivals import text_of
from retention_lib.views.at_rest import AtRest
from retention_lib.views.comparing_html import side_csv
from retention_lib.views.differences import LETTERS, Differences
from retention_lib.views.widgets import Compare

POUNDS = "400,000"
"""The same money, where no other sum is typed."""

_MOST = len(LETTERS)
_LARGEST_STORE = _MOST * LARGEST_FILE
_LONGEST_NAME = 60
_FULL = f"{_MOST} are kept, and no more can stand side by side. Remove one first."
_NOTHING_HERE = "There is no answer on this page to keep. Choose one above."

FourWays = Callable[[float], Sequence[Document]]


class Comparing:
    """Holds what is kept, and has it stand side by side with the page.

    Args:
        widget: where it is shown.
        kind: of what kind the page's own documents are: those can be put back.
        now: gives what stands on the page; None where there is nothing to compare.
        put_back: shows a kept document on the page.
        today: gives the day on which a file is made.
    """

    def __init__(
        self,
        widget: Compare,
        kind: str,
        now: Callable[[], Document | None],
        put_back: Callable[[Document], None],
        today: Callable[[], dt.date],
    ) -> None:
        self._widget = widget
        self._kind = kind
        self._now = now
        self._put_back = put_back
        self._today = today
        self._four_ways: FourWays | None = None
        self._shown = Differences(widget, kind)
        self._kept: list[Document] = []
        self._unread = ""  # what the tab holds, until somebody looks
        self._lost = ""  # what is to be said of it
        self._waiting: list[Document] = []  # four ways that are to take the place of what is kept
        self._later = AtRest(self._show, self.say)

    def offer_four_ways(self, make: FourWays) -> None:
        """Offer to keep the same money spent four ways: plans made of pounds over four years."""
        self._four_ways = make
        self._widget.four, self._widget.pounds = True, POUNDS

    # What the browser tells

    def asked(self, _widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Do what a visitor asks."""
        want = str(content.get("want"))
        if want == "stored":
            self._unread = str(content.get("text") or "")[: _LARGEST_STORE + 1]
            self.seen(None)
            return
        self._read()
        at = content.get("at")
        if want in {"remove", "open"}:
            if isinstance(at, int) and 0 <= at < len(self._kept):
                (self._remove if want == "remove" else self._open)(at)
        elif want == "keep":
            self.keep(self._now())
        elif want == "add" and buffers:
            self._add(str(content.get("name"))[:_LONGEST_NAME], bytes(buffers[0]))
        elif want == "four":
            self._set_four(str(content.get("pounds"))[:_LONGEST_NAME])
        elif want in {"replace", "leave"}:
            self._answer(replaces=want == "replace")
        elif want == "clear":
            self._hold([], "Nothing is kept any more.")
        elif want == "csv":
            self._hand_over()

    def seen(self, _change: object) -> None:
        """Work out what is not there yet, where somebody looks."""
        if not self._widget.seen:
            return
        self._read()
        if self._widget.stale or not self._shown.are_of(self._side_by_side()):
            self._show()
        if self._lost:
            self.say("")

    def moved(self) -> None:
        """Note that the page shows something else; it is worked out when that is at rest."""
        if not self._kept or self._shown.are_of(self._side_by_side()):
            return
        self._end()
        self._widget.stale = True
        if self._widget.seen:
            self._later.soon()

    def say(self, message: str, heard: str = "") -> None:
        """Say what came of something, above what is kept."""
        said, self._lost = f"{self._lost} {message}".strip(), ""
        self._widget.say(said, heard)

    # What is kept

    def keep(self, document: Document | None) -> None:
        """Keep a document beside those that are kept, or say why not."""
        if document is None:
            self.say(_NOTHING_HERE)
        elif document in self._kept:
            self.say(f"This is kept already, as {LETTERS[self._kept.index(document)]}.")
        elif len(self._kept) >= _MOST:
            self.say(_FULL)
        else:
            try:
                self._shown.answer(document)
            except NoFiguresError as refused:
                self.say(str(refused))
            else:
                self._hold([*self._kept, document], f"{LETTERS[len(self._kept)]} is kept.")

    def _add(self, name: str, content: bytes) -> None:
        from retention_lib.answering import read_text

        try:
            document = read_text(text_of(content))
        except ScenarioError as refused:
            self.say(f"{name} cannot be added. {refused}")
        else:
            self.keep(document)

    def _remove(self, at: int) -> None:
        moved = [
            f"{LETTERS[old]} is now {LETTERS[old - 1]}." for old in range(at + 1, len(self._kept))
        ]
        left = self._kept[:at] + self._kept[at + 1 :]
        self._hold(left, " ".join([f"{LETTERS[at]} is removed.", *moved]))

    def _open(self, at: int) -> None:
        if self._kept[at].kind == self._kind:
            self._put_back(self._kept[at])
            self._show()
            self.say(f"{LETTERS[at]} stands on the page. Its answer is at the top.")

    def _set_four(self, typed: str) -> None:
        """Keep the same money spent four ways, in place of what is kept where that is meant."""
        if self._four_ways is None:
            return
        self._widget.refused = ""
        try:
            pounds = float(typed.translate(str.maketrans("", "", "£, ")))
        except ValueError:
            self._refuse(f"“{typed}” is not a sum of money. Type one such as {POUNDS}.")
            return
        try:
            self._waiting = list(self._four_ways(pounds))
        except (ScenarioError, NoFiguresError) as refused:
            self._refuse(f"£{typed} cannot be spent four ways. {refused}")
            return
        if self._kept:
            these = "answer" if len(self._kept) == 1 else f"{len(self._kept)} answers"
            self._widget.asks = f"Replace the {these} you have kept with these four plans?"
            self.say("", self._widget.asks)
        else:
            self._answer(replaces=True)

    def _refuse(self, why: str) -> None:
        """Say beside the sum what is wrong with it."""
        self._widget.refused = why
        self.say("")

    def _answer(self, *, replaces: bool) -> None:
        """Take the answer to what was asked before anything kept is replaced."""
        waiting, self._waiting, self._widget.asks = self._waiting, [], ""
        if not replaces:
            self.say("What was kept still is.")
        elif waiting:
            self._hold(waiting, "The same money is kept, spent four ways.")

    def _hold(self, documents: list[Document], said: str) -> None:
        """Keep these, here and in the tab, and show them."""
        self._kept = documents
        given = [document.to_dict() for document in documents]
        self._widget.store = json.dumps(given, ensure_ascii=False) if given else ""
        self._show()
        found = self._shown.found
        self.say(said, "" if found is None else found.headline)

    def _hand_over(self) -> None:
        found = self._shown.found
        if found is not None:
            name = f"comparison-{found.provenance.scenario_digest}.csv"
            self._widget.send_file(name, side_csv(found, self._today()), "text/csv;charset=utf-8")
            self.say(f"{name} is in your downloads.")

    # What the tab holds

    def _read(self) -> None:
        """Read what the tab holds from another page; what cannot be read is left out, and told."""
        text, self._unread = self._unread, ""
        if not text:
            return
        given = _items(text)
        read = [document for document in map(self._sound, given[:_MOST]) if document is not None]
        self._kept = read
        lost = len(given) - len(read)
        if lost:
            those = "One answer that was kept" if lost == 1 else f"{lost} answers that were kept"
            self._lost = f"{those} could not be read. What could is below."

    def _sound(self, item: object) -> Document | None:
        """Read one document that the tab holds; None where it has no answer."""
        from retention_lib.answering import read_text

        try:
            document = read_text(json.dumps(item))
            self._shown.answer(document)
        except (ScenarioError, NoFiguresError):
            return None
        return document

    # What is shown

    def _side_by_side(self) -> list[Document]:
        """List what stands side by side: what is kept, and the page while there is room for it."""
        now = self._now()
        if not self._kept or now is None or now in self._kept or len(self._kept) >= _MOST:
            return self._kept
        return [*self._kept, now]

    def _end(self) -> None:
        self._later.end()
        self._shown.end()

    def _show(self) -> None:
        self._end()
        self._shown.show(self._side_by_side(), len(self._kept))


def _items(text: str) -> list[object]:
    """Take apart what the tab holds; whatever else it is counts as one thing that is lost."""
    try:
        given = json.loads(text) if len(text) <= _LARGEST_STORE else None
    except (ValueError, RecursionError):
        given = None
    return given if isinstance(given, list) else [None]
