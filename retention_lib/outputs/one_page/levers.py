"""Which two or three numbers can still be moved on a page, and what a page is asked at each stop.

A few numbers, each with a few round values: every answer is worked out beforehand, so a third
lever multiplies the work of the first two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from retention_lib.answering import AnyDocument
from retention_lib.assumptions import Assumption, register
from retention_lib.benchmarks.answer import compare, prices_of
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.result import BenchmarkResult, WorthBar
from retention_lib.benchmarks.sensitivity import PRICED, row_of
from retention_lib.documents import Document
from retention_lib.outputs.one_page.sizes import resized
from retention_lib.outputs.one_page.steps import steps_around
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import uncertain as uncertain_of_plan
from retention_lib.plans.result import PlanResult
from retention_lib.plans.sensitivity import named, tornado_bars, worded
from retention_lib.problems import ScenarioError
from retention_lib.questions import payment_path
from retention_lib.results import Answered, IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import uncertain
from retention_lib.synthetic.question import Question
from retention_lib.units import UNITS

_ELASTICITY = "effect.pay_elasticity"
_EFFECT = "effect."
_COVERED = "covered_share"
_TARGETS = ("median", "best_quarter")

_OFFER_STOPS = (7, 8, 4)
_PLAN_SIZES = (0.5, 0.75, 1.0, 1.25, 1.5)
_PLAN_ACHIEVED = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
_PLAN_STOPS = 3
_PRICE_STOPS = (7, 5)


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A number that can be moved: its stops in order, and which of them is the scenario's own.

    `texts` are the values in words and units.
    """

    label: str
    help: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    own: int


D = TypeVar("D", Scenario, Plan, Comparison)
Make = Callable[[tuple[float, ...]], AnyDocument]


@dataclass(frozen=True)
class Levers:
    """The levers of a page, and the document at each value of all of them together."""

    levers: tuple[Lever, ...]
    make: Make


def levers_of(document: Document, result: Answered) -> Levers:
    """Choose what can be moved on a page; nothing where nothing can.

    For an offer the payment, what it does, and of all other numbers that nobody knows the one with
    the widest bar: the first is the council's choice, the second what everybody argues about, the
    third what is left to doubt. For a plan how much of it is done, as that is what a budget sets;
    how much of what is assumed comes true, as that is what members ask; and the widest bar of
    whatever is not an effect. For a comparison the figure to reach and the prices that move what
    the gap is worth. What happened in a council has happened: there is nothing to move.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> offer = preset("torbay-recognition").scenario
        >>> [lever.label for lever in levers_of(offer, evaluate(offer, draws=0)).levers]
        ['One-off or total payment, flat sum', 'Fall in leaving while people are tied in',
         'Cost of each leaver']
    """
    match document, result:
        case Scenario(), IncentiveResult():
            return _of_offer(document, result)
        case Plan(), PlanResult() if document.measures:
            return _of_plan(document, result)
        case Comparison(), BenchmarkResult():
            return _of_comparison(document, result)
        case Scenario() | Plan() | Comparison() | Question(), _:
            return Levers((), lambda _: document)
    raise TypeError(f"There is no page of a document of kind {document.kind}.")


def _of_offer(scenario: Scenario, result: IncentiveResult) -> Levers:
    """Offer the payment, its effect, and the widest of the other uncertain numbers."""
    payment, (effect, most) = payment_path(scenario), _effect(scenario, result)
    ends = {payment: (0.0, result.map.across_values[-1]), effect: (0.0, most)}
    widest = [bar for bar in result.tornado if not bar.path.startswith((payment, _EFFECT))]
    labels = {bar.path: bar.label for bar in widest[:1]}
    known = {number.key: number for number, _ in uncertain(scenario)}
    ends |= {path: (known[path].low, known[path].high) for path in labels}
    made = tuple(
        _lever(scenario, path, ends[path], stops, labels.get(path))
        for path, stops in zip(ends, _OFFER_STOPS, strict=False)
    )
    return Levers(made, _setting(scenario, tuple(ends), made))


def _effect(scenario: Scenario, result: IncentiveResult) -> tuple[str, float]:
    """Name the field of what the payment does, and the most that it is looked at.

    Where the fall in leaving follows the payment, what is moved is how strongly it does.
    """
    if scenario.effect.pay_elasticity is None or result.map.up.endswith("extra_hires"):
        return result.map.up, result.map.up_values[-1]
    return _ELASTICITY, _row(_ELASTICITY).high or scenario.effect.pay_elasticity


def _row(path: str) -> Assumption:
    row = register().behind(path)
    assert row is not None
    return row


def _lever(
    document: AnyDocument,
    path: str,
    ends: tuple[float, float],
    stops: int,
    label: str | None = None,
) -> Lever:
    """Make a lever of a field that the register knows: round values in the units of the screen."""
    row, own = _row(path), document.at(path)
    values = [value for value in _values(row, own, ends, stops) if _takes(document, path, value)]
    return _of_row(row, own, values, label)


