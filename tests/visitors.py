"""A visitor without a browser: does to a page what a browser does, and reads what it gets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from retention_lib.documents import Document
from retention_lib.views.page import Page
from retention_lib.views.widgets import Answer, Form, Picture, Prose, TakeAway

NASTY = '<img src=x onerror="alert(1)">'

W = TypeVar("W")
P = TypeVar("P", bound=Page[Any])
D = TypeVar("D", bound=Document)


def parts(widget: Any, kind: type[W]) -> Iterator[W]:
    """Find every part of a page that is of a kind, in order."""
    if isinstance(widget, kind):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child, kind)


async def at_rest(page: Any) -> None:
    """Wait until nothing is worked out behind a page any more."""
    task = page._refiner._task
    assert task is not None
    await asyncio.wait_for(task, 60)
    await shown(page)


async def shown(page: Any) -> None:
    """Wait until a page shows the whole of its answer, and not only what is seen first."""
    while (task := page._behind._task) is not None and not task.done():
        await asyncio.wait([task], timeout=60)  # a newer answer may take its place


@dataclass(frozen=True)
class Taken:
    """What the browser is sent when a file is asked for."""

    said: dict[str, Any]
    content: bytes

    @property
    def name(self) -> str:
        """What the file is called."""
        return str(self.said["name"])

    @property
    def text(self) -> str:
        """What is written in it."""
        return self.content.decode("utf-8-sig")


class PageVisitor(Generic[P, D]):
    """Sets what the browser sets on one page, and reads what the browser is given."""

    def __init__(self, page: P) -> None:
        self.page = page
        forms = {form.name: form for form in parts(page, Form)}
        self.levers, self.case = forms["levers"], forms["case"]
        self.answer = next(parts(page, Answer))
        self.take_away = next(parts(page, TakeAway))
        self.pictures = {picture.key: picture for picture in parts(page, Picture)}

    def set(self, path: str, value: object) -> None:
        """Move a slider, type into a box, or choose."""
        form = self.case if path in self.case.values else self.levers
        form.values = {**form.values, path: value}

    def open_file(self, text: str) -> None:
        """Open a saved document."""
        self.give(text.encode())

    def give(self, content: bytes, name: str = "ours.json") -> None:
        """Open a file of these bytes."""
        self.take_away._handle_custom_msg({"want": "open", "name": name}, [memoryview(content)])

    def take(self, key: str) -> Taken:
        """Take a file away: the document ("scenario"), or one of the outputs."""
        sent: list[Taken] = []
        self.take_away.send = lambda said, buffers=(b"",): sent.append(Taken(said, buffers[0]))
        self.take_away._handle_custom_msg({"want": "file", "key": key}, [])
        (taken,) = sent
        return taken

    def open_tables(self) -> None:
        """Open every table."""
        for picture in self.pictures.values():
            picture.table_open = True

    @property
    def scenario(self) -> D:
        """What the link opens."""
        found: D = self.page.READS.from_link(self.take_away.link)  # type: ignore[assignment]  # READS is D
        return found

    def fields(self) -> dict[str, dict[str, Any]]:
        """Every field of both forms, by path."""
        drawn = [*self.case.sections, *self.levers.sections]
        return {field["path"]: field for section in drawn for field in section["fields"]}

    def reads(self) -> str:
        """Everything written on the page in words of ours."""
        return self.take_away.told + "".join(prose.html for prose in parts(self.page, Prose))
