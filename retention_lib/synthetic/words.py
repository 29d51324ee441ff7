"""What happened after, in sentences: the answer first, how rare it was, and what it cannot say.

Nothing here says what brought a change about. The figures cannot tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retention_lib.assumptions import register
from retention_lib.benchmarks.groups import history_note
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.words import possessive
from retention_lib.figures import FEW_STAFF, Area, all_years, figure, latest_year
from retention_lib.synthetic.actions import Action, known_actors
from retention_lib.synthetic.placebo import close_fit, poor_fit
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Comparison, Later, Rarity
from retention_lib.units import percent, trimmed

NOT_WHY = "It shows what happened after, and not why."

NOT_KNOWN = (
    "Not known to have acted is not the same as having done nothing: in 2022, 48% of councils said "
    "that they paid market supplements to children's social workers (LGA). So this is beside the "
    "usual mix of action, and not beside none."
)

_YEARS_END = "Years end on 30 September."

NO_COMPARISON = "No comparison can be made."

_ENDINGS: Mapping[Rarity, str] = {
    "rare": "That is rare, whatever stands behind it.",
    "few others": "That is few others, though not so few as to be rare.",
    "not rare": "So a distance like that is nothing unusual.",
}

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def headline(asked: Question, area: Area, found: Comparison | None, why: str) -> str:
    """Give the verdict in one line, or why there is none; the numbers are in the sentences."""
    if found is None:
        return f"{NO_COMPARISON} {why}"
    measure, later = MEASURES[asked.measure], found.looked_at
    way = _moved(measure, later.change).partition(" by ")[0]
    said = f"{possessive(area.name)} {measure.noun} {way} from {asked.year} to {later.year}"
    if found.match == "poor":
        return f"{said}, but no fair comparison can be made."
    side, rarity = _side(later), later.beside_mix.rarity
    if rarity == "rare":
        return f"{said}, and stood far {side} councils like it: that is rare."
    also = f"; {found.rarest.year} stands out" if found.rarest.beside_mix.rarity == "rare" else ""
    if rarity == "few others":
        return f"{said}, and stood {side} councils like it: few others stood as far{also}."
    return f"{said}. Beside councils like it, that cannot be told apart from luck{also}."


def _side(later: Later) -> str:
    return "below" if later.gap < 0 else "above"


def _went(asked: Question, measure: Measure, found: Comparison) -> str:
    """Give the figures, and what the councils like it are, in plain words."""
    later = found.looked_at
    moved, value = _moved(measure, later.change), measure.text(later.value)
    said = (
        f"It {moved}, from {measure.text(later.value - later.change)} in {asked.year} to {value} "
        f"in {later.year}."
    )
    if moved == "stayed as it was":
        said = f"It stood at {value} in {asked.year} and in {later.year}."
    if found.match == "poor":
        return f"{said} No mix of other councils went as it did before, so none is set beside it."
    return (
        f"{said} “Councils like it” are a mix of other councils: an average in which each counts "
        f"for more or less, so that together they went as it had up to {asked.year}. That mix "
        f"{_mix_moved(measure, later)}."
    )


def _moved(measure: Measure, change: float) -> str:
    """Say how far a figure moved.

    Example:
        >>> _moved(MEASURES["turnover"], -0.098), _moved(MEASURES["caseload"], 0.0)
        ('fell by 9.8 points', 'stayed as it was')
    """
    by = measure.by(change)
    if by.startswith("0 "):
        return "stayed as it was"
    return f"{'fell' if change < 0 else 'rose'} by {by}"


def _mix_moved(measure: Measure, later: Later) -> str:
    moved = _moved(measure, later.mix_change)
    same = (later.change < 0) == (later.mix_change < 0) and not moved.startswith("stayed")
    if same:
        return f"{moved}, to {measure.text(later.mix)}"
    return f"{moved} ({measure.text(later.mix)} in {later.year})"


def sentences(
    asked: Question, area: Area, found: Comparison | None, known: Sequence[Action]
) -> tuple[str, ...]:
    """Give the figures, how rare it was, the rarest year, what others did, and the limits."""
    if found is None:
        said = [_figures_there_are(asked, area), *_known_words(known), history_note(area)]
        return tuple(each for each in said if each)
    measure = MEASURES[asked.measure]
    said = [
        _went(asked, measure, found),
        _rarity(measure, found),
        _rarest(measure, found),
        _others_did(measure, found.looked_at, found),
        _match(asked, measure, found),
        _outside(asked, area, measure, found),
        *_known_words(known),
        NOT_WHY,
    ]
    return tuple(each for each in said if each)


def _others_did(measure: Measure, later: Later, found: Comparison) -> str:
    """Say how many others saw as large a fall or rise, whatever they did."""
    everyone, like = later.all_others, later.like_starts
    low, high = measure.number(found.like_low), measure.text(found.like_high)
    return (
        f"Of {everyone.of} councils not known to have acted, {_number(everyone.as_far)} "
        f"{_as_large(later)} over the same years. Of the {like.of} that started nearest to it "
        f"({low} to {high}), {_number(like.as_far)} did."
    )


def _as_large(later: Later) -> str:
    if later.change == 0:
        return "saw no rise"
    return f"saw as large a {'fall' if later.change < 0 else 'rise'}"


def _number(many: int) -> str:
    return "none" if many == 0 else str(many)


def _rarity(measure: Measure, found: Comparison) -> str:
    """Say how far the council lay from its mix, and how many others lay as far from theirs."""
    if found.match == "poor":
        return ""
    later = found.looked_at
    by = measure.by(later.gap)
    if by.startswith("0 "):
        return f"In {later.year} it and the mix stood at the same figure."
    side, counted = _side(later), later.beside_mix
    over_all = _over_all_years(found) if found.rarest is later else ""
    return (
        f"In {later.year} it stood {by} {side} the mix. Of {counted.of} other councils set beside "
        f"a mix of their own, {_number(counted.as_far)} stood as far {side} theirs. "
        f"{_ENDINGS[counted.rarity]}{over_all}"
    )


def _rarest(measure: Measure, found: Comparison) -> str:
    """Name the year that stood out most, where it is not the year looked at."""
    rarest = found.rarest
    if found.match == "poor" or rarest is found.looked_at:
        return ""
    side, counted = _side(rarest), rarest.beside_mix
    ending = _ENDINGS[counted.rarity]
    if counted.rarity == "not rare":
        ending = "That is nothing unusual either."
    return (
        f"It stood out most in {rarest.year}: {measure.text(rarest.value)}, "
        f"{measure.by(rarest.gap)} {side} the mix ({measure.text(rarest.mix)}); "
        f"{_number(counted.as_far)} of {counted.of} others stood as far {side} theirs. "
        f"{ending}{_over_all_years(found)}"
    )


def _over_all_years(found: Comparison) -> str:
    """Say so where a distance that is rare in one year is not rare over all years after."""
    rare_once = found.rarest.beside_mix.rarity == "rare"
    if not rare_once or len(found.later) == 1 or found.as_uneven.rarity == "rare":
        return ""
    if found.as_uneven.rarity == "few others":
        return " Over all later years together it stands out less, and is not rare."
    return " Over all later years together it does not stand out."


def _match(asked: Question, measure: Measure, found: Comparison) -> str:
    """Say how good the match before was, and on how many years."""
    years = [each for each in all_years() if each <= asked.year]
    fit = measure.by(found.own.fit)
    span = f"{years[0]} to {years[-1]}, {_NUMBERS[len(years)]} years"
    said = f"Before ({span}) it and the mix lay {fit} apart"
    if found.match == "poor":
        return f"{said}: too far to compare them after."
    soft = (
        f" With {_NUMBERS[len(years)]} years to match, that says little about what would have come."
        if len(years) <= 3
        else ""
    )
    if found.match == "rough":
        return f"{said}: a rough match, so small distances after it mean nothing.{soft}"
    return f"{said}: a close match.{soft}"


def _outside(asked: Question, area: Area, measure: Measure, found: Comparison) -> str:
    """Say where the council was beyond all others, so that no mix can match it."""
    if not found.outside:
        return ""
    said = " and ".join(
        f"{side} than any other's in {year} ({measure.text(figure_of(asked, year))})"
        for year, side in found.outside
    )
    return f"{possessive(area.name)} figure was {said}: no mix can reach it."


def figure_of(asked: Question, year: int) -> float:
    """Give the council's figure in a year that is known to have one."""
    return figure(asked.measure, asked.council, year) or 0.0


