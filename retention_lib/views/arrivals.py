"""What comes to a page in a file or a link: its own kind is opened, another is shown the way."""

from __future__ import annotations

from typing import Any

from retention_lib.documents import LARGEST_FILE, Document
from retention_lib.opening import Opened
from retention_lib.problems import Problem, ScenarioError
from retention_lib.views import markup
from retention_lib.views.notebooks import Home, home_of

_TOO_LARGE = "It is over 1 MB. A saved scenario is far smaller."
_NO_TEXT = "It is not text in UTF-8. Choose a scenario that was saved from one of the workbooks."


class AnotherKindError(Exception):
    """What came is sound, and another workbook's; `document` is what it holds."""

    def __init__(self, document: Document) -> None:
        super().__init__(document.kind)
        self.document = document

    @property
    def home(self) -> Home:
        """The workbook that it is for."""
        return home_of(self.document)

    @property
    def way_there(self) -> str:
        """Lead to its workbook, as HTML."""
        link = markup.escaped(self.home.opens(self.document))
        reasons = " The reasons in it do not go along." if self.document.reasons else ""
        name = markup.escaped(self.home.name)
        return f'<p><a target="_self" href="{link}">Open it in {name}</a>.{reasons}</p>'


def text_of(content: bytes) -> str:
    """Read a file's bytes as text.

    Raises:
        ScenarioError: where it is too large, or no text.

    Example:
        >>> text_of(b"{}")
        '{}'
    """
    if len(content) > LARGEST_FILE:
        raise ScenarioError([Problem("", None, _TOO_LARGE)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError([Problem("", None, _NO_TEXT)]) from None


def read_saved(content: bytes, reads: type[Document]) -> Document:
    """Read a saved file.

    Raises:
        ScenarioError: where it cannot be read.
        AnotherKindError: where another workbook reads it.
    """
    text = text_of(content)
    try:
        return reads.from_json(text)
    except ScenarioError:
        # Every kind there is; a page that opens none of them need not wait for them.
        from retention_lib.answering import read_text

        try:
            other = read_text(text)
        except ScenarioError:
            other = None
        if other is None:
            raise
        raise AnotherKindError(other) from None


def read_link(link: str, reads: type[Document], start: Document) -> Opened[Document]:
    """Read whatever can be read of a link.

    Args:
        link: the part of it behind the question mark.
        reads: the page's own kind.
        start: stands in for what a document cannot be without, unless the link says where it
            started.

    Raises:
        ScenarioError: where nothing of it can be read.
        AnotherKindError: where another workbook reads it.
    """
    refused = None
    try:
        found = reads.opened_link(link, start)
        if found.is_whole:
            return found
    except ScenarioError as problem:
        found, refused = None, problem
    other = _of_any_kind(link)
    if other is not None and other.document.kind == reads.KIND:
        return other
    if found is not None:
        return found
    if other is not None:
        raise AnotherKindError(other.document)
    assert refused is not None
    raise refused


def _of_any_kind(link: str) -> Opened[Document] | None:
    """Read a link of whatever kind it is; None where nothing of it can be read."""
    from retention_lib.answering import read_link as read_any

    try:
        found: Opened[Any] = read_any(link)
    except ScenarioError:
        return None
    return found
