"""Measure what a visitor waits for, each figure beside its budget.

Usage: python benchmarks/run.py [--json] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    ViewportSize,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.library import (  # noqa: E402
    Figure,
    councils_compared,
    library,
    plans_appraised,
    taken_away,
)
from retention_lib.assumptions import register  # noqa: E402

HOST = "127.0.0.1"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
OPTIONS = ("--disable-background-networking", "--disable-gpu", "--no-first-run", "--no-sandbox")
SIZE: ViewportSize = {"width": 1400, "height": 900}


@dataclass(frozen=True)
class Workbook:
    """A workbook that is measured: its page, and the slider that is moved."""

    name: str
    path: str
    lever: str


WORKBOOKS = (
    Workbook(
        "incentives",
        "/voila/render/01_incentives.ipynb",
        f"{register()['leaving_reduction'].label}, slider",
    ),
    Workbook(
        "invest to save",
        "/voila/render/02_invest_to_save.ipynb",
        "Agency staff who convert: people it brings a year (from agency), slider",
    ),
    Workbook(
        "benchmarks",
        "/voila/render/03_benchmarks.ipynb",
        "Has anyone done this: a change of, slider",
    ),
)

BUDGETS = {"picture": 50.0, "picture, 95th": 80.0, "settled": 1000.0, "cold": 2.5, "warm": 1.0}
"""Of a move in milliseconds, of an opening in seconds."""

REFILL = 10.0  # seconds in which the server makes another page ready

# What an answer says only once its ranges are in: they follow some time after it.
RANGES = "chance that"

# In the page: when the slider moved, when the headline next changed and the first picture after it,
# and when each picture and the answer last did; changes with the ranges in are kept apart.
RECORDER = """([lever, ranges]) => {
    window.moves = [];
    const slider = document.querySelector(`input[aria-label="${lever}"]`);
    slider.addEventListener("input", () => {
        window.moves.push({ at: performance.now(), changed: {}, refined: {} });
    }, { capture: true });
    const answer = document.querySelector(".rw-answer");
    const watch = (name, place) => new MutationObserver(() => {
        const last = window.moves.at(-1);
        if (!last) return;
        const after = performance.now() - last.at;
        if (name === "headline") {
            last.headline ??= after;
            return;
        }
        if (name !== "answer" && last.headline !== undefined) last.picture ??= after;
        const hasRanges = answer.textContent.includes(ranges);
        last.isPlain ||= !hasRanges; // until then they are those of the answer before
        last[hasRanges && last.isPlain ? "refined" : "changed"][name] = after;
    }).observe(place, { childList: true, subtree: true, characterData: true });
    watch("answer", answer);
    watch("headline", answer.querySelector(".rw-big"));
    document.querySelectorAll("figure").forEach((figure, index) => {
        const drawing = figure.querySelector(".rw-drawing");
        if (drawing.innerHTML) watch(`picture ${index}`, drawing);
    });
    slider.focus();
}"""

# Milliseconds from a picture to the next move. In the first series any part of the rest of an
# answer may be cut off, or its ranges; in the second all but the ranges is shown.
PAUSES = tuple(range(25, 1000, 139))
AT_REST = (600,)

ANSWERED = "() => window.moves.at(-1)?.picture"
REFINED = "() => Object.keys(window.moves.at(-1).refined).length > 1"

# From the first byte: wait for the slider, move it, and note when the answer has changed.
FIRST_ANSWER = """
    const look = () => {
        const slider = document.querySelector(`input[aria-label="LEVER"]`);
        const answer = document.querySelector(".rw-answer")?.textContent;
        if (!document.body?.hasAttribute("data-ready") || !slider || !answer) {
            requestAnimationFrame(look);
            return;
        }
        window.shownAfter = performance.now();
        slider.value = Number(slider.value) + 5 * Number(slider.step);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        const wait = () => {
            const now = document.querySelector(".rw-answer")?.textContent;
            if (now !== answer && !now.includes("RANGES")) {
                window.answeredAfter = performance.now();
            } else {
                requestAnimationFrame(wait);
            }
        };
        wait();
    };
    requestAnimationFrame(look);
