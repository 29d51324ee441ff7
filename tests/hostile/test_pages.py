"""Messages sent to a page by hand, as its comm layer would deliver them."""

from __future__ import annotations

import asyncio
import dataclasses
import math
import os
import random
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from retention_lib.outputs.files import output
from retention_lib.views import taking_away
from retention_lib.views.benchmarks_page import BenchmarksPage
from retention_lib.views.evidence_page import EvidencePage
from retention_lib.views.from_browser import LONGEST_TEXT
from retention_lib.views.happened_page import HappenedPage
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.page import Page
from retention_lib.views.plans_page import PlansPage
from retention_lib.views.widgets import Form, Picture
from tests.hostile import sent
from tests.hostile.attacked import Attacked
from tests.hostile.planned import LEAST, PLANNED
from tests.hostile.watching import CANARY, MOST_GROWTH, files, memory, no_failures, watched

PAGES: tuple[type[Page[Any]], ...] = (
    IncentivesPage,
    PlansPage,
    BenchmarksPage,
    EvidencePage,
    HappenedPage,
)
EACH = PLANNED["pages"] // len(PAGES)
BATCH = 200
WANTS = (
    "file",
    "open",
    "add",
    "stored",
    "keep",
    "remove",
    "replace",
    "leave",
    "clear",
    "four",
    "csv ",
    "template ",
    "forget",
    "seen",
    "stop",
    "go",
    "__class__",
    "",
)


