"""The files that a page hands over: the document itself, and every output of its answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from functools import partial

from retention_lib.documents import Document
from retention_lib.outputs.files import Output, file_name, output, outputs_for, stem
from retention_lib.results import Answered
from retention_lib.views.widgets import TakeAway, log

SAVED = "scenario"
"""The file that is the document itself: it comes from no answer, and is no output of one."""
JSON = "application/json"

# A loop alone would let go of them. A page makes one file of a kind at a time.
_AT_WORK: dict[tuple[str, str], asyncio.Task[None]] = {}
_SAVED_SAYS = "Every number you chose and your reasons, to open here again or to send on."
_LONGEST_KEY = 20  # of one that is not ours
_NO_SUCH_FILE = "There is no such file to take away from this page."
_FAILED = (
    "This file could not be made, and it is our fault. The answer on the page still stands, and "
    "so do the other files."
)


def listed(document: Document) -> list[dict[str, str]]:
    """List what can be taken away of a document, as the browser gets it.

    Example:
        >>> from retention_lib.presets import preset
        >>> [each["key"] for each in listed(preset("no-scheme").scenario)][:3]
        ['scenario', 'excel', 'word']
    """
    return [
        {"key": SAVED, "label": "Save this scenario", "says": _SAVED_SAYS},
        *(
            {"key": each.key, "label": each.label, "says": each.says}
            for each in outputs_for(document)
        ),
    ]


def hand_over(
    widget: TakeAway, key: str, document: Document, complete: Callable[[], Answered], on: dt.date
) -> None:
    """Make a file and hand it to the browser, or say beside its button that there is none.

    It is made beside the page's own work, so that a slider that is moved meanwhile is answered.

    Args:
        widget: where it was asked for.
        key: which file; where it is not one of those listed, that is said.
        document: what the file is of.
        complete: gives its whole answer, with its ranges; not asked for the document alone.
        on: the day on which it is made.
    """
    if key not in {each["key"] for each in listed(document)}:
        widget.send_failed(key[:_LONGEST_KEY], _NO_SUCH_FILE)
        return
    work = (widget.model_id, key)
    if work in _AT_WORK:
        return  # it is being made, and comes when it is there
    if key == SAVED:
        widget.send_file(key, f"{stem(document)}.json", document.to_json().encode(), JSON)
        return
    try:
        of = output(key)
        make = partial(of.make, document, complete(), on)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script, which has nothing else to do meanwhile
            widget.send_file(key, file_name(document, of), make(), of.mime)
            return
    except Exception:
        _failed(widget, key)
        return
    task = loop.create_task(_made_aside(widget, of, file_name(document, of), make))
    _AT_WORK[work] = task
    task.add_done_callback(lambda _: _AT_WORK.pop(work))


async def _made_aside(widget: TakeAway, of: Output, name: str, make: Callable[[], bytes]) -> None:
    try:
        content = await asyncio.to_thread(make)
    except Exception:
        _failed(widget, of.key)
        return
    widget.send_file(of.key, name, content, of.mime)


def _failed(widget: TakeAway, key: str) -> None:
    log.exception("A file could not be made.")
    widget.send_failed(key, _FAILED)
