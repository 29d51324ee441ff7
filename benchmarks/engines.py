"""Measure the month-by-month engine, alone and beside a discrete-event library (SimPy).

Usage: python benchmarks/engines.py [--quick]

SimPy is no part of the product. Where it is absent the comparison is left out:
`pip install simpy` in any environment that has the library's own packages.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from retention_lib.plans.effects import driven, worlds_of  # noqa: E402
from retention_lib.plans.numbers import NO_DRAWS, Numbers  # noqa: E402
from retention_lib.plans.plan import MONTHS, Plan  # noqa: E402
from retention_lib.plans.ranges import batch, drawn, spread  # noqa: E402
from retention_lib.rates import FloatArray  # noqa: E402
from retention_lib.workforce.engine import (  # noqa: E402
    BANDS,
    CLASS_MONTH,
    Drivers,
    Start,
    calendar_month,
    play,
)
from retention_lib.workforce.engine import Path as Played  # noqa: E402
from retention_lib.workforce.luck import Luck  # noqa: E402

COUNCIL = "802"
DRAWS = 10_000
DRAWS_TRIED = (2_500, 5_000, 10_000, 20_000)
MONTHS_TRIED = (12, 24, 48, 96)
BUDGET = 0.5  # seconds
EVENT_DRAWS = 20
FAR = 4.0  # standard errors


@dataclass(frozen=True)
class Service:
    """One service and what drives it, months repeated so that any number can be played."""

    start: Start
    drivers: Drivers

    def over(self, months: int) -> Drivers:
        """Give the drivers of so many months: the four years, again and again."""
        flows = np.arange(months) % MONTHS
        levels = np.concatenate([[0], flows + 1])
        given = vars(self.drivers)
        found: dict[str, Any] = {}
        for name, value in given.items():
            if isinstance(value, dict):
                found[name] = {band: one[..., flows] for band, one in value.items()}
            elif value.ndim and value.shape[-1] == MONTHS:
                found[name] = value[..., flows]
            elif value.ndim and value.shape[-1] == MONTHS + 1:
                found[name] = value[..., levels]
            else:
                found[name] = value
        return Drivers(**found)


def plan_of(*kinds: str) -> Plan:
    """Make a plan of one council with some measures of the catalogue."""
    return Plan.from_dict(
        {
            "schema": 1,
            "kind": "invest_to_save",
            "council": COUNCIL,
            "measures": [{"kind": kind} for kind in kinds],
        }
    )


def service() -> Service:
    """Start the council's service as it would go anyway."""
    numbers = Numbers(plan_of(), NO_DRAWS)
    return Service(numbers.start, numbers.drivers)


def seconds(call: Callable[[], object], times: int) -> float:
    """Call something so often, once before; gives the median."""
    call()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def by_engine(of: Service, draws: int, months: int = MONTHS, seed: int = 0) -> Played:
    """Play whole people through the engine."""
    return play(of.start, of.over(months), Luck(np.random.default_rng(seed), draws))


def two_worlds(plan: Plan, draws: int) -> Played:
    """Play a plan and the service without it through the engine, nothing priced."""
    numbers = Numbers(plan, drawn(plan, draws, 0))
    drive = driven(numbers, worlds_of(len(plan.measures), each_alone=False))
    return play(numbers.start, drive.drivers, Luck(np.random.default_rng(0), draws))


# The same rules with SimPy: every social worker a process, and the service a process.


