"""What a widget's script tells Python, and what Python takes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from retention_lib.views.widgets import Form, Ours, TakeAway


@pytest.mark.parametrize("kind", Ours.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_widget_takes_what_its_script_sets_and_nothing_else(kind: type[Ours]) -> None:
    script = str(kind()._esm)
    assert "export default" in script
    assert set(re.findall(r'model\.set\("(\w+)"', script)) == set(kind.TAKES)


def told(values: Mapping[str, object], turn: object = None) -> dict[str, Any]:
    """A message as a page sends it: what it set, and the turn it has."""
    return {
        "content": {"data": {"method": "update", "state": {"values": values}}},
        "metadata": {} if turn is None else {"turn": turn},
    }


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Form:
    """A form of two fields, with what it says to its page."""
    field = {"kind": "number", "start": 0, "decimals": 0}
    made = Form(
        sections=[{"fields": [{**field, "path": path} for path in ("fall", "pay")]}],
        values={"fall": 1, "pay": 2},
    )
    made.said = []
    monkeypatch.setattr(made, "_send", lambda message, buffers=None: made.said.append(message))
    return made


def test_page_may_tell_only_what_was_set(form: Form) -> None:
    form._handle_msg(told({"pay": 5}))
    assert form.values == {"fall": 1, "pay": 5}
    assert form.said == []  # the page knows it


def test_what_is_told_twice_counts_once_and_the_page_hears_how_it_stands(form: Form) -> None:
    form._handle_msg(told({"fall": 7}, "one"))
    form.values = {"fall": 3, "pay": 4}  # another case was chosen since
    form.said.clear()
    form._handle_msg(told({"fall": 7}, "one"))
    assert form.values == {"fall": 3, "pay": 4}
    (said,) = form.said
    assert said["state"] == {"values": {"fall": 3, "pay": 4}, "reasons": {}}
    form._handle_msg(told({"fall": 7}, "two"))
    assert form.values == {"fall": 7, "pay": 4}


def test_number_that_is_not_taken_is_told_and_does_not_stand_on_the_page(form: Form) -> None:
    form._handle_msg(told({"pay": 10**20}))
    assert form.problems == {"pay": "This number is too large. Type a number such as 0."}
    assert form.said[-1]["state"] == {"values": {"fall": 1, "pay": 2}}


def test_message_by_hand_counts_and_leaves_nothing_large(form: Form) -> None:
    for turn, fall in [(None, 3), (5, 4), ("x" * 100_000, 5), ("x" * 100_000, 6)]:
        form._handle_msg(told({"fall": fall}, turn))
        assert form.values["fall"] == fall
    form._handle_msg({**told({"fall": 7}), "metadata": None})
    assert form.values["fall"] == 7
    for number in range(1_000):
        form._handle_msg(told({"fall": 1}, f"{number}"))
    assert sum(map(len, form._heard)) < 5_000


def test_request_is_heard_once() -> None:
    widget = TakeAway()
    heard = []
    widget.on_msg(lambda _widget, content, _files: heard.append(content))
    message = {"content": {"data": {"method": "custom", "content": {"want": "add"}}}}
    for turn in ("one", "one", "two"):
        widget._handle_msg({**message, "metadata": {"turn": turn}})
    assert heard == [{"want": "add"}] * 2
