"""The controls, pictures and texts of every workbook: widgets, each of one kind.

They hold no model: a page gives them what to show and listens to what is done with them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec

import anywidget
import traitlets

from retention_lib.views.from_browser import (
    Placed,
    between,
    checked_reasons,
    checked_values,
    fields_of,
    is_object,
    is_switch,
    is_text,
)

_STATIC = Path(__file__).parent / "static"
_LOOK = _STATIC / "widgets.css"

log = logging.getLogger("retention")


def _script(*names: str) -> str:
    """Join scripts into the one that a widget has: what several share stands in files of its own.

    A widget's script comes alone to the browser and can import nothing.
    """
    return "\n".join((_STATIC / f"{name}.js").read_text(encoding="utf-8") for name in names)


_WIDTHS = between(200, 2_000)  # pixels; the browser asks for 280 to 800

P = ParamSpec("P")


def guarded(callback: Callable[P, None], tell: Callable[[str], None]) -> Callable[P, None]:
    """Wrap a callback so that its failure is told on the page and logged, never swallowed.

    Args:
        callback: what a widget calls.
        tell: shows a message to the user, or takes it away where it is empty.
    """

    @wraps(callback)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception:
            log.exception("A callback failed.")
            tell(
                "Something went wrong, and it is our fault. The last answer still stands. "
                "Reload the page to go on from here."
            )

    return called


class Ours(Placed, anywidget.AnyWidget):
    """A widget of a page: the browser may set what it `TAKES`."""


class Form(Ours):
    """Labelled fields in sections: sliders with their number boxes, and choices.

    `sections` is what to draw (see :mod:`retention_lib.views.fields`); `values` the numbers on
    screen and the choices made, by path; `changed` the paths that differ from the case; `problems`
    what is wrong, by path; `reasons` what the user typed, by path. What the browser sends is not
    sent back to it: the answer goes first.
    """

    _esm = _script("redrawing", "form")
    _css = _LOOK
    TAKES = MappingProxyType({"values": is_object, "reasons": is_object})

    name = traitlets.Unicode().tag(sync=True)
    sections: Any = traitlets.List().tag(sync=True)
    values: Any = traitlets.Dict().tag(sync=True, echo_update=False)
    changed: Any = traitlets.List().tag(sync=True)
    problems: Any = traitlets.Dict().tag(sync=True)
    reasons: Any = traitlets.Dict().tag(sync=True, echo_update=False)

    _refused: frozenset[str] = frozenset()

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what fields can have; say beside a field what it cannot, which is not taken."""
        drawn = fields_of(self.sections)
        taken: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, check in (("values", checked_values), ("reasons", checked_reasons)):
            if isinstance(sync_data.get(name), Mapping):
                taken[name], found = check(drawn, getattr(self, name), sync_data[name])
                wrong |= found
        if not taken:
            return
        still = {path: why for path, why in self.problems.items() if path not in self._refused}
        if still != self.problems:
            self.problems = still
        self._refused = frozenset(wrong)
        super().set_state(taken)
        if wrong:
            self.problems = {**self.problems, **wrong}
            self.send_state(list(taken))  # else the page would go on with what was not taken


class Answer(Ours):
    """The answer, in large type; read out by screen readers when it has come to rest.

    What is below it is marked as being worked out while it is `behind`: still of the answer before.
    """

    _esm = _script("redrawing", "answer")
    _css = _LOOK

    html = traitlets.Unicode().tag(sync=True)
    headline = traitlets.Unicode().tag(sync=True)
    spoken = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Enum(("pays", "costs", "neither"), default_value="neither").tag(sync=True)
    behind = traitlets.Bool(False).tag(sync=True)


class Picture(Ours):
    """A picture (or a table alone) with its name, its one-sentence reading, its table and CSV.

    `width` is what there is room for, in pixels; the page draws anew when it changes. `table` is
    filled while `table_open`. The CSV is asked for with the message {"want": "csv"}.
    """

    _esm = _script("saving", "reaching", "picture")
    TAKES = MappingProxyType({"width": _WIDTHS, "table_open": is_switch})

    key = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    reading = traitlets.Unicode().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)
    table_open = traitlets.Bool(False).tag(sync=True)
    width = traitlets.Int(640).tag(sync=True)

    def send_file(self, name: str, text: str) -> None:
        """Hand a file to the browser."""
        self.send({"name": name, "text": text})


class Prose(Ours):
    """Text and tables, already escaped."""

    _esm = _script("redrawing", "prose")

    html = traitlets.Unicode().tag(sync=True)


