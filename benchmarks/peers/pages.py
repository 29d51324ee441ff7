"""A page as a visitor has it: opened, shown, and its slider moved by keyboard."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page

from benchmarks.peers.apps import LEVER, App
from benchmarks.peers.model import LEVERS, answer
from benchmarks.run import RANGES

PATIENCE = 90_000  # milliseconds
PICTURES = len(answer(*(lever.start for lever in LEVERS)).pictures)
STEPS = 5  # moves one way before as many back
UNANSWERED = 1500  # milliseconds after which a key is pressed again
READ = 600  # milliseconds from a picture to the next key: an answer is whole, with its ranges

_RECORDER = (Path(__file__).resolve().parent / "recorder.js").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Usable:
    """Seconds from the navigation until the page was shown, and until it had answered a move."""

    shown: float
    answered: float


@dataclass(frozen=True)
class Moves:
    """Milliseconds from a key to the answer, to the first picture, and to the last."""

    answer: list[float]
    picture: list[float]
    everything: list[float]


def new_page(context: BrowserContext, app: App) -> Page:
    """Make a page that will record what its slider does."""
    page = context.new_page()
    page.add_init_script(f"({_RECORDER})({json.dumps([app.places(), PICTURES, RANGES])})")
    return page


def show(page: Page, app: App, address: str, patience: float = PATIENCE) -> None:
    """Open an app and wait until everything of it is shown."""
    page.goto(address + app.path, wait_until="commit", timeout=patience)
    page.wait_for_function("() => window.peer?.shown", timeout=patience)


def opened(context: BrowserContext, app: App, address: str) -> Page:
    """Give a page on which an app is shown."""
    page = new_page(context, app)
    show(page, app, address)
    return page


def _press(page: Page, app: App, key: str) -> None:
    page.locator(app.slider).nth(app.nth).focus()
    page.keyboard.press(key)


def first_answer(page: Page, app: App) -> Usable:
    """Move the slider as soon as the page is shown; again where it does not listen yet."""
    answered = "() => window.peer.moves.find((move) => move.answer !== undefined)"
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        _press(page, app, "ArrowRight")
        with suppress(Error):
            page.wait_for_function(answered, timeout=UNANSWERED)
            break
    move = page.evaluate(answered)
    shown = page.evaluate("window.peer.shown")
    return Usable(shown / 1000, (move["at"] + move["answer"]) / 1000)


def _expected(steps: int) -> str:
    """Give the headline after so many steps of the slider."""
    values = [lever.start for lever in LEVERS]
    values[LEVERS.index(LEVER)] = LEVER.start + steps * LEVER.step
    return answer(*values).headline


def moving(page: Page, app: App, times: int) -> Moves:
    """Move the slider one step at a time, some steps up and as many down.

    Raises:
        RuntimeError: the page does not say what the library does.
    """
    page.wait_for_timeout(1500)
    page.evaluate("() => { window.peer.moves.length = 0; }")
    for step in range(times):
        _press(page, app, "ArrowLeft" if step // STEPS % 2 else "ArrowRight")
        page.wait_for_function("() => window.peer.moves.at(-1)?.picture", timeout=10_000)
        page.wait_for_timeout(READ)
        if step == STEPS - 1 and _expected(STEPS) not in page.evaluate("window.peer.said()"):
            raise RuntimeError(f"{app.name} does not give the library's answer.")
    moves = page.evaluate("window.peer.moves")
    return Moves(
        answer=[move["answer"] for move in moves if "answer" in move],
        picture=[move["picture"] for move in moves],
        everything=[move["last"] for move in moves],
    )