"""

MARKS = """() => [
    performance.getEntriesByType("navigation")[0].responseEnd,
    window.shownAfter,
    window.answeredAfter,
]"""


@dataclass(frozen=True)
class Opening:
    """A page that was opened: seconds until it was sent, until it was shown, until it answered."""

    sent: float
    shown: float
    answered: float


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    address: str
    process: int


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(warm: int) -> Iterator[Server]:
    """Run a server that keeps so many pages ready, and give it as soon as it says it is there."""
    port = free_port()
    chosen = f"Options({port}, open_browser=False, warm={warm})"
    code = f"from retention_lib.views.server import Options, serve; serve({chosen})"
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("The server did not start.")
        yield Server(f"http://{HOST}:{port}", process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that has never been here: nothing is in its cache."""
    context = browser.new_context(viewport=SIZE, locale="en-GB")
    yield context
    context.close()


def usable_after(context: BrowserContext, server: Server, workbook: Workbook) -> Opening:
    """Open the page, move its slider as soon as it is shown, and wait for the answer."""
    page = context.new_page()
    page.add_init_script(FIRST_ANSWER.replace("LEVER", workbook.lever).replace("RANGES", RANGES))
    page.goto(server.address + workbook.path, wait_until="commit")
    page.wait_for_function("() => window.answeredAfter", timeout=60_000)
    sent, shown, answered = page.evaluate(MARKS)
    page.close(run_before_unload=True)
    return Opening(sent / 1000, shown / 1000, answered / 1000)


def cold_pages(browser: Browser, workbook: Workbook, warm: int, times: int) -> list[Opening]:
    """Open the first page of a server that has just started, so many times."""
    found = []
    for _ in range(times):
        with serving(warm) as server, visitor(browser) as context:
            found.append(usable_after(context, server, workbook))
    return found


def warm_pages(
    browser: Browser, server: Server, workbook: Workbook, times: int, cached: bool
) -> list[Opening]:
    """Open pages for which the server has one ready; with or without files in the cache."""
    found = []
    with visitor(browser) as regular:
        if cached:
            usable_after(regular, server, workbook)
        for _ in range(times):
            time.sleep(REFILL)
            if cached:
                found.append(usable_after(regular, server, workbook))
            else:
                with visitor(browser) as context:
                    found.append(usable_after(context, server, workbook))
    return found


def open_page(context: BrowserContext, server: Server, workbook: Workbook) -> Page:
    """Open the page and record what its slider does."""
    page = context.new_page()
    page.goto(server.address + workbook.path, wait_until="commit")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    page.wait_for_timeout(1500)  # pictures are drawn once more, for the room they have
    page.evaluate(RECORDER, [workbook.lever, RANGES])
    return page


@dataclass(frozen=True)
class Moves:
    """Milliseconds from each move's input event: to the headline, the first picture, the last."""

    headline: list[float]
    picture: list[float]
    everything: list[float]