class Status(Ours):
    """One line that says how much is shown; screen readers hear it when it has come to rest."""

    _esm = _STATIC / "status.js"

    text = traitlets.Unicode().tag(sync=True)


class Upload(Ours):
    """A council's own file: chosen or dropped, sent as it is, and kept by nobody.

    `largest` bounds it in bytes before it is read. `said` is what came of it, already escaped;
    while `loaded` there is something to take away again. The file comes as the message
    {"name": …} with its bytes; {"want": "template"} and {"want": "forget"} are the other two.
    """

    _esm = _script("saving", "reaching", "choosing", "upload")

    title = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    spoken = traitlets.Unicode().tag(sync=True)
    loaded = traitlets.Bool(False).tag(sync=True)

    def send_file(self, name: str, text: str) -> None:
        """Hand a file to the browser."""
        self.send({"name": name, "text": text})


class Refining(Ours):
    """How far the ranges have been worked out: `done` of `whole` draws, stoppable while `running`.

    `said` is in words. The messages {"want": "stop"} and {"want": "go"} come from its button.
    """

    _esm = _STATIC / "refining.js"

    done = traitlets.Int(0).tag(sync=True)
    whole = traitlets.Int(1).tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class TakeAway(Ours):
    """Files to take away, a saved one to open, a link, lines of Python; the page's own address.

    `files` are the files that can be asked for with {"want": "file", "key": …}: key, label and
    what each is for. A file to open comes as {"want": "open", "name": …} with its bytes, `largest`
    at most; `told` is what came of it, already escaped, and `offer` whether it can be added to the
    comparison, which {"want": "add"} asks for. `page` is the notebook's name; `arrived` the query
    the page was opened with ("-" for none), set once by the browser; `link` the query that opens
    exactly this; `follows` whether the address bar follows it. `code` is filled while `code_open`.
    """

    _esm = _script("saving", "choosing", "takeaway")
    TAKES = MappingProxyType({"arrived": is_text, "code_open": is_switch})

    files: Any = traitlets.List().tag(sync=True)
    largest = traitlets.Int().tag(sync=True)
    told = traitlets.Unicode().tag(sync=True)
    offer = traitlets.Bool(False).tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    code_open = traitlets.Bool(False).tag(sync=True)
    page = traitlets.Unicode().tag(sync=True)
    arrived = traitlets.Unicode().tag(sync=True)
    link = traitlets.Unicode().tag(sync=True)
    follows = traitlets.Bool(False).tag(sync=True)

    def send_file(self, key: str, name: str, content: bytes, mime: str) -> None:
        """Hand a file to the browser, as it is."""
        self.send({"key": key, "name": name, "type": mime}, [content])

    def send_failed(self, key: str, said: str) -> None:
        """Say beside its button why there is no file."""
        self.send({"key": key, "failed": said})

    def say(self, said: str) -> None:
        """Say something beside the place where files are opened; empty for nothing."""
        self.send({"said": said})


class Compare(Ours):
    """What is kept to be compared, and what differs: the page's last block.

    `kept` is what stands in the list: letter, name, the two as they are said, whether it opens
    here, else where and at which address. `html` is what differs, already escaped, and `stale`
    whether the page has moved on since; it is worked out while the block is `seen`. `store` is what
    the browser tab holds for other pages. `asks` is a question to be answered first. Where there
    is `four`, the same money can be set four ways, of `pounds` unless another sum is typed;
    `refused` says what is wrong with that one.

    The browser sends {"want": …}: "stored" with its text, once; "keep", "add" with a file's bytes,
    "open" or "remove" with the place in the list, "clear", "four" with the pounds as typed,
    "replace" or "leave" in answer to the question, and "csv".
    """

    _esm = _script("saving", "choosing", "redrawing", "compare")
    TAKES = MappingProxyType({"seen": is_switch})

    kept: Any = traitlets.List().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    stale = traitlets.Bool(False).tag(sync=True)
    seen = traitlets.Bool(False).tag(sync=True)
    store = traitlets.Unicode().tag(sync=True)
    asks = traitlets.Unicode().tag(sync=True)
    refused = traitlets.Unicode().tag(sync=True)
    four = traitlets.Bool(False).tag(sync=True)
    pounds = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int().tag(sync=True)

    def say(self, said: str, heard: str = "") -> None:
        """Say what came of something; what else is to be heard is seen below it anyway."""
        self.send({"said": said, "heard": heard})

    def send_file(self, name: str, content: bytes, mime: str) -> None:
        """Hand a file to the browser, as it is."""
        self.send({"name": name, "type": mime}, [content])
