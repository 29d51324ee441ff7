"""The published figures of a comparison: who is compared, every council, who started alike."""

from __future__ import annotations

from retention_lib.figures import figure
from retention_lib.outputs.excel.benchmark_inputs import TARGETS, Asked
from retention_lib.outputs.excel.book import Sheet, Value
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import quoted

NOT_PUBLISHED = "not published"
_NEAR = 0.0000001


def write_standing(page: Sheet, asked: Asked) -> None:
    """Write the council's figure beside the councils compared with: middle, best quarter, gap."""
    stood, kind = asked.result.standing, asked.value_kind
    page.row += 1
    page.header(("Figure", "Now", "How"), ("words", "number", "words"))
    own = NOT_PUBLISHED if stood.value is None else stood.value
    page.text(0, f"{asked.measure.label}: {stood.area.name}", "words")
    page.put(1, own, kind, "fixed")
    page.book.name("own_figure", page.at(1))
    page.text(2, stood.why_none or "Published by DfE.", "words")
    page.row += 1
    lines = (
        (
            "Middle (median) of the councils compared with",
            "MEDIAN(compared_figures)",
            stood.neighbours,
            "group_median",
            "Half of them are lower, half higher. They are listed below.",
        ),
        (
            "Their best quarter keeps to",
            "QUARTILE(compared_figures,1)",
            stood.best_quarter,
            "group_best_quarter",
            "A quarter of them are this low or lower.",
        ),
    )
    for label, formula, value, name, says in lines:
        made = f'=IF(COUNT(compared_figures)=0,"{NOT_PUBLISHED}",{formula})'
        shown = NOT_PUBLISHED if value is None else value
        page.line(label, made, kind, value=shown, name=name, says=says)
    aim = asked.result.gap.target_value
    page.line(
        "The figure to reach",
        f"=IF(in_target={quoted(TARGETS[0])},group_median,group_best_quarter)",
        kind,
        value=NOT_PUBLISHED if aim is None else aim,
        name="target_figure",
        says="Chosen on the sheet Inputs.",
    )
    apart = asked.result.gap.difference
    page.line(
        "Gap: how far above it",
        '=IF(AND(ISNUMBER(own_figure),ISNUMBER(target_figure)),own_figure-target_figure,"none")',
        kind,
        value="none" if apart is None else apart,
        name="gap_difference",
        role="total",
        says="In points of the measure. 0 or below: there is no gap to close.",
    )
    _write_rank(page, asked)
    _write_compared(page, asked)
    page.table(asked.result.table("standing"))


def _write_rank(page: Sheet, asked: Asked) -> None:
    stood = asked.result.standing
    label = "Place among councils large enough to be ranked, 1 the lowest"
    if stood.rank is None:
        why = stood.why_no_rank or "not published"
        page.fixed(label, f"no rank: {why}", "text", "A rank here would mean nothing.")
        return
    page.line(
        label,
        '=1+COUNTIF(every_figure,"<"&own_figure)',
        "whole",
        value=stood.rank,
        name="own_rank",
        says=f"Of {stood.of}. They are listed on the sheet Every council.",
    )


def _write_compared(page: Sheet, asked: Asked) -> None:
    stood = asked.result.standing
    page.heading(f"Compared with: {stood.group.name}, {stood.year}")
    heads = ("Council", asked.measure.label, "Staff in post (FTE)")
    page.header(heads, ("words", "points", "people"))
    first = page.row
    figures = {each.area.code: each.value for each in stood.group_values}
    for area in stood.group.areas:
        page.text(0, area.name, "words", "fixed")
        page.put(1, figures.get(area.code), asked.value_kind, "fixed")
        page.put(2, figure("in_post", area.code, stood.year), "people", "fixed")
        page.row += 1
    page.book.name("compared_figures", page.range(1, first, max(first, page.row - 1)))
    page.row = max(page.row, first + 1)


def write_every_council(page: Sheet, asked: Asked) -> None:
    """Write every council that is ranked, the lowest figure first, each place by a formula."""
    table = asked.result.table("strip")
    page.row += 1
    page.header(
        ("Council", asked.measure.label, "Place, 1 the lowest", "Part"),
        ("words", "points", "whole", "words"),
    )
    page.freeze()
    first = page.row
    ranked = [row for row in table.rows if row[0] is not None]
    for place, council, value, part in ranked:
        page.put(0, council, "words")
        page.put(1, value, asked.value_kind)
        made = f'=1+COUNTIF(every_figure,"<"&{page.here(1)})'
        page.formula(2, made, "whole", place)
        page.put(3, part or None, "words")
        page.row += 1
    page.book.name("every_figure", page.range(1, first, max(first, page.row - 1)))
    small = [row for row in table.rows if row[0] is None]
    if small:
        page.heading("Too small to be ranked")
        for _, council, value, part in small:
            page.put(0, council, "words")
            page.put(1, value, asked.value_kind)
            page.put(3, part or None, "words")
            page.row += 1


def write_reference(page: Sheet, asked: Asked) -> None:
    """Write the council-years that started alike, and count those that moved as far."""
    claim, kind = asked.result.claim, asked.value_kind
    page.row += 1
    page.header(("Figure", "Now", "How"), ("words", "number", "words"))
    scale = asked.scale
    found = claim.reference
    wanted = f"in_claim_change*{scale}"
    as_far = (
        f'IF(in_claim_change>0,COUNTIFS(class_change,">="&({wanted}-{_NEAR:.7f})),'
        f'COUNTIFS(class_change,"<="&({wanted}+{_NEAR:.7f})))'
    )
    years = found.council_years
    lines: tuple[tuple[str, str, Kind, Value, str], ...] = (
        ("Council-years that started there", "COUNT(class_change)", "whole", years, "class_size"),
        ("Moved at least as far as asked", as_far, "whole", len(claim.did), "class_as_far"),
        (
            "Share that did",
            'IF(class_size=0,"none",class_as_far/class_size)',
            "share",
            "none" if claim.share is None else claim.share,
            "class_share",
        ),
        (
            f"Mean change ({'points' if asked.measure.is_share else 'cases'})",
            'IF(class_size=0,"none",AVERAGE(class_change))',
            "points",
            "none" if found.mean_change is None else found.mean_change * scale,
            "class_mean_change",
        ),
    )
    for label, formula, shown, value, name in lines:
        page.line(label, f"={formula}", shown, value=value, name=name)
    page.note(
        "Some of these councils acted, some did not. What became of them is what happens with the "
        "usual mix of action."
    )
    page.heading("Who started there, and where they went")
    unit = "points" if asked.measure.is_share else "cases"
    heads = ("Council", "Started in", "From", "To", f"Change ({unit})")
    page.header(heads, ("words", "whole", "points", "points", "points"))
    first = page.row
    for each in sorted(found.found, key=lambda one: (one.change, one.area.name)):
        page.text(0, each.area.name, "words", "fixed")
        page.number(1, each.year, "whole")
        page.number(2, each.start, kind)
        page.number(3, each.end, kind)
        made = f"=({page.here(3)}-{page.here(2)})*{scale}"
        page.formula(4, made, "points", each.change * scale)
        page.row += 1
    page.book.name("class_change", page.range(4, first, max(first, page.row - 1)))