def _values(
    row: Assumption, own: float, ends: tuple[float, float], stops: int
) -> tuple[float, ...]:
    """Give round values in the units of the screen, and its own to the last digit."""
    shown, low, high = (row.unit.to_screen(float(each)) for each in (own, *ends))
    found = steps_around(shown, low, high, stops, whole=isinstance(own, int))
    return tuple(own if each == shown else row.unit.from_screen(each) for each in found)


def _takes(document: AnyDocument, path: str, value: float) -> bool:
    """Tell whether a value is possible in a document."""
    try:
        document.but({path: value})
    except ScenarioError:
        return False
    return True


def _of_row(
    row: Assumption, own: float, values: Sequence[float], label: str | None = None
) -> Lever:
    return Lever(
        label=label or row.label,
        help=row.help,
        values=tuple(values),
        texts=tuple(row.unit.text(value) for value in values),
        own=values.index(own),
    )


def _setting(
    document: D, paths: tuple[str, ...], levers: tuple[Lever, ...]
) -> Callable[[tuple[float, ...]], D]:
    """Give the document with the levers' fields set; those left where they are stay unset."""

    def make(values: tuple[float, ...]) -> D:
        changes = {
            path: value
            for path, value, lever in zip(paths, values, levers, strict=True)
            if value != lever.values[lever.own]
        }
        return document.but(changes) if changes else document

    return make


def _of_plan(plan: Plan, result: PlanResult) -> Levers:
    """Offer how much of a plan is done, how much of it comes true, and the widest other number."""
    of_all = UNITS["share"]
    sizes = tuple(size for size in _PLAN_SIZES if _can_be(plan, size))
    made = [
        _share(
            "How much of the plan is done",
            "All measures alike: at 50%, half of the money, half of the posts and people, and half "
            "of what they are assumed to do.",
            sizes,
            tuple(f"{of_all.text(size)} of the plan" for size in sizes),
        ),
        _share(
            "How much of what is assumed comes true",
            "All effects of all measures alike, for the same money. Posts and managers, which the "
            "council sets, stay.",
            _PLAN_ACHIEVED,
            tuple(f"{of_all.text(part)} of what is assumed" for part in _PLAN_ACHIEVED),
        ),
    ]
    bars = result.tornado or tornado_bars(plan)
    path = next((bar.path for bar in bars if not bar.path.startswith("measures.")), None)
    if path is None:
        return Levers(tuple(made), lambda values: resized(plan, values[0], values[1]))
    number = next(each for each in uncertain_of_plan(plan) if each.key == path)
    other = _lever(plan, path, (number.low, number.high), _PLAN_STOPS, named(plan, path))
    texts = tuple(worded(plan, path, value) for value in other.values)
    made.append(
        Lever(label=other.label, help=other.help, values=other.values, texts=texts, own=other.own)
    )

    def make(values: tuple[float, ...]) -> Plan:
        size, achieved, value = values
        changed = plan if value == other.values[other.own] else plan.but({path: value})
        return resized(changed, size, achieved)

    return Levers(tuple(made), make)


def _can_be(plan: Plan, size: float) -> bool:
    """Tell whether a plan can be so many times as large."""
    try:
        resized(plan, size, 1.0)
    except ScenarioError:
        return False
    return True


def _share(label: str, says: str, values: tuple[float, ...], texts: tuple[str, ...]) -> Lever:
    return Lever(label=label, help=says, values=values, texts=texts, own=values.index(1.0))


def _of_comparison(asked: Comparison, result: BenchmarkResult) -> Levers:
    """Offer the figure to reach, and the one or two prices that move what the gap is worth."""
    stood, measure = result.standing, MEASURES[result.standing.measure]
    if stood.value is None or stood.neighbours is None or stood.best_quarter is None:
        return Levers((), lambda _: asked)
    bars = result.tornado or _bars_of_the_other(asked)
    if not bars:
        return Levers((), lambda _: asked)
    target = Lever(
        label="The figure to reach",
        help=f"The middle (median) or the best quarter of {stood.group.name}.",
        values=(0.0, 1.0),
        texts=(
            f"their middle, {measure.text(stood.neighbours)}",
            f"their best quarter, {measure.text(stood.best_quarter)}",
        ),
        own=_TARGETS.index(asked.target),
    )
    shown = [bar.path for bar in bars[: len(_PRICE_STOPS)]]
    prices = [getattr(prices_of(asked), name) for name in shown]
    priced = tuple(
        _of_row(
            row_of(name),
            price.central,
            _values(row_of(name), price.central, (price.low, price.high), stops),
        )
        for name, price, stops in zip(shown, prices, _PRICE_STOPS, strict=False)
    )
    set_prices = _setting(asked, tuple(PRICED[name] for name in shown), priced)

    def make(values: tuple[float, ...]) -> Comparison:
        aim = _TARGETS[int(values[0])]
        taken = set_prices(values[1:])
        return taken if aim == asked.target else taken.but({"target": aim})

    return Levers((target, *priced), make)


def _bars_of_the_other(asked: Comparison) -> tuple[WorthBar, ...]:
    """Give the bars of the other figure to reach, where there is no gap to this one."""
    other: Mapping[str, Any] = {
        "target": next(target for target in _TARGETS if target != asked.target)
    }
    return compare(asked.but(other)).tornado
