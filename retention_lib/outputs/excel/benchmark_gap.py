"""What a gap is worth, line by line, and between which ends: live from the prices."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from retention_lib.benchmarks.gap import Gap, GapLine
from retention_lib.benchmarks.sensitivity import PRICED, row_of
from retention_lib.figures import figure
from retention_lib.outputs.excel.benchmark_inputs import COVERED, Asked
from retention_lib.outputs.excel.book import Sheet
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of

_DIFFERENCE = "gap_closed"
_PEOPLE: Mapping[str, str] = {
    "leavers_cash": f"{_DIFFERENCE}*published_in_post",
    "leavers_work": f"{_DIFFERENCE}*published_in_post",
    "agency": f"{_DIFFERENCE}*(published_in_post+published_agency_staff)",
    "covered": f"{_DIFFERENCE}*(published_in_post+published_vacancies)*{{covered_share}}",
    "uncovered": f"{_DIFFERENCE}*(published_in_post+published_vacancies)*(1-{{covered_share}})",
    "workers": f"IF({_DIFFERENCE}>0,published_case_holders*(own_figure/target_figure-1),0)",
    "work": f"{_DIFFERENCE}*published_in_post",
}
_EACH: Mapping[str, str] = {
    "leavers_cash": "{leaver}*{leaver_cashable_share}",
    "leavers_work": "{leaver}*(1-{leaver_cashable_share})",
    "agency": "{agency_premium}",
    "covered": "{agency_premium}",
    "uncovered": "-{pay}",
    "workers": "-{pay}",
    "work": "{pay}",
}
_SAYS: Mapping[str, str] = {
    "leavers_cash": "Gap x staff in post, at the cash part of the cost of a leaver.",
    "leavers_work": "The same people, at the rest of it. No budget holds it.",
    "agency": "Gap x all workers, at a year's agency premium.",
    "covered": "Gap x all posts x share covered, at a year's agency premium.",
    "uncovered": "The others, at a year's pay: filling them costs it.",
    "workers": "Case holders x (figure / target - 1), at a year's pay.",
    "work": "Gap x staff in post, at a year's pay. No budget holds it.",
}
_PUBLISHED = {
    "in_post": "Staff in post (FTE)",
    "agency_staff": "Agency staff (FTE)",
    "vacancies": "Vacancies (FTE)",
    "case_holders": "Case holders (FTE)",
}


def _uses(line: GapLine) -> tuple[str, ...]:
    """List the prices that a line rests on."""
    text = _PEOPLE[line.key] + _EACH[line.key]
    return tuple(name for name in PRICED if f"{{{name}}}" in text)


def write_gap(page: Sheet, ends: Sheet, asked: Asked) -> None:
    """Write what closing the gap means, line by line, all together, and between which ends."""
    lines = asked.widest.lines
    page.row += 1
    _write_published(page, asked)
    page.heading("What closing it would mean in a year")
    if not lines:
        page.note(str(asked.result.table("gap").rows[0][0]) + ".")
        _write_none(page)
        return
    heads = ("What closing the gap means", "People (FTE)", "Worth a year (£)", "From (£)", "To (£)")
    page.header(
        (*heads, "In a budget?", "How"),
        ("words", "people", "pounds", "pounds", "pounds", "words", "words"),
    )
    found = {line.key: line for line in asked.result.gap.lines}
    first = page.row
    _write_ends(ends, asked, lines)
    for line in lines:
        now = found.get(line.key)
        own = {name: name_of(path) for name, path in PRICED.items()}
        people = _PEOPLE[line.key].format(**own)
        page.text(0, line.label, "words")
        page.formula(1, f"={people}", "people", 0.0 if now is None else now.people)
        pounds = f"={page.here(1)}*({_EACH[line.key].format(**own)})"
        page.formula(2, pounds, "pounds", 0.0 if now is None else now.pounds)
        worth = page.here(2)
        low, high = (0.0, 0.0) if now is None else (now.low, now.high)
        page.formula(3, f"=MIN({worth},ends_{line.key})", "pounds", low)
        page.formula(4, f"=MAX({worth},ends_{line.key})", "pounds", high)
        page.text(5, "yes" if line.cashable else "no", "words", "fixed")
        page.text(6, _SAYS[line.key], "words")
        page.row += 1
    _write_together(page, asked.result.gap, first, page.row - 1)


def _write_together(page: Sheet, gap: Gap, first: int, last: int) -> None:
    page.book.name("gap_lines", page.range(2, first, last))
    page.book.name("gap_in_budget", page.range(5, first, last))
    page.text(0, "All together", "words", "total")
    page.text(1, "", "text", "total")
    page.formula(2, "=SUM(gap_lines)", "pounds", gap.pounds, role="total", name="gap_worth")
    low, high = "=MIN(gap_worth,ends_all)", "=MAX(gap_worth,ends_all)"
    page.formula(3, low, "pounds", gap.low, role="total", name="gap_low")
    page.formula(4, high, "pounds", gap.high, role="total", name="gap_high")
    page.row += 1
    page.text(0, "Of which a budget could be cut by, or must hold", "words")
    made = '=SUMIF(gap_in_budget,"yes",gap_lines)'
    page.formula(2, made, "pounds", gap.cashable, name="gap_cashable")
    page.row += 1
    page.note("The measures overlap, so the worth of two gaps is never added up.")


def _write_published(page: Sheet, asked: Asked) -> None:
    stood = asked.result.standing
    page.heading(f"Published figures: {stood.area.name}, {stood.year}")
    page.header(("Figure", "Published"), ("words", "people"))
    for key, label in _PUBLISHED.items():
        value = figure(key, stood.area.code, stood.year)
        page.text(0, label, "words")
        page.put(1, "not published" if value is None else value, "people", "fixed")
        page.book.name(f"published_{key}", page.at(1))
        page.row += 1
    difference = asked.result.gap.difference
    page.text(0, "Gap that is closed", "words")
    closed = max(0.0, difference) if difference is not None else 0.0
    page.formula(
        1,
        "=IF(ISNUMBER(gap_difference),MAX(0,gap_difference),0)",
        asked.value_kind,
        closed,
        name=_DIFFERENCE,
    )
    page.row += 1


def _write_none(page: Sheet) -> None:
    """Write that the gap is worth nothing, whichever figure is to be reached."""
    for label, name in (
        ("All together", "gap_worth"),
        ("From", "gap_low"),
        ("To", "gap_high"),
        ("Of which a budget could be cut by", "gap_cashable"),
    ):
        page.text(0, label, "words")
        page.number(1, 0.0, "pounds", "fixed")
        page.book.name(name, page.at(1))
        page.row += 1


def _write_ends(page: Sheet, asked: Asked, lines: tuple[GapLine, ...]) -> None:
    """Write every way of putting each price at one of its ends, and what it then comes to."""
    used = tuple(dict.fromkeys(name for line in lines for name in _uses(line)))
    page.row += 1
    _write_price_ends(page, asked, used)
    page.heading("Every way of putting them at an end (£)")
    labels = {line.key: line.label for line in lines}
    names = [row_of(name).label for name in used]
    page.header(["Way", *names, *labels.values(), "All together"])
    first, width = page.row, len(used)
    for number, ends in enumerate(product(("low", "high"), repeat=width), start=1):
        page.text(0, f"{number}", "words")
        for column, (name, end) in enumerate(zip(used, ends, strict=True), start=1):
            page.formula(column, f"=price_{name}_{end}", _kind(name))
        own = {name: page.here(1 + place) for place, name in enumerate(used)}
        for column, line in enumerate(lines, start=1 + width):
            people, each = _PEOPLE[line.key].format(**own), _EACH[line.key].format(**own)
            page.formula(column, f"={people}*({each})", "pounds")
        start, end = page.here(1 + width), page.here(width + len(lines))
        page.formula(1 + width + len(lines), f"=SUM({start}:{end})", "pounds")
        page.row += 1
    for column, key in enumerate([*labels, "all"], start=1 + width):
        page.book.name(f"ends_{key}", page.range(column, first, page.row - 1))


def _write_price_ends(page: Sheet, asked: Asked, used: tuple[str, ...]) -> None:
    page.heading("The prices, and their ends")
    page.header(("Price", "Low", "High", "How"), ("words", "number", "number", "words"))
    for name in used:
        taken, cell = getattr(asked.prices, name), name_of(PRICED[name])
        page.text(0, row_of(name).label, "words")
        low, high = f"=MIN({cell},{taken.low!r})", f"=MAX({cell},{taken.high!r})"
        says = "The register's ends, stretched to hold the value."
        if PRICED[name] == COVERED:
            # A share that is set by hand is known; only one taken from elsewhere has a range.
            low, high = (
                f"=IF(ABS({cell}-{taken.central!r})<0.000000001,{end!r},{cell})"
                for end in (taken.low, taken.high)
            )
            says = "Once it is set here it is known: it has no ends."
        page.formula(1, low, _kind(name), taken.low, name=f"price_{name}_low")
        page.formula(2, high, _kind(name), taken.high, name=f"price_{name}_high")
        page.text(3, says, "text", "note")
        page.row += 1


def _kind(name: str) -> Kind:
    return "share" if name.endswith("share") else "pounds"
