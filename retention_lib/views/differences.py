"""What differs between documents, side by side: shown at once, ranges following behind.

Whatever answers all kinds is imported when it is first needed: most visitors compare nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from retention_lib.documents import Document
from retention_lib.results import Answered
from retention_lib.views.comparing_html import side_html
from retention_lib.views.notebooks import home_of
from retention_lib.views.widgets import Compare, log

if TYPE_CHECKING:
    from retention_lib.answering import AnyDocument
    from retention_lib.comparing import SideBySide
    from retention_lib.views.answers import Answers

LETTERS = "ABCD"
"""What stands side by side is called so, in order."""

_ALONE = (
    "Change something on this page, or keep another answer: what differs between them will stand "
    "here."
)


class Differences:
    """Shows what is kept, as a list, and what differs, as tables.

    Args:
        widget: where it is shown.
        kind: of what kind the page's own documents are: those can be put back.
    """

    def __init__(self, widget: Compare, kind: str) -> None:
        self._widget = widget
        self._kind = kind
        self._columns: list[Any] = []  # documents of any kind
        self._kept = 0
        self._made: Answers | None = None
        self._task: asyncio.Task[None] | None = None
        self.found: SideBySide | None = None

    def are_of(self, columns: Sequence[Document]) -> bool:
        """Whether these are what is shown."""
        return self._columns == list(columns)

    def answer(self, document: Document) -> Answered:
        """Answer a document, without ranges.

        Raises:
            NoFiguresError: where a plan's council published no staff in its year.
        """
        given: Any = document
        return self._answers().of(given)

    def end(self) -> None:
        """Leave off working out ranges."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def show(self, columns: Sequence[Document], kept: int) -> None:
        """Show documents; the first so many are kept, one more is the page as it stands."""
        self.end()
        self._columns, self._kept = list(columns), kept
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            if len(columns) > 1 and not self._answers().are_drawn(self._columns):
                self._task = loop.create_task(self._draw())
        self._set_out()

    async def _draw(self) -> None:
        try:
            await self._answers().draw(self._columns)
        except Exception:
            log.exception("The ranges of a comparison failed.")
            self._widget.say("The ranges could not be worked out, and it is our fault.")
        self._task = None
        self._set_out()

    def _set_out(self) -> None:
        columns = self._columns
        results = self._answers().of_all(columns) if columns else []
        self.found, html = None, f"<p>{_ALONE}</p>" if columns else ""
        if len(columns) > 1:
            from retention_lib.comparing import compared

            names = [self._heading(at) for at in range(len(columns))]
            self.found = compared(columns, results, names)
            html = side_html(self.found, drawing=self._task is not None)
        with self._widget.hold_sync():
            self._widget.kept = [self._row(at, result) for at, result in enumerate(results)]
            self._widget.html, self._widget.stale = html, False

    def _answers(self) -> Answers:
        if self._made is None:
            from retention_lib.views.answers import Answers

            self._made = Answers()
        return self._made

    def _heading(self, at: int) -> str:
        """Name a column: by its letter, as several may have one name."""
        name = self._columns[at].name or home_of(self._columns[at]).holds
        return f"{LETTERS[at]}: {'this page now' if at >= self._kept else name}"

    def _row(self, at: int, result: Answered) -> dict[str, Any]:
        """Say what one of them is, and where it can be opened."""
        document: AnyDocument = self._columns[at]
        home = home_of(document)
        name = f"{document.name or home.holds}{_differing(document, result)}"
        return {
            "letter": LETTERS[at],
            "name": name,
            "now": at >= self._kept,
            "here": document.kind == self._kind,
            "where": home.name,
            "address": home.opens(document),
        }


def _differing(document: AnyDocument, result: Answered) -> str:
    """Say in short what differs from the case whose name a document still has."""
    from retention_lib.answering import CASES

    named = {(each.case.preset, each.name) for each in CASES[document.kind]()}
    if not result.changes or (document.case.preset, document.name) not in named:
        return ""
    first, *more = result.changes
    others = f", and {len(more)} more" if more else ""
    return f", with {first.label}: {first.now}{others}"
