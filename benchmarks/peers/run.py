"""Measure the same app in five frameworks, in the same browser and the same run.

Usage: python benchmarks/peers/run.py --peers-python PYTHON [--quick] [--json] [--only dash,panel]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.library import milliseconds
from benchmarks.peers.apps import APPS, App
from benchmarks.peers.model import LEVERS, answer
from benchmarks.peers.pages import Moves, Usable, first_answer, moving, opened
from benchmarks.peers.report import Measured, report
from benchmarks.peers.servers import Memory, Running, memory_at_rest, processor_time, running
from benchmarks.peers.visits import visit
from benchmarks.run import launch, machine, visitor
from retention_lib.presets import FIRST, preset
from retention_lib.views.incentives_form import sections

# Sessions opened beside the first: ours keeps 16 pages at most, those it has ready included.
MORE = 8
VERSIONS = (
    "import sys; from importlib.metadata import version; "
    "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))"
)


@dataclass(frozen=True)
class Bench:
    """What all measurements need: the browser, the interpreters, how often."""

    browser: Browser
    ours: str
    peers: str
    openings: int
    moves: int

    def python(self, app: App) -> str:
        """Choose the interpreter that an app runs in."""
        return self.ours if app.is_ours else self.peers


def cold(bench: Bench, app: App) -> tuple[list[Usable], list[float]]:
    """Be the first visitor of a server that has just started, so many times.

    Returns:
        the openings, and the seconds from starting the server to the first answer.
    """
    found, whole = [], []
    for _ in range(bench.openings):
        with running(app, bench.python(app), app.offline) as server:
            with visitor(bench.browser) as context:
                before = time.monotonic() - server.started
                found.append(first_answer(opened(context, app, server.address), app))
            whole.append(before + found[-1].answered)
    return found, whole


def warm(bench: Bench, app: App, server: Running) -> list[Usable]:
    """Be a new visitor of a server that others have used; nothing is in the browser's cache."""
    found = []
    for _ in range(bench.openings):
        time.sleep(app.rest)
        with visitor(bench.browser) as context:
            page = opened(context, app, server.address)
            found.append(first_answer(page, app))
            page.close(run_before_unload=True)
    return found


def sessions(bench: Bench, app: App, server: Running) -> tuple[Memory, Memory]:
    """Weigh the server with one session open, and each of more; all have moved."""
    with ExitStack() as held:

        def open_one() -> None:
            context = held.enter_context(visitor(bench.browser))
            first_answer(opened(context, app, server.address), app)

        open_one()
        one = memory_at_rest(server.mark, app.rest)
        for _ in range(MORE):
            open_one()
        more = memory_at_rest(server.mark, app.rest)
    return one, Memory(
        (more.proportional - one.proportional) / MORE,
        (more.own - one.own) / MORE,
    )


def at_rest(bench: Bench, app: App, server: Running) -> tuple[Moves, float]:
    """Move the slider of one page, and give the milliseconds that the server worked for a move."""
    with visitor(bench.browser) as context:
        page = opened(context, app, server.address)
        time.sleep(app.rest)
        before = processor_time(server.mark)
        moves = moving(page, app, bench.moves)
        worked = processor_time(server.mark) - before
        page.close(run_before_unload=True)
    return moves, 1000 * worked / bench.moves


def measured(bench: Bench, app: App) -> Measured:
    """Measure one app."""
    load, python = os.getloadavg()[0], bench.python(app)
    as_default = visit(bench.browser, app, python, app.default)
    offline = visit(bench.browser, app, python, app.offline) if app.offline else None
    opened_cold, whole = cold(bench, app)
    with running(app, python, app.offline) as server:
        opened_warm = warm(bench, app, server)
        moves, worked = at_rest(bench, app, server)
    with running(app, python, app.offline) as server:
        one, a_session = sessions(bench, app, server)
    return Measured(
        name=app.name,
        versions=versions(app, python),
        load=load,
        cold=opened_cold,
        from_start=whole,
        warm=opened_warm,
        moves=moves,
        worked=worked,
        one=one,
        a_session=a_session,
        as_default=as_default,
        offline=offline,
        offline_words=app.offline_words,
    )


def versions(app: App, python: str) -> str:
    """Say which versions of an app's packages are installed."""
    told = subprocess.run(
        [python, "-c", VERSIONS, *app.packages], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def same_levers() -> bool:
    """Tell whether the peers have the sliders that stand first on our own page."""
    case = preset(FIRST)
    first = sections(case.scenario, case.scenario, case)[0]
    return [field["label"] for field in first["fields"]] == [lever.label for lever in LEVERS]


def all_measured(bench: Bench, wanted: Sequence[App]) -> list[Measured]:
    """Measure each app; one that fails is named on standard error and left out."""
    found = []
    for app in wanted:
        started = time.monotonic()
        try:
            found.append(measured(bench, app))
        except (BrowserError, RuntimeError, OSError, subprocess.SubprocessError) as problem:
            where = traceback.extract_tb(problem.__traceback__)[1].name
            print(f"{app.name} failed in {where}: {problem}", file=sys.stderr)
        print(f"{app.name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


def arguments() -> argparse.Namespace:
    """Read the command line."""
    names = [app.name for app in APPS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers-python", required=True, help="the peers' interpreter")
    parser.add_argument("--python", default=sys.executable, help="ours; this one unless told")
    parser.add_argument("--only", default=",".join(names), help=f"some of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(names)
    if unknown:
        parser.error(f"--only {', '.join(sorted(unknown))}: choose from {', '.join(names)}")
    return options


def main() -> int:
    """Measure and print."""
    options = arguments()
    if not same_levers():
        print("The peers' sliders are not those of our own page: see model.py.", file=sys.stderr)
        return 1
    before = f"{dt.date.today():%d %B %Y}, {machine()}"
    model = milliseconds(lambda: answer(*(lever.start for lever in LEVERS)), 20)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are ended first
    wanted = [app for app in APPS if app.name in options.only.split(",")]
    with sync_playwright() as play:
        browser = launch(play)
        openings, moves = (2, 40) if options.quick else (4, 60)
        bench = Bench(browser, options.python, options.peers_python, openings, moves)
        found = all_measured(bench, wanted)
        before += f", Chromium {browser.version}"
        browser.close()
    if options.json:
        rows = [asdict(each) for each in found]
        print(json.dumps({"machine": before, "model_ms": model, "apps": rows}, indent=1))
    else:
        said = f"{before}; {openings} openings of each kind, {moves} moves."
        print(f"{said}\nThe answer and its pictures alone take {model:.0f} ms.\n\n{report(found)}")
    return 0 if len(found) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