def _known_words(known: Sequence[Action]) -> list[str]:
    """Say what the council is known to have done, and where that was read."""
    if not known:
        return ["Nothing is known here of what it did."]
    return [
        f"Known of it, {each.years}: {each.what} {each.year_note}".strip()
        + f" (Source: {each.source}.)"
        for each in known
    ]


def _figures_there_are(asked: Question, area: Area) -> str:
    """Give the council's figures that there are, where nothing can be compared."""
    measure = MEASURES[asked.measure]
    there = [
        (year, value)
        for year in all_years()
        for value in (figure(asked.measure, area.code, year),)
        if value is not None and year > asked.year
    ]
    if not there:
        return ""
    most = max(there, key=lambda each: each[1])[0]
    said = ", ".join(f"{measure.text(value)} in {year}" for year, value in there)
    highest = f" The highest is that of {most}." if len(there) > 1 else ""
    return f"DfE's figures of {area.name} after {asked.year}: {said}.{highest}"


def before_the_figures(asked: Question) -> str:
    """Say that the figures begin later."""
    return (
        f"DfE's figures of each council begin in {all_years()[0]}, so there is nothing to match "
        f"up to {asked.year}."
    )


def nothing_after(asked: Question) -> str:
    """Say that the figures end."""
    return (
        f"DfE's figures end in {latest_year()}, so there is nothing after {asked.year} yet. Choose "
        "an earlier year."
    )


