"""A page as the comm layer drives it, and everything that it sends to its browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import comm
import ipywidgets
import pytest
from comm.base_comm import BaseComm

from retention_lib.answering import answer
from retention_lib.assumptions_log.answer import log_of
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.documents import Document
from retention_lib.views.page import Page
from retention_lib.views.widgets import Answer, Form, TakeAway
from tests.hostile.watching import unfit_to_see
from tests.visitors import parts


class Wire(BaseComm):
    """A connection to a browser that keeps what is sent, written as the kernel would write it."""

    sent: list[str]

    def publish_msg(self, msg_type: str, *args: Any, **kwargs: Any) -> None:
        """Write a message; one that cannot be written would never come."""
        if not hasattr(self, "sent"):
            self.sent = []
        data: Any = kwargs.get("data", args[0] if args else {})
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()
        if msg_type == "comm_msg" and data.get("method") != "echo_update":
            self.sent.append(text)


class Attacked:
    """One open page, whose browser sends what it likes.

    Args:
        page: the kind of page.
        patch: sees to it that the page's widgets are connected.
    """

    def __init__(self, page: Callable[[], Page[Any]], patch: pytest.MonkeyPatch) -> None:
        patch.setattr(comm, "create_comm", Wire)
        self.page = page()
        self.start: Document = self.page.scenario
        self.widgets = list(every(self.page))
        self.forms = {form.name: form for form in parts(self.page, Form)}
        self.answer = next(parts(self.page, Answer))
        self.take_away = next(parts(self.page, TakeAway))

    def tell(
        self, widget: ipywidgets.Widget, data: object, buffers: Sequence[bytes] = ()
    ) -> list[str]:
        """Send a widget a message as the comm layer does, and give what is answered."""
        said = [widget.comm, self.take_away.comm]
        for each in said:
            each.sent.clear()
        given = [memoryview(each) for each in buffers]
        widget.comm.handle_msg({"content": {"data": data}, "buffers": given})
        return [text for each in said for text in each.sent]

    def set(self, widget: ipywidgets.Widget, state: Mapping[str, object]) -> list[str]:
        """Send a widget a state."""
        return self.tell(widget, {"method": "update", "state": state, "buffer_paths": []})

    def everything_sent(self) -> Iterator[str]:
        """Give what every widget has sent since it was last asked for."""
        for widget in self.widgets:
            yield from widget.comm.sent
            widget.comm.sent.clear()

    def unfit_to_see(self) -> list[str]:
        """Find what was sent that no visitor may see."""
        return [found for text in self.everything_sent() for found in unfit_to_see(text)]

    def still_answers(self) -> None:
        """Open a document of ours by its link: the answer must be the library's."""
        self.set(self.take_away, {"arrived": "-"})
        self.set(self.take_away, {"arrived": self.start.to_link()})
        assert self.page.scenario == self.start.with_reasons({})
        assert self.answer.headline == self.expected_headline()

    def expected_headline(self) -> str:
        """Ask the library for the headline of the document that the page began with."""
        document: Any = self.start
        if isinstance(document, LogQuestion):
            return log_of(document, self.page.today()).headline
        return answer(document, ranges=False).headline


def every(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Find every widget of a page, layouts among them."""
    yield widget
    if isinstance(widget, ipywidgets.DOMWidget):
        yield widget.layout
    for child in getattr(widget, "children", ()):
        yield from every(child)
