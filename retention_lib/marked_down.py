"""Both answers about an offer, as assumed and marked down for weak evidence, side by side."""

from __future__ import annotations

from collections.abc import Callable

from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.assumptions import QUALITY_WORDS, register
from retention_lib.incentives import Flows, Offer
from retention_lib.optimism import (
    COSTS,
    SAVINGS,
    Mark,
    allowance,
    marked,
    marks_of,
    with_optimism,
)
from retention_lib.questions import break_even
from retention_lib.rates import FloatArray
from retention_lib.results import BreakEven, Cell, Column, MarkedLine, Optimism, Side, Table
from retention_lib.scenario import Scenario
from retention_lib.units import count, money, payment_text, percent, rounded_percent

_NOTHING = 0.5  # pounds
_LABELS = {
    "leaver_saving": "Saved: fewer people leave",
    "extra_leaver_saving": "Saved: extra people stay",
    "vacancy_saving": "Saved: vacancies filled sooner",
    "poached_saving": "Lost: people who go to neighbours for theirs",
    "payments": "Paid to people",
    "on_costs": "On-costs",
    "hiring": "Hiring more people",
    "clawback": "Paid back by leavers",
}
_GOLDEN = {"extra_leaver_saving", "vacancy_saving", "hiring"}
TITLE = "Both answers: as assumed, and marked down for weak evidence"
_NEVER = "Nothing is enough"
BOTH_ALLOW = (
    "An allowance for optimism is in these figures. The ranges are drawn around the answer that is "
    "left: both allow for the same doubt, so together they are cautious."
)


def both_answers(scenario: Scenario, flows: Flows, solved: BreakEven) -> Optimism:
    """Answer an offer with the allowance for optimism and without it.

    Args:
        scenario: what was chosen; its switch says which answer is given.
        flows: the offer played out.
        solved: what must be true for the answer that is given.
    """
    on = scenario.appraisal.optimism
    lines = tuple(_line(key, mark, flows) for key, mark in marks_of(scenario).items())
    other = break_even(with_optimism(scenario, not on))
    off = allowance(scenario, flows)
    return Optimism(
        on=on,
        down=_together(lines, SAVINGS),
        up=_together(lines, COSTS),
        allowance=float(off.sum()),
        lines=lines,
        as_assumed=_side(scenario, flows.net, other if on else solved),
        marked_down=_side(scenario, flows.net - off, solved if on else other),
    )


def _line(key: str, mark: Mark, flows: Flows) -> MarkedLine:
    pounds = getattr(flows, key)
    rows = [register().behind(path) for path in mark.rests_on]
    return MarkedLine(
        key=key,
        label=_LABELS[key],
        grade=mark.grade,
        weakest=tuple(row.label for row in rows if row is not None and row.quality == mark.grade),
        share=float(mark.share),
        pounds=float((-pounds if key in COSTS else pounds).sum()),
        taken_off=float(marked(pounds, mark.share).sum()),
    )


def _together(lines: tuple[MarkedLine, ...], keys: tuple[str, ...]) -> float:
    """Give the share that is taken off some lines together, 0 where there is nothing in them."""
    size = sum(abs(line.pounds) for line in lines if line.key in keys)
    off = sum(line.taken_off for line in lines if line.key in keys)
    return off / size if size > 0 else 0.0


def _side(scenario: Scenario, net: FloatArray, solved: BreakEven) -> Side:
    by_year = by_financial_year(net)
    npv = net_present_value(by_year, scenario.appraisal.discount_rate)
    return Side(net_benefit=float(by_year.sum()), npv=float(npv), break_even=solved)


def note(scenario: Scenario) -> tuple[str, ...]:
    """Say what a reader must know of an answer with an allowance in it."""
    return (BOTH_ALLOW,) if scenario.appraisal.optimism else ()


def _matters(offer: Offer, optimism: Optimism) -> bool:
    """Tell whether there is an answer, and an allowance that changes it."""
    late = any(month > offer.months and share > 0 for month, share in offer.instalments)
    paid = sum(-line.pounds for line in optimism.lines if line.key in COSTS)
    return not late and paid >= _NOTHING and optimism.allowance >= _NOTHING


def after_allowance(offer: Offer, optimism: Optimism) -> str:
    """Say behind a headline that an allowance is in it; nothing where none is."""
    if not optimism.on or not _matters(offer, optimism):
        return ""
    return AFTER.format(money(optimism.allowance))


AFTER = " That is after {} taken off for weak evidence."


def beside(scenario: Scenario, offer: Offer, optimism: Optimism) -> tuple[str, ...]:
    """Say the answer that is not given, beside the one that is; nothing where nothing is paid."""
    if not _matters(offer, optimism):
        return ()
    start = "As assumed" if optimism.on else "Marked down for weak evidence (optimism bias)"
    given, other = optimism.given.net_benefit, optimism.other.net_benefit
    needs = _needs(scenario, offer, optimism.other.break_even)
    return (f"{start}, it would {instead(other, given)}{needs}.",)