def too_few_years(asked: Question, many: int) -> str:
    """Say that there are too few years before."""
    word = "year" if many == 1 else "years"
    return (
        f"Up to {asked.year} there is {_NUMBERS[many]} {word} of figures. With that any mix of "
        "councils would match, and it would say nothing. Choose a later year."
    )


def cannot_be_followed(area: Area, why: str) -> str:
    """Say why a council cannot be followed."""
    return f"{area.name} cannot be followed through these years: {why}."


def not_to_be_made(problem: Exception) -> str:
    """Say why a mix could not be made."""
    if isinstance(problem, ImportError):
        return (
            "Leaving these councils out makes new mixes, and that needs pysyncon, which is not "
            "installed here. Install it (pip install pysyncon), or leave no council out."
        )
    return str(problem)


def notes(asked: Question, found: Comparison | None) -> tuple[str, ...]:
    """Say what a reader must know that the figures alone do not tell."""
    if found is None:
        return (_YEARS_END,)
    measure = MEASURES[asked.measure]
    acted = {each.area.name for each in known_actors(asked.measure)}
    rare, few = (register()[f"control_{each}"].default for each in ("rare", "unusual"))
    said = [
        NOT_KNOWN,
        f"{_YEARS_END} {asked.year} is the last year before: the mix is matched on "
        f"all years up to and with it.",
        f"{len(acted)} councils are known to have acted on this and are in no mix: "
        f"{', '.join(sorted(acted))}.",
        f"A mix is made of councils with a figure in all of {all_years()[0]} to {all_years()[-1]} "
        f"and {FEW_STAFF:g} full-time equivalent staff or more in each. Councils that were "
        "reorganised are not followed into their successors.",
        f"A match is close within {measure.by(close_fit(asked.measure))}, and poor beyond "
        f"{measure.by(poor_fit(asked.measure))}.",
        "A council is often asked about because its figure stood out, and such a figure comes back "
        "by itself. The mix is matched on that very year, so it comes back too; so do the councils "
        "that started nearest.",
        f"Rare is 1 in {trimmed(1 / rare, 0)} or fewer, few others 1 in {trimmed(1 / few, 0)} or "
        "fewer. Whoever asks about many councils and years finds some that are rare by chance.",
    ]
    return (*said, *_numbers_behind(found))


def _numbers_behind(found: Comparison) -> list[str]:
    """Give the counts that analysts ask for."""
    if found.match == "poor":
        return []
    dropped = len(found.others) - len(found.counted)
    return [
        f"{dropped} of {len(found.others)} other councils were left out of the count because their "
        "own mix matched poorly before.",
        f"After the year, council and mix lay {trimmed(found.after_to_before, 1)} times as far "
        f"apart as before it (a closer match than a close one counts as close). "
        f"{found.as_uneven.as_far} of {found.as_uneven.of} others had as high a ratio: a share of "
        f"{percent(found.as_uneven.share)}, this council counted.",
    ]
