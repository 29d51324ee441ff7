"""The answer about a plan: numbers, tests, tables, words and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from retention_lib.assumptions import Quality
from retention_lib.plans.claims import LeavingClaim
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.recruit_claims import RecruitClaim
from retention_lib.plans.verdicts import Verdict
from retention_lib.results import Answered, Check, Step, plain
from retention_lib.uncertainty import Spread

Level = Literal["cases", "pounds", "share", "people"]


@dataclass(frozen=True, kw_only=True)
class TestYear:
    """One financial year of a test: its figure, the same without the plan, and whether it passes.

    Each is written out too, as the figures of a test are of several kinds.
    """

    label: str
    figure: float
    without: float | None
    passed: bool
    text: str
    without_text: str


@dataclass(frozen=True, kw_only=True)
class FourTest:
    """One of the four tests: its question, its figure by year, its threshold and its verdict.

    `chance` is the share of draws in which it is met in the last year, None until they are drawn.
    """

    key: str
    question: str
    figure: str
    threshold: str
    start_text: str
    years: tuple[TestYear, ...]
    verdict: Verdict
    says: str
    chance: float | None = None

    @property
    def if_all_holds(self) -> bool:
        """Whether it is met if every assumption holds, and yet in fewer than half of the draws."""
        is_met = self.verdict in {"met", "met anyway"}
        return is_met and self.chance is not None and self.chance < 1 / 2


@dataclass(frozen=True, kw_only=True)
class GuardLine:
    """One measure of quality: at the start, and in one year without the plan and with it.

    The year is the last, or, where quality falls, the one in which it is worst.
    """

    key: str
    label: str
    year: str
    start_text: str
    without_text: str
    with_text: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class Course:
    """One figure month by month, without the plan and with it; band of the plan where drawn."""

    key: str
    title: str
    kind: Level
    without: tuple[float, ...]
    with_plan: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class StaffStack:
    """People at the start and each year's end by experience, without the plan and with it."""

    key: str
    label: str
    without: tuple[float, ...]
    with_plan: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """When a measure runs, who gets what, and its money by year with the pay of posts it adds.

    Months count from 0; it runs from the start of month `first` to the end of month `last`, None
    where it goes on.
    """

    index: int
    name: str
    gets: str
    first: int
    last: int | None
    ramp: int
    cost_by_year: tuple[float, ...]
    net: float


@dataclass(frozen=True, kw_only=True)
class RegionSide:
    """The same plan from the region's side: what neighbours lose is no gain.

    `displaced_share` is the share of the people gained who would have worked for another council.
    """

    saving: float
    net: float
    displaced_share: float
    people_gained: float


@dataclass(frozen=True, kw_only=True)
class NetBar:
    """What an uncertain number alone does to four years' net cash, in pounds."""

    path: str
    label: str
    low_text: str
    high_text: str
    net_at_low: float
    net_at_high: float


@dataclass(frozen=True, kw_only=True)
class MarkedMeasure:
    """One measure and its marks for optimism: the grades of what it does and of what it costs.

    `saving` and `cost` are its shares of the plan's, in the council's cash over four years;
    `taken_off` is what `down` takes off the one and `up` puts on the other, month by month.
    """

    name: str
    evidence: Quality
    money: Quality
    down: float
    up: float
    saving: float
    cost: float
    taken_off: float


@dataclass(frozen=True, kw_only=True)
class PlanSide:
    """One of two answers, as assumed or marked down for optimism; pounds over four years.

    `saving`, `cost` and `net` are the council's cash; `npv` is the economic view.
    """

    saving: float
    cost: float
    net: float
    npv: float


@dataclass(frozen=True, kw_only=True)
class PlanOptimism:
    """Both answers, as assumed and marked down for weak evidence; `on` says which one is given.

    `down` and `up` are the shares taken off all savings and put on all costs together, `allowance`
    what both come to in the council's cash.
    """

    on: bool
    down: float
    up: float
    allowance: float
    measures: tuple[MarkedMeasure, ...]
    as_assumed: PlanSide
    marked_down: PlanSide

    @property
    def given(self) -> PlanSide:
        """The answer that is given."""
        return self.marked_down if self.on else self.as_assumed

    @property
    def other(self) -> PlanSide:
        """The answer that is told beside it."""
        return self.as_assumed if self.on else self.marked_down


@dataclass(frozen=True, kw_only=True)
class PlanResult(Answered):
    """What a four-year plan costs, changes and saves.

    Pounds; `net*` and `npv` are positive where the council, or everyone, gains. `investment` is
    what the measures cost the council, the pay of the posts they add included; `saving` what the
    service then costs less; `due_later` what falls due after the four years, in neither. `net` is
    the cash of the budget view; `npv` the economic view, in real terms and discounted, with work
    done counted. `needed_times` is how many times as large the effects would have to be for the
    money to be back in four years; None where nothing is enough.
    """

    tests: tuple[FourTest, ...]
    guard: tuple[GuardLine, ...]
    investment: float
    saving: float
    net: float
    npv: float
    excel_npv: float
    net_by_year: tuple[float, ...]
    investment_by_year: tuple[float, ...]
    saving_by_year: tuple[float, ...]
    economic_net_by_year: tuple[float, ...]
    elsewhere: float
    due_later: float
    payback_month: int | None
    needed_times: float | None
    asked: tuple[float, float]
    years: tuple[str, ...]
    courses: tuple[Course, ...]
    stacks: tuple[StaffStack, ...]
    timeline: tuple[TimelineRow, ...]
    region: RegionSide
    bridge: tuple[Step, ...]
    optimism: PlanOptimism
    tornado: tuple[NetBar, ...]
    claims: tuple[LeavingClaim, ...]
    recruits: tuple[RecruitClaim, ...]
    checks: tuple[Check, ...]
    filled: tuple[str, ...]
    ranges: Ranges | None = None

    @property
    def met(self) -> int:
        """How many of the four tests are met by the last year."""
        return sum(test.verdict == "met" for test in self.tests)

    @property
    def quality_kept(self) -> bool:
        """Whether no measure of quality falls."""
        return all(line.kept for line in self.guard)

    def course(self, key: str) -> Course:
        """Give one of the courses.

        Raises:
            KeyError: naming the courses there are.
        """
        for each in self.courses:
            if each.key == key:
                return each
        raise KeyError(f"No course {key!r}; there are {[each.key for each in self.courses]}")

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as JSON holds it, unrounded."""
        own = {
            name: plain(getattr(self, name))
            for name in self.__dataclass_fields__
            if name not in {"tables", "ranges"}
        }
        return {
            **own,
            "met": self.met,
            "quality_kept": self.quality_kept,
            "ranges": None if self.ranges is None else ranges_dict(self.ranges),
            "tables": {each.key: each.records() for each in self.tables},
        }


def ranges_dict(ranges: Ranges) -> dict[str, Any]:
    """Give ranges as JSON holds them: the 10th, 50th and 90th percentile of each figure."""
    found: dict[str, Any] = {}
    for name in ranges.__dataclass_fields__:
        value = getattr(ranges, name)
        if isinstance(value, Spread):
            ends = (("p10", value.low), ("p50", value.middle), ("p90", value.high))
            found[name] = {key: end.tolist() for key, end in ends}
        else:
            found[name] = dict(value) if hasattr(value, "keys") else value
    return found
