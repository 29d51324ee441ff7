"""What a browser may tell a page; all else is turned away before anything looks at it.

Whoever has a page open can send what no page of ours would. A value that a field cannot have is
said beside the field and not taken. What no field of ours could have sent changes nothing.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import ipywidgets
import traitlets

from retention_lib.units import trimmed

LONGEST_TEXT = 100
"""Characters in a text field, in the browser as here."""
LONGEST_REASON = 300
"""Characters in a reason, in the browser as here."""

_LONGEST_SAID = 40
_LONGEST_TURN = 32
_REMEMBERED = 64  # messages of a widget that a page may have under way at once, and more
_EXACT = 2**53  # a browser has no larger whole numbers

log = logging.getLogger("retention")

Fields = Mapping[str, Mapping[str, Any]]


class Told(ipywidgets.Widget):  # type: ignore[misc]  # ipywidgets has no types
    """A widget to which a browser may tell what it takes, and nothing else."""

    TAKES: ClassVar[Mapping[str, Callable[[Any], bool]]] = {}
    """The traits that a browser may set, each with what could be right for it."""

    _heard: tuple[str, ...] = ()

    def _handle_msg(self, msg: Mapping[str, Any]) -> None:
        """Take a message from the browser; a failure is logged and never shown with its lines."""
        try:
            if self._is_new(msg.get("metadata")):
                self._take(msg["content"]["data"], msg.get("buffers") or [])
            elif self.TAKES:
                self.send_state(list(self.TAKES))
        except Exception:
            log.exception("A message from the browser failed.")

    def _is_new(self, metadata: object) -> bool:
        """Tell whether a message was not heard yet.

        After a lost connection a page tells again what may not have arrived, with the same turn.
        """
        turn = metadata.get("turn") if isinstance(metadata, Mapping) else None
        if not isinstance(turn, str):
            return True
        if turn in self._heard:
            return False
        self._heard = (*self._heard[1 - _REMEMBERED :], turn[:_LONGEST_TURN])
        return True

    def _take(self, data: object, buffers: Sequence[Any]) -> None:
        if not isinstance(data, Mapping):
            return
        method, state, content = (data.get(key) for key in ("method", "state", "content"))
        if method == "update" and isinstance(state, Mapping):
            self.set_state(state)
        elif method == "request_state":
            self.send_state()
        elif method == "custom" and isinstance(content, Mapping):
            self._handle_custom_msg(plain(content), buffers)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what a browser may set."""
        taken = {
            name: sync_data[name]
            for name, could_be in self.TAKES.items()
            if name in sync_data and could_be(sync_data[name])
        }
        if taken:
            super().set_state(taken)


class FixedLayout(Told, ipywidgets.Layout):  # type: ignore[misc]
    """How a widget is laid out, which only the page decides."""


class Placed(Told, ipywidgets.DOMWidget):  # type: ignore[misc]
    """A widget with a place on the page."""

    @traitlets.default("layout")
    def _fixed_layout(self) -> FixedLayout:
        return FixedLayout()


class Block(Placed, ipywidgets.VBox):  # type: ignore[misc]
    """A block of the page, which only the page fills."""


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    r"""Keep of a message what ours consist of: single values, in letters that can be written.

    Example:
        >>> plain({"want": "open", "at": 2, "more": [1], "name": "\ud800.csv"})
        {'want': 'open', 'at': 2, 'name': '?.csv'}
    """
    return {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in content.items()
        if isinstance(value, (str, int, float))
    }


def is_switch(value: object) -> bool:
    """Tell whether a value is on or off."""
    return isinstance(value, bool)


def is_object(value: object) -> bool:
    """Tell whether a value has parts with names."""
    return isinstance(value, Mapping)


def is_text(value: object) -> bool:
    r"""Tell whether a value is text that can be written.

    Example:
        >>> is_text("Ealing"), is_text("\ud800"), is_text(3)
        (True, False, False)
    """
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def between(least: int, most: int) -> Callable[[object], bool]:
    """Make the test for a whole number of pixels.

    Example:
        >>> [between(1, 9)(value) for value in (3, 10, True, 3.5, "3")]
        [True, False, False, False, False]
    """
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    )


def fields_of(sections: Sequence[Mapping[str, Any]]) -> Fields:
    """Find the fields of a form by their paths."""
    return {field["path"]: field for section in sections for field in section["fields"]}


def checked_values(
    fields: Fields, now: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Part the values that a form's fields could have from those they could not.

    Args:
        fields: by path, as drawn.
        now: the values as they stand.
        given: the values as the browser sends them.

    Returns:
        The values with what could be taken, and what is wrong with the others, by path.
    """
    taken, wrong = dict(now), {}
    for path, field in fields.items():
        if path not in given or (path in now and _is_same(given[path], now[path])):
            continue
        why = _CHECKS[field["kind"]](field, given[path])
        if why:
            wrong[path] = why
        else:
            taken[path] = given[path]
    return taken, wrong


def checked_reasons(
    fields: Fields, now: Mapping[str, str], given: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Part the reasons that can be kept from those that cannot; see :func:`checked_values`."""
    taken, wrong = dict(now), {}
    for path in fields:
        if path not in given or (path in now and _is_same(given[path], now[path])):
            continue
        if is_text(given[path]) and len(given[path]) <= LONGEST_REASON:
            taken[path] = given[path]
        else:
            wrong[path] = f"A reason is text of up to {LONGEST_REASON} characters."
    return taken, wrong


def _is_same(given: object, now: object) -> bool:
    return type(given) is type(now) and given == now


def _wrong_number(field: Mapping[str, Any], value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return "" if abs(value) <= _EXACT else f"This number is too large. {_such_as(field)}"
    return f"{_said(value)} is not a number. {_such_as(field)}"


def _such_as(field: Mapping[str, Any]) -> str:
    return f"Type a number such as {trimmed(float(field['start']), field['decimals'])}."


def _wrong_choice(field: Mapping[str, Any], value: object) -> str:
    if isinstance(value, str) and any(option["value"] == value for option in field["options"]):
        return ""
    return f"{_said(value)} is not one of the choices. Choose one from the list."


def _wrong_list(field: Mapping[str, Any], value: object) -> str:
    known = {option["value"] for option in field["options"]}
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return f"{_said(value)} is not a list of choices. Choose from the list."
    if len(set(value)) < len(value):
        return "The same choice is in it twice. Choose each once."
    unknown = next((each for each in value if each not in known), None)
    return "" if unknown is None else _wrong_choice(field, unknown)


def _wrong_text(_field: Mapping[str, Any], value: object) -> str:
    if is_text(value) and isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return ""
    return f"{_said(value)} cannot stand here. Type up to {LONGEST_TEXT} characters of text."


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], object], str]] = {
    "number": _wrong_number,
    "choice": _wrong_choice,
    "list": _wrong_list,
    "text": _wrong_text,
}


def _said(value: object) -> str:
    """Quote what was sent, where it is short enough to be read.

    Example:
        >>> _said("abc"), _said(None), _said([1]), _said(float("nan"))
        ('“abc”', 'Nothing', 'A list', 'NaN')
    """
    if isinstance(value, str):
        short = value[:_LONGEST_SAID].encode("utf-8", "replace").decode()
        return f"“{short}{'…' if len(value) > _LONGEST_SAID else ''}”"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float)):
        return f"{value}" if abs(value) <= _EXACT else "This number"
    return "Nothing" if value is None else "A list" if isinstance(value, list) else "This"