class Events:
    """One draw of a service as events: people who leave, move on and are taken on."""

    def __init__(self, simpy: Any, of: Service, rng: np.random.Generator) -> None:
        self.env = simpy.Environment()
        self.rng = rng
        self.of = of
        self.by = of.drivers
        self.staff = dict.fromkeys(BANDS, 0)
        self.left = 0
        self.agency_months = 0.0
        self.caseload: list[float] = []
        first = of.start.first_month
        since = (first - CLASS_MONTH) % 12 or 12
        for band in BANDS:
            for _ in range(self._whole(float(of.start.staff[band]))):
                self._take_on(band, 1 - since)
        self._share_out(0)
        self.env.process(self._service())

    def run(self) -> Events:
        """Let the months pass."""
        self.env.run(until=MONTHS + 0.75)
        return self

    def _whole(self, expected: float) -> int:
        down = int(expected // 1)
        return down + int(self.rng.random() < expected - down)

    def _take_on(self, band: str, joined: int) -> None:
        self.staff[band] += 1  # type: ignore[index]  # the names of bands
        self.env.process(self._person(band, joined))

    def _person(self, band: str, joined: int) -> Iterator[Any]:
        """Stay or leave each month; be newly qualified for twelve; perhaps become a senior."""
        staff: dict[str, int] = self.staff  # type: ignore[assignment]  # the names of bands
        while True:
            yield self.env.timeout(1 if self.env.now % 1 == 0 else 0.5)
            month = int(self.env.now)
            if self.rng.random() < self._chance(band, month):
                staff[band] -= 1
                self.left += 1
                return
            now = band
            if band == "newly_qualified" and month - joined >= 12:
                now = "social_worker"
            elif band == "social_worker" and self.rng.random() < float(self.by.promotion):
                now = "senior"
            staff[band] -= 1
            staff[now] += 1
            band = now

    def _chance(self, band: str, month: int) -> float:
        rise = self.caseload[-1] - float(self.by.usual_caseload[month - 1])
        usual = float(self.by.leaving[band][month - 1])  # type: ignore[index]
        return usual + float(self.by.caseload_effect) * rise / 12

    def _service(self) -> Iterator[Any]:
        """Halfway between the months, when all who leave have left: take people on."""
        yield self.env.timeout(0.5)
        while True:
            yield self.env.timeout(1)
            month = int(self.env.now)
            self._join(month)
            self._share_out(month)

    def _join(self, month: int) -> None:
        there = sum(self.staff.values())
        posts = float(self.by.posts[month])
        room = max(0, int(posts + float(self.by.above[month]) - there + 1e-9))
        new = min(room, self._whole(float(self.by.newly_qualified[month - 1])))
        group = min(room - new, self._whole(float(self.by.groups[month - 1])))
        expected = float(self.by.ordinary[month - 1])
        expected += float(self.by.fill) * max(0.0, posts - there)
        single = min(room - new - group, int(self.rng.poisson(max(0.0, expected))))
        for _ in range(new):
            self._take_on("newly_qualified", month)
        for _ in range(group + single):
            self._take_on("social_worker", month)

    def _share_out(self, month: int) -> None:
        there = sum(self.staff.values())
        empty = max(0.0, float(self.by.posts[month]) - there)
        agency = empty * float(self.by.cover[month]) + float(self.by.extra_agency[month])
        holders = float(self.by.case_holding[month]) * (there + agency)
        self.caseload.append(float(self.by.cases[month]) / holders)
        if month:
            self.agency_months += agency


def simpy_or_none() -> Any:
    """Import SimPy where it is installed."""
    try:
        return importlib.import_module("simpy")
    except ImportError:
        return None


def compared(simpy: Any, of: Service, draws: int) -> list[tuple[str, float, float, float]]:
    """Play draws both ways; gives for each figure both means, and how many errors apart."""
    engine = by_engine(of, DRAWS, seed=1)
    runs = [Events(simpy, of, np.random.default_rng([7, each])).run() for each in range(draws)]
    both: dict[str, tuple[FloatArray, list[float]]] = {
        "leavers in four years": (
            engine.all_leavers.sum(axis=-1)[0], [float(each.left) for each in runs]
        ),
        "staff at the end": (
            engine.in_post[0, :, -1], [float(sum(each.staff.values())) for each in runs]
        ),
        "newly qualified at the end": (
            engine.staff["newly_qualified"][0, :, -1],
            [float(each.staff["newly_qualified"]) for each in runs],
        ),
        "seniors at the end": (
            engine.staff["senior"][0, :, -1], [float(each.staff["senior"]) for each in runs]
        ),
        "agency, person-months": (
            engine.agency[0, :, 1:].sum(axis=-1), [each.agency_months for each in runs]
        ),
        "caseload at the end": (engine.caseload[0, :, -1], [each.caseload[-1] for each in runs]),
    }  # fmt: skip
    found = []
    for name, (ours, theirs) in both.items():
        error = float(np.hypot(ours.std() / ours.size**0.5, np.std(theirs) / len(theirs) ** 0.5))
        apart = (float(np.mean(theirs)) - float(ours.mean())) / error if error else 0.0
        found.append((name, float(ours.mean()), float(np.mean(theirs)), apart))
    return found


def linear(title: str, sizes: tuple[int, ...], measured: list[float]) -> list[str]:
    """Write times beside what they would be in proportion to the largest size's."""
    rows = [f"{title:>8}{'seconds':>10}{'per unit, of the largest':>28}"]
    for size, found in zip(sizes, measured, strict=True):
        share = (found / size) / (measured[-1] / sizes[-1])
        rows.append(f"{size:>8,}{found:>10.3f}{share:>28.2f}")
    return rows


def speed(of: Service, times: int) -> tuple[list[str], float]:
    """Measure the engine alone; gives the lines, and seconds of one world."""
    one = seconds(lambda: by_engine(of, DRAWS), times)
    plan = plan_of("recognition", "academy", "extra_posts")
    both = seconds(lambda: batch(plan, 0, DRAWS), times)
    engine = seconds(lambda: two_worlds(plan, DRAWS), times)
    ranges = seconds(lambda: spread(plan, DRAWS), times)
    rows = [f"{DRAWS:,} draws, {MONTHS} months, all bands (median of {times})"]
    for name, found in (
        ("engine, one world", one),
        ("engine, a plan's two worlds", engine),
        ("a plan's batch, money and tests too", both),
        ("a plan's ranges, in batches as shown", ranges),
    ):
        verdict = "within" if found <= BUDGET else "OVER"
        rows.append(f"  {name:<38}{found:>8.3f} s   {verdict} {BUDGET:g} s")
    by_draws = [seconds(lambda size=size: by_engine(of, size), times) for size in DRAWS_TRIED]  # type: ignore[misc]
    by_months = [
        seconds(lambda size=size: by_engine(of, DRAWS, size), times)  # type: ignore[misc]
        for size in MONTHS_TRIED
    ]
    rows += ["", *linear("draws", DRAWS_TRIED, by_draws)]
    rows += ["", *linear("months", MONTHS_TRIED, by_months)]
    return rows, one


def beside_events(of: Service, times: int, one_world: float) -> list[str]:
    """Compare with SimPy: what both find, and how long a draw takes."""
    simpy = simpy_or_none()
    if simpy is None:
        return ["SimPy is not installed, so the engine is compared with nothing."]
    rows = [f"SimPy {simpy.__version__}, one world, {EVENT_DRAWS} draws; engine {DRAWS:,}"]
    rows.append(f"  {'mean of':<30}{'engine':>10}{'SimPy':>10}{'errors apart':>14}")
    for name, ours, theirs, apart in compared(simpy, of, EVENT_DRAWS):
        verdict = "" if abs(apart) < FAR else "  APART"
        rows.append(f"  {name:<30}{ours:>10.2f}{theirs:>10.2f}{apart:>14.1f}{verdict}")
    rng = np.random.default_rng(9)
    event = seconds(lambda: Events(simpy, of, rng).run(), 3 * times)
    alone = seconds(lambda: by_engine(of, 1), 3 * times)
    each = one_world / DRAWS
    rows += ["", f"  {'one draw takes':<40}{'milliseconds':>14}{'of the engine':>15}"]
    for name, took in (
        (f"engine, {DRAWS:,} at once", each),
        ("engine, one alone", alone),
        (f"SimPy {simpy.__version__}", event),
    ):
        rows.append(f"  {name:<40}{1000 * took:>14.4f}{took / each:>15,.0f}")
    return rows


def months_agree() -> None:
    """Make sure that the first month is April, as the events take it to be."""
    assert calendar_month(6, 4) == CLASS_MONTH


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    times = 3 if parser.parse_args().quick else 9
    months_agree()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{platform.system()}, Python {platform.python_version()}, numpy {np.__version__}, "
          f"{os.cpu_count()} cores{load}\n")  # fmt: skip
    of = service()
    rows, one_world = speed(of, times)
    print("\n".join([*rows, "", *beside_events(of, times, one_world)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
