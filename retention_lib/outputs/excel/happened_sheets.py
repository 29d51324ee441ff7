"""The mix of what happened after, from its weights, and every other council beside its own mix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.figures import all_areas, all_years
from retention_lib.outputs.excel.book import Sheet
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of
from retention_lib.synthetic.panel import panel
from retention_lib.synthetic.placebo import close_fit, poor_fit
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Comparison, HappenedResult

_NEAR = 1e-9


@dataclass(frozen=True)
class After:
    """What a workbook needs of an answer in which a council stands beside a mix that matched."""

    question: Question
    area_name: str
    found: Comparison

    @classmethod
    def of(cls, question: Question, result: HappenedResult) -> After | None:
        """Give it, or None where nothing can be compared or the match was poor."""
        if result.found is None or result.found.match == "poor":
            return None
        return cls(question, result.area.name, result.found)

    @property
    def is_share(self) -> bool:
        """Whether the measure is a share."""
        return MEASURES[self.question.measure].is_share

    @property
    def kind(self) -> Kind:
        """How a figure of the measure looks."""
        return "share" if self.is_share else "points"

    @property
    def unit(self) -> str:
        """What a change is counted in."""
        return "points" if self.is_share else "cases"

    @property
    def scale(self) -> int:
        """What a change is multiplied by to be in that unit."""
        return 100 if self.is_share else 1

    @property
    def close(self) -> float:
        """How near a mix must have been to count as close."""
        return close_fit(self.question.measure)

    @property
    def poor(self) -> float:
        """How far off a mix may have been at most."""
        return poor_fit(self.question.measure)

    @property
    def weights(self) -> tuple[tuple[str, str, float], ...]:
        """The councils of the mix: code, name, weight; the largest weight first."""
        ordered = sorted(self.found.own.weights.items(), key=lambda each: (-each[1], each[0]))
        return tuple((code, all_areas()[code].name, weight) for code, weight in ordered)

    def path_of(self, code: str) -> str:
        """Give the path of a council's weight among the inputs."""
        return f"mix.weight_{code}"

    @property
    def weights_range(self) -> str:
        """The names of all weights, for a formula's list of arguments."""
        return ",".join(name_of(self.path_of(code)) for code, _, _ in self.weights)


def write_mix(page: Sheet, after: After) -> None:
    """Write the weights beside each council's figures, and the mix from both."""
    years = all_years()
    page.note("The figures are published. The weights are those of the sheet Inputs.")
    page.row += 1
    page.header(
        ("Council", "Weight", *(str(year) for year in years)),
        ("words", "share", *(after.kind for _ in years)),
    )
    page.freeze(2)
    first, last = _write_weights(page, after)
    rows = _write_paths(page, after, first, last)
    _write_distance(page, after, rows)


def _write_weights(page: Sheet, after: After) -> tuple[int, int]:
    """Write the councils of the mix; gives their first and last row."""
    pool, first = panel(after.question.measure), page.row
    for code, name, weight in after.weights:
        page.text(0, name, "words", "fixed")
        page.formula(1, f"={name_of(after.path_of(code))}", "share", weight)
        for column, value in enumerate(pool.values[pool.row(code)], start=2):
            page.number(column, float(value), after.kind)
        page.row += 1
    page.book.name("weights", page.range(1, first, page.row - 1))
    return first, page.row - 1


def _write_paths(page: Sheet, after: After, first: int, last: int) -> tuple[int, int, int]:
    """Write the mix, the council, and how far apart they lie; gives the rows of all three."""
    own, start = after.found.own, page.row
    for label in ("The mix", after.area_name, f"Council less mix ({after.unit})"):
        page.text(0, label, "words", "total")
        page.text(1, "", "text", "total")
        page.row += 1
    rows = start + 1, start, start + 2
    for place, value in enumerate(own.own):
        column = place + 2
        page.row = start
        made = f"=SUMPRODUCT(weights,{page.range(column, first, last)})"
        page.formula(column, made, after.kind, float(own.mix[place]), role="total")
        page.row = start + 1
        page.put(column, value, after.kind, "fixed")
        here, mix = page.here(column, start + 1), page.here(column, start)
        page.row = start + 2
        gap = own.gap(place)
        made = f'=IF(ISNUMBER({here}),({here}-{mix})*{after.scale},"")'
        kept = None if gap is None else gap * after.scale
        page.formula(column, made, "points", kept, role="total")
    page.row = start + 3
    return rows