def moves_by_keyboard(page: Page, times: int, pauses: Sequence[int]) -> Moves:
    """Move the slider by keyboard, one step at a time, after these pauses in turn."""
    page.evaluate("window.moves = []")
    for step in range(times):
        page.keyboard.press("ArrowLeft" if step // 5 % 2 else "ArrowRight")
        page.wait_for_function(ANSWERED, timeout=10_000)
        page.wait_for_timeout(pauses[step % len(pauses)])
    moves = page.evaluate("window.moves")
    changed = [move["changed"] for move in moves]
    return Moves(
        headline=[move["headline"] for move in moves],
        picture=[move["picture"] for move in moves],
        everything=[max(each.values()) for each in changed if each],
    )


def settle_after_drag(page: Page, lever: str) -> tuple[float, float | None]:
    """Drag the slider to and fro for a second.

    Returns:
        Milliseconds until nothing of the answer changes, and until its ranges are in; None where
        the page has none.
    """
    box = page.locator(f'input[aria-label="{lever}"]').bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.evaluate("window.moves = []")
    page.mouse.move(box["x"] + box["width"] * 0.1, middle)
    page.mouse.down()
    end = time.monotonic() + 1
    while time.monotonic() < end:
        part = 0.1 + 0.8 * abs((time.monotonic() * 2) % 2 - 1)
        page.mouse.move(box["x"] + box["width"] * part, middle)
        time.sleep(0.012)
    page.mouse.up()
    page.wait_for_timeout(1500)
    has_ranges = page.locator(".rw-refining").count() > 0
    if has_ranges:
        page.wait_for_function(REFINED, timeout=20_000)
        page.wait_for_timeout(300)
    last = page.evaluate("window.moves.at(-1)")
    refined = max(last["refined"].values()) if has_ranges else None
    return max(0.0, *last["changed"].values()), refined


def bytes_loaded(browser: Browser, server: Server, workbook: Workbook) -> tuple[float, float]:
    """Give the megabytes that a first visit loads: files, and messages over the socket."""
    loaded = {"files": 0.0, "messages": 0.0}

    def file(event: dict[str, Any]) -> None:
        loaded["files"] += event["encodedDataLength"]

    def message(event: dict[str, Any]) -> None:
        loaded["messages"] += len(event["response"]["payloadData"])

    with visitor(browser) as context:
        page = context.new_page()
        network: CDPSession = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", file)
        network.on("Network.webSocketFrameReceived", message)
        page.goto(server.address + workbook.path, wait_until="commit")
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        page.wait_for_timeout(1500)
    return loaded["files"] / 1e6, loaded["messages"] / 1e6


@dataclass(frozen=True)
class Memory:
    """Megabytes of a kernel: all that is there for it, and what no other process shares."""

    resident: float
    own: float


def kernels_of(server: Server) -> list[int]:
    """List a server's kernels: its own children, and those forked by a child that is kept warm."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    found = [(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]
    children = {pid for pid, parent, _ in found if parent == server.process}
    return [
        pid
        for pid, parent, command in found
        if parent in children or (pid in children and "ipykernel" in command)
    ]


def memory_of(process: int) -> Memory:
    """Give the memory of a process, from what Linux tells of it."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in told[1:]}
    return Memory(sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def kernel_memory(server: Server) -> Memory | None:
    """Give the memory of the kernel that has most of its own; None where nobody tells."""
    try:
        found = [memory_of(process) for process in kernels_of(server)]
    except (OSError, subprocess.CalledProcessError):
        return None
    return max(found, key=lambda each: each.own, default=None)


def moving(browser: Browser, server: Server, workbook: Workbook, times: int) -> list[Figure]:
    """Measure one open page: moves, drags, and the kernel behind it."""
    with visitor(browser) as context:
        page = open_page(context, server, workbook)
        moves = moves_by_keyboard(page, times, PAUSES)
        rests = moves_by_keyboard(page, times // 2, AT_REST)
        drags = [settle_after_drag(page, workbook.lever) for _ in range(5)]
        memory = kernel_memory(server)
    settled, ranges = zip(*drags, strict=True)
    picture = statistics.median(moves.picture)
    found = [
        Figure("slider to headline, median", statistics.median(moves.headline), "ms"),
        Figure("slider to headline, 95th percentile", percentile(moves.headline, 95), "ms"),
        Figure("slider to picture, median", picture, "ms", BUDGETS["picture"], f"{times} moves"),
        Figure(
            "slider to picture, 95th percentile",
            percentile(moves.picture, 95),
            "ms",
            BUDGETS["picture, 95th"],
        ),
        Figure("slider to everything, median", statistics.median(rests.everything), "ms"),
        Figure("slider to everything, 95th percentile", percentile(rests.everything, 95), "ms"),
        Figure("settled after a drag of one second, median", statistics.median(settled), "ms"),
        Figure(
            "settled after a drag of one second, longest", max(settled), "ms", BUDGETS["settled"]
        ),
    ]
    if None not in ranges:
        found.append(Figure("ranges in after a drag, median", statistics.median(ranges), "ms"))
    if memory is not None:
        found.append(Figure("kernel, after use, its own", memory.own, "MB", note="USS"))
        found.append(Figure("kernel, after use, with what it shares", memory.resident, "MB"))
    return [replace(each, name=f"{workbook.name}: {each.name}") for each in found]


def opening(browser: Browser, workbook: Workbook, times: int) -> list[Figure]:
    """Measure how long a page takes to come, with nothing ready and with one ready."""

    def figure(name: str, opened: Sequence[Opening], budget: float, note: str) -> Figure:
        seconds = [each.answered for each in opened]
        sent = statistics.median(each.sent for each in opened)
        shown = statistics.median(each.shown for each in opened)
        parts = (
            f"{note}; {min(seconds):.1f} to {max(seconds):.1f}; sent {sent:.1f}, shown {shown:.1f}"
        )
        return Figure(
            f"{workbook.name}: usable, {name}", statistics.median(seconds), "s", budget, parts
        )

    none_ready = cold_pages(browser, workbook, 0, times)
    just_started = cold_pages(browser, workbook, 1, times)
    with serving(1) as server:
        new = warm_pages(browser, server, workbook, times, cached=False)
        again = warm_pages(browser, server, workbook, times, cached=True)
        files, messages = bytes_loaded(browser, server, workbook)
    return [
        figure("cold: no page ready", none_ready, BUDGETS["cold"], "keeps none ready"),
        figure("cold: as shipped", just_started, BUDGETS["cold"], "server just started"),
        figure("warm: new visitor", new, BUDGETS["warm"], "nothing in the cache"),
        figure("warm: visitor who was here", again, BUDGETS["warm"], "files in the cache"),
        Figure(f"{workbook.name}: loaded, files", files, "MB", note="first visit"),
        Figure(f"{workbook.name}: loaded, messages", messages, "MB"),
    ]


def percentile(values: Sequence[float], part: int) -> float:
    """Give a percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def launch(play: Any) -> Browser:
    """Start a browser without a window: this computer's, or Playwright's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    browser: Browser = play.chromium.launch(
        args=list(OPTIONS), executable_path=found or play.chromium.executable_path
    )
    return browser


def measure(quick: bool) -> list[Figure]:
    """Measure everything."""
    moves, openings, calls = (40, 2, 15) if quick else (60, 5, 60)
    found = library(calls) + plans_appraised(calls) + councils_compared(calls) + taken_away()
    with sync_playwright() as play:
        browser = launch(play)
        for workbook in WORKBOOKS:
            with serving(1) as server:
                time.sleep(REFILL)
                found += moving(browser, server, workbook, moves)
            found += opening(browser, workbook, openings)
        browser.close()
    return found


def machine() -> str:
    """Say what it was measured on."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores{load}"


def table(found: Sequence[Figure]) -> str:
    """Write the figures for people."""
    lines = []
    for each in found:
        digits = 0 if each.value >= 100 else 1 if each.value >= 10 else 2
        budget = "" if each.budget is None else f"{each.verdict} {each.budget:g} {each.unit}"
        value = f"{each.value:.{digits}f} {each.unit}"
        lines.append(f"{each.name:<62}{value:>10}  {budget:<15} {each.note}".rstrip())
    return "\n".join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    options = parser.parse_args()
    before = machine()
    found = measure(options.quick)
    if options.json:
        rows = [{**asdict(each), "verdict": each.verdict} for each in found]
        print(json.dumps({"machine": before, "figures": rows}, indent=1))
    else:
        print(f"{before}\n\n{table(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