def test_the_suites_try_enough() -> None:
    assert sum(PLANNED.values()) >= LEAST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_answers_whatever_it_is_sent(
    page: type[Page[Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def attack() -> None:
        held = Attacked(page, monkeypatch)
        held.still_answers()
        dice = random.Random(page.__name__)
        grown_from = memory()
        tried = 0
        with no_failures() as failures:
            for _ in range(EACH // BATCH):
                with watched():
                    for _ in range(BATCH):
                        dice.choice(ATTACKS)(held, dice)
                        tried += 1
                        assert failures.found == [], tried
                assert held.unfit_to_see() == []
                held.still_answers()
        assert tried == EACH
        assert memory() - grown_from < MOST_GROWTH

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = files()
    with ThreadPoolExecutor(1) as apart:  # the browser tests leave a loop in this thread
        apart.submit(attack).result()
    assert files() == before


@pytest.mark.parametrize(
    "does",
    [
        lambda _: compile(f"{CANARY} = 1", "sent", "exec"),
        lambda folder: (folder / "left").write_text("x"),
        lambda folder: (folder / "left").mkdir(),
        lambda _: subprocess.run(["true"], check=True),
        lambda _: socket.getaddrinfo("127.0.0.1", 9),
        lambda _: os.system("true"),
    ],
    ids=["code", "file", "folder", "program", "connection", "shell"],
)
def test_the_watch_sees_what_must_not_be_done(
    does: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError), watched():
        does(tmp_path)


def test_a_hundred_presses_make_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(*_: object) -> bytes:
        made.append(1)
        return b"x"

    one = dataclasses.replace(output("csv"), make=make)
    monkeypatch.setattr(taking_away, "output", lambda _key: one)

    async def press() -> None:
        held = Attacked(IncentivesPage, monkeypatch)
        asks = {"method": "custom", "content": {"want": "file", "key": "csv"}}
        for _ in range(100):
            held.tell(held.take_away, asks)
        await asyncio.gather(*taking_away._AT_WORK.values())
        assert len(made) == 1
        await asyncio.sleep(0)
        assert taking_away._AT_WORK == {}
        held.tell(held.take_away, asks)
        await asyncio.gather(*taking_away._AT_WORK.values())
        assert len(made) == 2

    asyncio.run(press())


# What is sent


def one_field(held: Attacked, dice: random.Random) -> None:
    """Send one field a value of any kind: it is taken, or what is wrong is said beside it."""
    form = dice.choice(list(held.forms.values()))
    field = dice.choice(list(fields_of(form)))
    path, given = field["path"], sent.value(dice)
    before, stood = held.page.scenario, form.values[path]
    held.set(form, {"values": {**form.values, path: given}})
    if not could_be(field, given):
        said = form.problems.get(path, "")
        assert said.endswith("."), (path, given)
        assert len(said) < 300
        assert form.values[path] == stood
        assert held.page.scenario == before


def any_fields(held: Attacked, dice: random.Random) -> None:
    """Send fields that there are not, or no fields at all."""
    form = dice.choice(list(held.forms.values()))
    known = dict.fromkeys(form.values)
    given = dice.choice([sent.object_of(dice, known), sent.value(dice)])
    held.set(form, {dice.choice(["values", "reasons"]): given})
    assert set(form.values) >= {field["path"] for field in fields_of(form)}
    assert not set(form.values) & set(sent.NAMES)


def a_reason(held: Attacked, dice: random.Random) -> None:
    """Send a reason of any kind for a field, or for what is none."""
    form = held.forms["levers"]
    path = dice.choice([*form.values, *sent.NAMES])
    given = sent.value(dice)
    held.set(form, {"reasons": {**form.reasons, path: given}})
    if path in form.values and not (isinstance(given, str) and len(given) <= 300):
        assert "reason" in form.problems.get(path, "")
    assert all(isinstance(text, str) for text in held.page.scenario.reasons.values())


def what_a_browser_may_not_set(held: Attacked, dice: random.Random) -> None:
    """Set what only the page sets: scripts, looks, words, what stands where."""
    widget = dice.choice(held.widgets)
    taken = getattr(widget, "TAKES", {})
    names = [name for name in widget.keys if name not in taken] + ["self", "comm", "__class__"]
    chosen = dice.sample(names, k=min(3, len(names)))
    before = widget.get_state()
    others = dice.choice(held.widgets).model_id
    given = [dice.choice([sent.value(dice), f"IPY_MODEL_{others}"]) for _ in chosen]
    held.set(widget, dict(zip(chosen, given, strict=True)))
    after = widget.get_state()
    assert {name: after[name] for name in after if name not in taken} == {
        name: before[name] for name in before if name not in taken
    }


def a_picture(held: Attacked, dice: random.Random) -> None:
    """Give a picture no room, or more than there is, or tables that are neither open nor shut."""
    picture = dice.choice([each for each in held.widgets if isinstance(each, Picture)])
    held.set(picture, {dice.choice(["width", "table_open"]): sent.value(dice)})
    assert 200 <= picture.width <= 2_000
    assert isinstance(picture.table_open, bool)


def an_address(held: Attacked, dice: random.Random) -> None:
    """Open a page by an address that no link of ours has."""
    words = [dice.choice(sent.TEXTS), dice.choice(sent.NAMES), sent.LARGE, "a=&" * 100_000]
    given = dice.choice([sent.value(dice), *(f"s={word}" for word in words)])
    if dice.random() < 0.3:
        given = f"case={dice.choice(words)}"
    before = held.page.scenario
    held.set(held.take_away, {"arrived": given})
    assert held.page.scenario == before
    if isinstance(given, str) and len(given) > 10**7:
        assert "far longer than any of ours" in held.page._alert.html


def a_custom_message(held: Attacked, dice: random.Random) -> None:
    """Send any widget a message that asks for anything, with files of any bytes."""
    widget = dice.choice(held.widgets)
    asks = {"want": dice.choice([*WANTS, sent.value(dice)]), **sent.object_of(dice)}
    asks |= {
        name: sent.value(dice)
        for name in ("key", "name", "at", "text", "pounds")
        if dice.random() < 0.5
    }
    files_sent = [sent.content(dice) for _ in range(dice.choice([0, 1, 1, 3]))]
    data = {"method": "custom", "content": dice.choice([asks, asks, asks, sent.value(dice)])}
    before = held.page.scenario
    held.tell(widget, data, files_sent)
    assert held.page.scenario == before


def no_message_at_all(held: Attacked, dice: random.Random) -> None:
    """Send what is no message of the widgets' protocol."""
    widget = dice.choice(held.widgets)
    data: Any = dice.choice(
        [
            sent.value(dice),
            {},
            {"method": sent.value(dice)},
            {"method": "update"},
            {"method": "update", "state": sent.value(dice)},
            {"method": "update", "state": {"a": 1}, "buffer_paths": [["a", "b", -1], "x", [0]]},
            {"method": "echo_update", "state": {"html": "x"}},
            {"method": "custom"},
            {"method": "request_states"},
            sent.object_of(dice, {"method": 1, "state": 1, "content": 1, "buffer_paths": 1}),
        ]
    )
    before = held.page.scenario
    held.tell(widget, data, [b"x"] if dice.random() < 0.5 else [])
    assert held.page.scenario == before


def a_question(held: Attacked, dice: random.Random) -> None:
    """Ask a widget for its state: it is given, and none of its scripts is lost."""
    widget = dice.choice(held.widgets)
    assert held.tell(widget, {"method": "request_state"})


ATTACKS: tuple[Callable[[Attacked, random.Random], None], ...] = (
    *[one_field] * 4,
    *[what_a_browser_may_not_set] * 3,
    *[a_custom_message] * 4,
    any_fields,
    any_fields,
    a_reason,
    a_picture,
    an_address,
    no_message_at_all,
    no_message_at_all,
    a_question,
)


def fields_of(form: Form) -> Iterator[dict[str, Any]]:
    """Give every field that is drawn."""
    for section in form.sections:
        yield from section["fields"]


def could_be(field: dict[str, Any], given: Any) -> bool:
    """Tell whether a browser's own field could send a value; bounds are another matter."""
    if field["kind"] == "number":
        if type(given) is int:
            return abs(given) <= 2**53
        return type(given) is float and math.isfinite(given)
    if field["kind"] == "text":
        short = isinstance(given, str) and len(given) <= LONGEST_TEXT
        return short and not any("\ud800" <= letter <= "\udfff" for letter in given)
    given = [given] if field["kind"] == "choice" else given
    allowed = [option["value"] for option in field["options"]]
    return isinstance(given, list) and all(each in allowed for each in given)
