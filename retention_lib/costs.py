"""What a leaver, a vacancy and an agency worker cost a council.

Each part of the cost of a leaver stands alone, is marked cashable or not, and is counted once.
"Cashable" means that a budget could be cut by it; lost output is real but no budget holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.rates import MONTHS_IN_YEAR, WEEKS_IN_YEAR, Number


def oncost_rate(employer_ni: Number, levy: Number, pension: Number = 0.0) -> Number:
    """Give what an employer pays on top of a payment, as a share of it.

    National Insurance + apprenticeship levy, + the pension contribution where the payment is
    pensionable. A payment to keep somebody from leaving is not pensionable in the Local Government
    Pension Scheme; a golden hello paid on joining may be. National Insurance is at its full rate,
    for the salary alone is above the threshold.

    Args:
        employer_ni: the employer's rate, a share.
        levy: the apprenticeship levy, a share.
        pension: the employer's contribution, a share; 0 where the payment is not pensionable.

    Source:
        Local Government Pension Scheme Regulations 2013, regulation 20(2)(e).

    Example:
        >>> round(oncost_rate(0.15, 0.005), 3), round(oncost_rate(0.15, 0.005, 0.2), 3)
        (0.155, 0.355)
    """
    return employer_ni + levy + pension


@dataclass(frozen=True)
class CostPart:
    """One named part of the cost of a leaver, in pounds; a saving is negative."""

    key: str
    label: str
    pounds: Number
    cashable: bool


def agency_premium_part(
    premium_per_year: Number, months_to_fill: Number, covered_share: Number
) -> Number:
    """Price the agency worker who covers the gap: premium / 12 x months x share covered.

    Args:
        premium_per_year: what an agency worker costs over an employee, pounds a year.
        months_to_fill: months from the leaver's last day to the replacement's first.
        covered_share: share of vacancies covered by agency, 0 to 1.

    Returns:
        Pounds for one leaver.

    Example:
        >>> agency_premium_part(24_000, 5, 0.5)
        5000.0
    """
    return premium_per_year / MONTHS_IN_YEAR * months_to_fill * covered_share


def pay_not_spent_part(
    pay_with_oncosts_per_year: Number, months_to_fill: Number, covered_share: Number
) -> Number:
    """Price the pay that is not spent while nobody covers the gap; it is a saving, so negative.

    Example:
        >>> pay_not_spent_part(48_000, 5, 0.75)
        -5000.0
    """
    monthly_pay = pay_with_oncosts_per_year / MONTHS_IN_YEAR
    return -(monthly_pay * months_to_fill * (1 - covered_share))


def lost_output_part(
    pay_with_oncosts_per_year: Number, ramp_up_weeks: Number, lost_share: Number
) -> Number:
    """Price the work a new starter does not yet do: weekly pay x weeks x share lost.

    Args:
        pay_with_oncosts_per_year: pounds a year, the price put on a full year's work.
        ramp_up_weeks: weeks until the starter works at full productivity.
        lost_share: share of output lost on average over those weeks, 0 to 1; a straight line
            from nothing to full loses half.

    Returns:
        Pounds for one leaver. Not cashable.

    Example:
        >>> lost_output_part(52_000, 28, 0.5)
        14000.0
    """
    return pay_with_oncosts_per_year / WEEKS_IN_YEAR * ramp_up_weeks * lost_share


def leaver_cost_parts(
    *,
    advertising_and_selection: Number,
    agency_premium_per_year: Number,
    months_to_fill: Number,
    covered_share: Number,
    pay_with_oncosts_per_year: Number,
    induction_and_training: Number,
    ramp_up_weeks: Number,
    ramp_up_lost_share: Number,
) -> tuple[CostPart, ...]:
    """List the parts of the cost of a leaver, each once.

    Published totals often include temporary cover; here the agency premium is the only cover
    counted. All money in pounds; months and weeks as named; shares 0 to 1.

    Example:
        >>> parts = leaver_cost_parts(
        ...     advertising_and_selection=1_800, agency_premium_per_year=24_000,
        ...     months_to_fill=5, covered_share=0.5, pay_with_oncosts_per_year=52_000,
        ...     induction_and_training=2_000, ramp_up_weeks=28, ramp_up_lost_share=0.5)
        >>> [round(part.pounds) for part in parts]
        [1800, 5000, -10833, 2000, 14000]
        >>> round(total(parts)), round(total(parts, cashable_only=True))
        (11967, -2033)
    """
    premium = agency_premium_part(agency_premium_per_year, months_to_fill, covered_share)
    not_spent = pay_not_spent_part(pay_with_oncosts_per_year, months_to_fill, covered_share)
    lost = lost_output_part(pay_with_oncosts_per_year, ramp_up_weeks, ramp_up_lost_share)
    return (
        CostPart("advertising", "Advertising and selection", advertising_and_selection, True),
        CostPart("agency_premium", "Agency cover, over the pay of the post", premium, True),
        CostPart("pay_not_spent", "Pay not spent while nobody covers", not_spent, True),
        CostPart("induction", "Induction and training", induction_and_training, True),
        CostPart("lost_output", "Work lost while the starter learns", lost, False),
    )


def total(parts: tuple[CostPart, ...], *, cashable_only: bool = False) -> Number:
    """Add the parts up, all of them or the cashable ones, in pounds for one leaver.

    Example:
        >>> total((CostPart("a", "A", 10.0, True), CostPart("b", "B", 5.0, False)))
        15.0
    """
    chosen = [part.pounds for part in parts if part.cashable or not cashable_only]
    return sum(chosen, start=0.0)


def saving_from_filling_a_vacancy(
    *, agency_premium_per_year: Number, pay_with_oncosts_per_year: Number, covered_share: Number
) -> Number:
    """Price one month less of a vacancy: agency cover no longer needed, less the pay of the post.

    covered x premium / 12 - (1 - covered) x pay / 12. Filling a post that agency covered saves the
    premium; filling one that nobody covered costs its pay.

    Returns:
        Pounds a month, of either sign.

    Example:
        >>> saving_from_filling_a_vacancy(
        ...     agency_premium_per_year=24_000, pay_with_oncosts_per_year=48_000, covered_share=1.0)
        2000.0
        >>> saving_from_filling_a_vacancy(
        ...     agency_premium_per_year=24_000, pay_with_oncosts_per_year=48_000, covered_share=0.0)
        -4000.0
    """
    covered = covered_share * agency_premium_per_year
    uncovered = (1 - covered_share) * pay_with_oncosts_per_year
    return (covered - uncovered) / MONTHS_IN_YEAR
