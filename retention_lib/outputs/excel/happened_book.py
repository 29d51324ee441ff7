"""A workbook of what happened after: the mix from its weights, the path, every other council."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.outputs.excel.about import write_about, write_how_to, write_state
from retention_lib.outputs.excel.book import Book, Rule, Sheet, Value
from retention_lib.outputs.excel.checks import Equal, Holds, as_exported, checks_sheet, write_checks
from retention_lib.outputs.excel.happened_sheets import After, write_mix, write_others
from retention_lib.outputs.excel.inputs import Input, Section, inputs_sheet, write_inputs
from retention_lib.outputs.excel.log import short_log_sheet, write_short_log
from retention_lib.outputs.excel.looks import Kind
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult

_HOW_TO = (
    "Change a weight on the sheet Inputs to try another mix: its path, the distance from it, how "
    "well it matched and how many others lay as far from theirs follow. Weights add up to 100%.",
    "The weights were fitted to the years before by the library, as were every other council's. "
    "The others' distances from their own mixes do not follow the weights.",
    "It shows what came after, never why.",
    "There are no macros, no hidden sheets, and no links to other files.",
)
_ASSUMPTIONS = (
    "control_close_fit",
    "control_poor_fit",
    "control_placebo_cut",
    "control_fewest_years",
    "control_like_starts",
    "control_rare",
    "control_unusual",
)


def happened_workbook(question: Question, result: HappenedResult, on: dt.date) -> bytes:
    """Give the answer to what happened after as a workbook in which the mix can be changed.

    Where nothing can be compared, or the match was poor, it holds the figures and says why.

    Args:
        question: what was asked.
        result: its answer.
        on: the day the file is made on.
    """
    book = Book(question.name or "What happened after", result.provenance, on)
    title = f"{result.area.name} after {result.year}: {MEASURES[result.measure].label.lower()}"
    summary = book.sheet("Summary", title, (46, 22, 76))
    inputs = inputs_sheet(book)
    after = After.of(question, result)
    mix = book.sheet("Mix", "The mix, year by year", (36, 16)) if after else None
    path = book.sheet("Path", "Every year", (30, 18, 18, 18, 20))
    beside = "Every other council beside its own mix"
    others = book.sheet("Others", beside, (36, 16, 18)) if after else None
    actions = book.sheet("Known to have acted", "In no mix", (30, 16, 60, 60))
    log = short_log_sheet(book)
    checks = checks_sheet(book)
    write_inputs(inputs, _sections(after), _fixed(question, result))
    if after and mix and others:
        write_mix(mix, after)
        write_others(others, after)
    _write_tables(path, result, ("path", "later"))
    _write_tables(actions, result, ("actions",))
    write_short_log(log, (register()[key] for key in _ASSUMPTIONS), result)
    write_checks(checks, _checks(after))
    _write_summary(summary, result, after)
    return book.close()


def _sections(after: After | None) -> tuple[Section, ...]:
    if after is None:
        return ()
    weights = tuple(
        Input(
            path=after.path_of(code),
            label=f"Weight of {name}",
            value=weight,
            unit="%; all weights add up to 100%",
            kind="share",
            rule=Rule(least=0, most=1),
            value_from="Fitted by the library to the years before.",
        )
        for code, name, weight in after.weights
    )
    return (Section(title="The mix of other councils", inputs=weights),)


def _fixed(question: Question, result: HappenedResult) -> tuple[tuple[str, Value, Kind, str], ...]:
    why = "It decides which published figures are in the file."
    return (
        ("Council", result.area.name, "words", why),
        ("Measure", MEASURES[result.measure].label, "words", why),
        ("Last year before", result.year, "whole", why),
        ("Year looked at", result.until, "whole", why),
        ("Councils left out", ", ".join(question.left_out) or "none", "words", why),
    )


def _write_tables(page: Sheet, result: HappenedResult, keys: Sequence[str]) -> None:
    page.note("As exported. Nothing here follows the inputs.")
    for key in keys:
        page.table(result.table(key))


def _write_summary(page: Sheet, result: HappenedResult, after: After | None) -> None:
    page.row += 1
    page.text(0, "The answer as exported", "text", "label")
    page.text(1, result.headline, "text", "note")
    page.row += 1
    write_state(page)
    if after is None:
        page.note(result.why_not or "The match was poor, so nothing is set beside the council.")
    else:
        _write_live(page, after)
    page.heading("What the answer says, as exported")
    page.text(0, "Do these words belong to the inputs as they are?", "text", "label")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1
    for sentence in (*result.sentences, *result.notes):
        page.note(sentence)
    write_how_to(page, _HOW_TO)
    write_about(page)


def _write_live(page: Sheet, after: After) -> None:
    found, kind = after.found, after.kind
    looked = found.looked_at
    page.heading(f"{after.area_name} in {looked.year}, beside the mix")
    page.header(("Figure", "Now", "What it means"), ("words", "number", "words"))
    page.line("The council", "=own_then", kind, value=looked.value, name="out_own")
    page.line("The mix", "=mix_then", kind, value=looked.mix, name="out_mix")
    page.line(
        f"Council less mix ({after.unit})",
        "=gap_then",
        "points",
        value=looked.gap * after.scale,
        name="out_gap",
        role="total",
        says="Below 0: the council lay below its mix.",
    )
    counted = looked.beside_mix
    page.line(
        "Others counted",
        "=others_counted",
        "whole",
        value=counted.of,
        name="out_counted",
        says="Those whose own mix matched well enough in the years before.",
    )
    page.line(
        "Of them, as far from their own mix",
        "=others_as_far",
        "whole",
        value=counted.as_far,
        name="out_as_far",
    )
    page.line(
        "Share, this council included",
        "=(out_as_far+1)/(out_counted+1)",
        "share",
        value=counted.share,
        name="out_share",
        says="The smaller, the rarer.",
    )
    rare, unusual = (register()[key].default for key in ("control_rare", "control_unusual"))
    page.line(
        "How rare that is",
        f'=IF(out_share<={rare!r},"rare",IF(out_share<={unusual!r},"few others","not rare"))',
        "text",
        value=counted.rarity,
        name="out_rarity",
    )
    page.line(
        f"Apart in the years before ({after.unit})",
        f"=fit*{after.scale}",
        "number",
        value=found.own.fit * after.scale,
        name="out_fit",
        says="The root of the mean squared distance.",
    )
    close, poor = after.close, after.poor
    page.line(
        "How good the match was",
        f'=IF(fit<={close!r},"close",IF(fit<={poor!r},"rough","poor"))',
        "text",
        value=found.match,
        name="out_match",
        says="Where it says poor, nothing can be said of the years after.",
    )
    page.line(
        "The weights add up to",
        f"=SUM({after.weights_range})",
        "share",
        value=sum(weight for _, _, weight in after.weights),
        name="out_weights",
    )


def _checks(after: After | None) -> tuple[Equal | Holds, ...]:
    if after is None:
        return (Holds(label="Nothing is worked out in this file", test="TRUE"),)
    return (
        Equal(
            label="The weights add up to 100%",
            one="out_weights",
            other="1",
            kind="share",
            near=0.000001,
            says="Where it says Look, change the weights on the sheet Inputs.",
        ),
        Equal(
            label="The gap is council less mix",
            one="out_gap",
            other=f"(out_own-out_mix)*{after.scale}",
            kind="points",
            near=0.000001,
        ),
        Holds(
            label="Nobody is counted who is not among the others",
            test="AND(out_as_far<=out_counted,out_counted<=COUNT(others_fit))",
        ),
    )