def _write_distance(page: Sheet, after: After, rows: tuple[int, int, int]) -> None:
    """Write how well the mix matched before, and where both lay in the year looked at."""
    own_row, mix_row, gap_row = rows
    years, found = all_years(), after.found
    until = 2 + years.index(after.question.year)
    own, mix = page.range(2, own_row, own_row, until), page.range(2, mix_row, mix_row, until)
    page.row += 1
    page.text(0, f"Apart up to {after.question.year}", "words")
    made = f"=SQRT(SUMXMY2({own},{mix})/COLUMNS({own}))"
    page.formula(1, made, "factor", found.own.fit, name="fit")
    page.row += 1
    place = 2 + years.index(found.looked_at.year)
    page.book.name("own_then", page.at(place, own_row))
    page.book.name("mix_then", page.at(place, mix_row))
    page.book.name("gap_then", page.at(place, gap_row))


def write_others(page: Sheet, after: After) -> None:
    """Write every other council: how well its own mix matched, and how far it lay from it."""
    page.note(
        "Each other council beside a mix of its own, as the library fitted it. Nobody's distance "
        "follows the inputs; who is counted, and who lay as far, does."
    )
    _write_counted(page, after)
    found, place = after.found, all_years().index(after.found.looked_at.year)
    heads = ("Council", "Apart before", f"Less its mix, {found.looked_at.year} ({after.unit})")
    page.header((*heads, "Counted"), ("words", "factor", "points", "text"))
    first = page.row
    names = {each.area.code for each in found.counted}
    ordered = sorted(found.others, key=lambda one: (one.gap(place) or 0.0, one.area.name))
    for each in ordered:
        page.text(0, each.area.name, "words", "fixed")
        page.number(1, each.fit, "factor")
        page.number(2, (each.gap(place) or 0.0) * after.scale, "points")
        made = f'=IF({page.here(1)}<=most_apart,"yes","no: its mix matched poorly")'
        value = "yes" if each.area.code in names else "no: its mix matched poorly"
        page.formula(3, made, "text", value)
        page.row += 1
    page.book.name("others_fit", page.range(1, first, page.row - 1))
    page.book.name("others_gap", page.range(2, first, page.row - 1))


def _write_counted(page: Sheet, after: After) -> None:
    """Write whom the placebo test counts, and how many of them lay as far from their own mix."""
    found, near = after.found, f"{_NEAR * after.scale:.12f}"
    times = float(np.sqrt(register()["control_placebo_cut"].default))
    most, counted = max(times * found.own.fit, after.close), found.looked_at.beside_mix
    as_far = (
        "=IF(gap_then>0,"
        f"SUMPRODUCT((others_fit<=most_apart)*(others_gap>=gap_then-{near})),"
        f"SUMPRODUCT((others_fit<=most_apart)*(others_gap<=gap_then+{near})))"
    )
    lines: tuple[tuple[str, str, Kind, float, str], ...] = (
        (
            "Counted where its mix lay no further off than",
            f"=MAX({times!r}*fit,{after.close!r})",
            "factor",
            most,
            "most_apart",
        ),
        (
            "Counted",
            "=SUMPRODUCT(--(others_fit<=most_apart))",
            "whole",
            counted.of,
            "others_counted",
        ),
        (
            "Of them, as far in the same direction",
            as_far,
            "whole",
            counted.as_far,
            "others_as_far",
        ),
    )
    for label, formula, kind, value, name in lines:
        page.line(label, formula, kind, value=value, name=name)
    page.row += 1