def instead(other: float, given: float) -> str:
    """Say a gain or a loss beside another.

    Example:
        >>> instead(-410_000.0, -371_000.0), instead(-5_000.0, 20_000.0)
        ('lose £410,000 instead of £371,000', 'lose £5,000 instead of gaining £20,000')
    """
    verb = "gain" if other >= 0 else "lose"
    was = "" if (other >= 0) == (given >= 0) else "gaining " if given >= 0 else "losing "
    return f"{verb} {money(abs(other))} instead of {was}{money(abs(given))}"


def _needs(scenario: Scenario, offer: Offer, solved: BreakEven) -> str:
    """Say what would have to be true for the other answer to be that it pays."""
    if scenario.scheme.kind == "golden_hello":
        return _joiners_needed(solved.extra_hires)
    if offer.binding_months == 0:
        return ""
    if solved.leaving_reduction is None:
        return "; even if it stopped everyone leaving, it would not pay for itself"
    if solved.leaving_reduction == 0:
        return "; it would pay for itself even if leaving did not fall at all"
    needed = rounded_percent(solved.leaving_reduction)
    return f"; to pay for itself, leaving would have to fall by {needed}"


def _joiners_needed(extra: float | None) -> str:
    if extra is None:
        return "; no number of extra joiners would make it pay for itself"
    if extra == 0:
        return "; it would pay for itself even if nobody joined because of it"
    needed = f"{count(100 * extra)} more would have to join for each 100 who would anyway"
    return f"; to pay for itself, {needed}"


def both_tables(scenario: Scenario, optimism: Optimism) -> tuple[Table, Table]:
    """Give both answers side by side, and what is taken off each line of money and why."""
    return _answers_table(scenario, optimism), _lines_table(scenario, optimism)


def _answers_table(scenario: Scenario, optimism: Optimism) -> Table:
    """Give both answers side by side."""
    saved = _sum(optimism, lambda line: line.key in SAVINGS)
    cost = _sum(optimism, lambda line: line.key not in SAVINGS)
    sides = (optimism.as_assumed, optimism.marked_down)
    rows: list[tuple[Cell, ...]] = [
        ("Saved", *(money(pounds, exact=True) for pounds in saved)),
        ("Cost, less what leavers pay back", *(money(-pounds, exact=True) for pounds in cost)),
        *(
            (label, *(money(getattr(side, name), exact=True) for side in sides))
            for label, name in (
                ("Saved less cost (net benefit)", "net_benefit"),
                ("In today's money (NPV)", "npv"),
            )
        ),
        *_solved_rows(scenario, sides),
    ]
    columns = (
        Column("figure", "Figure", "text"),
        Column("as_assumed", "As assumed", "text"),
        Column("marked_down", "Marked down for weak evidence", "text"),
    )
    return Table("optimism", TITLE, columns, tuple(rows), totals=(2,))


def _sum(optimism: Optimism, chosen: Callable[[MarkedLine], bool]) -> tuple[float, float]:
    """Add lines up, as assumed and marked down."""
    lines = [line for line in optimism.lines if chosen(line)]
    pounds = sum(line.pounds for line in lines)
    return pounds, pounds - sum(line.taken_off for line in lines)


def _solved_rows(scenario: Scenario, sides: tuple[Side, Side]) -> list[tuple[Cell, ...]]:
    """Give what would have to be true for either answer to be that it pays."""
    is_percent = scenario.scheme.amount.flat is None

    def row(label: str, name: str, text: Callable[[float], str]) -> tuple[Cell, ...]:
        found = [getattr(side.break_even, name) for side in sides]
        return (label, *(_NEVER if value is None else text(value) for value in found))

    rows = [
        row("Fall in leaving at which it pays for itself", "leaving_reduction", _share),
        row(
            "Most it could pay and break even",
            "payment",
            lambda payment: payment_text(payment, is_percent),
        ),
    ]
    if scenario.scheme.kind == "golden_hello":
        label = "More who must join, for each 100 who would anyway"
        rows.insert(0, row(label, "extra_hires", lambda extra: count(100 * extra)))
    return rows


def _share(share: float) -> str:
    return percent(share, 1)


def _is_shown(line: MarkedLine, golden: bool) -> bool:
    """Tell whether an offer has such a line; losses to neighbours only where there are any."""
    if line.key == "poached_saving":
        return line.pounds != 0
    return golden or line.key not in _GOLDEN


def _lines_table(scenario: Scenario, optimism: Optimism) -> Table:
    """Give what is taken off each line of money, and the numbers that give it its grade."""
    golden = scenario.scheme.kind == "golden_hello"
    rows = tuple(
        (
            line.label,
            QUALITY_WORDS[line.grade],
            "; ".join(line.weakest),
            line.share,
            line.pounds,
            line.taken_off,
        )
        for line in optimism.lines
        if _is_shown(line, golden)
    )
    columns = (
        Column("line", "Line of money; a cost is below zero", "text"),
        Column("grade", "Evidence at its weakest", "text"),
        Column("weakest", "The weakest numbers it rests on", "text"),
        Column("share", "Marked by", "share"),
        Column("pounds", "As assumed"),
        Column("taken_off", "Taken off"),
    )
    return Table("optimism_lines", "What is taken off, and why", columns, rows)
