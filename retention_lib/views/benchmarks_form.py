"""The benchmarks form: council, year and measure at the top; the claim and the prices below."""

from __future__ import annotations

from typing import Any

from retention_lib.assumptions import register
from retention_lib.benchmarks.answer import covered_share, started_from
from retention_lib.benchmarks.cases import case, cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.result import BenchmarkResult, ReadClaim
from retention_lib.figures import all_years, councils, label_of_area
from retention_lib.labels import label_of, value_text
from retention_lib.units import UNITS, Unit
from retention_lib.views.fields import Choice, Field, Known, choice_field, number_field

NO_CASE = "none"
_ANYTHING = 1.0  # a share cannot start above it

_PRICES = (
    "leaver_cost",
    "leaver_cost_cashable_share",
    "costs.agency_premium_per_year",
    "costs.pay_with_oncosts_per_year",
    "costs.covered_share",
)
PRICED_BY = {
    "turnover": _PRICES[:2],
    "vacancy": _PRICES[2:],
    "agency": _PRICES[2:3],
    "caseload": _PRICES[3:4],
    "absence": _PRICES[3:4],
}
"""The prices that the gap in each measure is worked out with."""

ENDS = ("claim.at_least", "claim.at_most")
CLAIM = ("claim.change", *ENDS)


def _with_case(_: Comparison, key: str) -> Comparison:
    return case(key).comparison


def _afresh(asked: Comparison, **changes: object) -> Comparison:
    """Ask something else: the claim and the share covered then follow the new figures."""
    kept = asked.with_reasons({})
    return kept.but(
        {"claim": None, "costs.covered_share": None, "case.preset": None, "name": None, **changes}
    )


def _of_measure(asked: Comparison, key: str) -> Comparison:
    """Ask of another measure; the scatter does not set it against itself."""
    second = asked.measure if key == asked.other_measure else asked.other_measure
    return _afresh(asked, measure=key, second_measure=second)


def _with_second(asked: Comparison, key: str) -> Comparison:
    """Set another measure beside the first; put back, it is what it was when it began."""
    begun = started_from(asked.but({"second_measure": None}))
    back = begun.second_measure if key == begun.other_measure else key
    return asked.but({"second_measure": back})


def _year_options(asked: Comparison) -> list[tuple[str, str]]:
    return [(str(year), f"to September {year}") for year in sorted(all_years(), reverse=True)]


def _case_options(asked: Comparison) -> list[tuple[str, str]]:
    return [(NO_CASE, "A council of your choice"), *((each.id, each.title) for each in cases())]


def _measures(_: Comparison) -> list[tuple[str, str]]:
    return [(key, measure.label) for key, measure in MEASURES.items()]


_GROUPS = ("neighbours_2025", "neighbours_2021", "region", "england", "own")

CASE: tuple[Choice[Comparison], ...] = (
    Choice(
        "council",
        "Council",
        lambda _: [(area.code, label_of_area(area)) for area in councils()],
        lambda asked: asked.council,
        lambda asked, code: _afresh(asked, council=code),
    ),
    Choice(
        "measure",
        "Measure",
        _measures,
        lambda asked: asked.measure,
        _of_measure,
    ),
    Choice(
        "year",
        "Year",
        _year_options,
        lambda asked: str(asked.year),
        lambda asked, year: _afresh(asked, year=int(year)),
    ),
    Choice(
        "beside.group",
        "Beside",
        lambda _: [(key, _capital(value_text("beside.group", key))) for key in _GROUPS],
        lambda asked: asked.beside.group,
        lambda asked, kind: _afresh(asked, **{"beside.group": kind}),
    ),
    Choice(
        "case.preset",
        "Or start from what a council said",
        _case_options,
        lambda asked: asked.case.preset or NO_CASE,
        _with_case,
    ),
)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


LEVERS: tuple[Choice[Comparison], ...] = (
    Choice(
        "target",
        label_of("target"),
        lambda _: [
            (key, _capital(value_text("target", key))) for key in ("median", "best_quarter")
        ],
        lambda asked: asked.target,
        lambda asked, key: asked.but({"target": key}),
    ),
    Choice(
        "claim.years_on",
        "Within",
        lambda _: [(str(n), f"{n} year{'s' if n > 1 else ''}") for n in range(1, 9)],
        lambda asked: str(asked.claim.years_on),
        lambda asked, years: asked.but({"claim.years_on": int(years)}),
    ),
    Choice(
        "claim.among",
        label_of("claim.among"),
        lambda _: [
            ("england", "Every council in England"),
            ("group", "The councils compared with, and this one"),
        ],
        lambda asked: asked.claim.among,
        lambda asked, among: asked.but({"claim.among": among}),
    ),
    Choice(
        "second_measure",
        "Second measure",
        lambda asked: [each for each in _measures(asked) if each[0] != asked.measure],
        lambda asked: asked.other_measure,
        lambda asked, key: _with_second(asked, key),
    ),
)


def case_sections(asked: Comparison) -> list[dict[str, Any]]:
    """Draw what is asked: council, measure, year and group; the list where it is one's own."""
    fields = [choice_field(choice, asked) for choice in CASE]
    if asked.beside.group == "own":
        fields.append(_own_list(asked))
    return [{"title": "", "fields": fields}]


def _own_list(asked: Comparison) -> Field:
    return {
        "kind": "list",
        "path": "beside.codes",
        "label": "Councils to compare with",
        "prompt": "Choose a council",
        "options": [
            {"value": a.code, "label": label_of_area(a)}
            for a in councils()
            if a.code != asked.council
        ],
        "start": [],
        "source": "",
        "about": [],
        "reasoned": False,
    }


def case_values(asked: Comparison) -> dict[str, Any]:
    """Give what stands in the fields of the case."""
    return {**{c.path: c.read(asked) for c in CASE}, "beside.codes": list(asked.beside.codes)}


def unit_of(path: str, measure: Measure) -> Unit:
    """Say in which unit a number of the claim is shown: points or percent, or cases."""
    if not measure.is_share:
        return UNITS["cases"]
    return UNITS["points"] if path == "claim.change" else UNITS["share"]


def value_of(asked: Comparison, claim: ReadClaim, path: str) -> float:
    """Give a number as it counts: what was set, or what follows from the figures."""
    found = claim.reference
    worked_out = {
        "claim.change": claim.change,
        "claim.at_least": found.at_least,
        "claim.at_most": min(found.at_most, _highest(MEASURES[asked.measure])),
        "costs.covered_share": covered_share(asked)[0],
    }
    return worked_out[path] if path in worked_out else float(asked.at(path))


def _highest(measure: Measure) -> float:
    return _ANYTHING if measure.is_share else 60.0


def sections(
    asked: Comparison, begun: Comparison, result: BenchmarkResult, at_first: BenchmarkResult
) -> list[dict[str, Any]]:
    """Draw the levers: the target and the claim first, then what people cost.

    Args:
        asked: the comparison as it stands.
        begun: where it started, for the defaults that are marked.
        result: its answer.
        at_first: the answer to where it started.
    """
    choices = {choice.path: choice_field(choice, asked) for choice in LEVERS}
    measure = MEASURES[asked.measure]
    claim = [_claim_field(path, measure, value_of(begun, at_first.claim, path)) for path in CLAIM]
    prices = [_price_field(path, asked, begun, at_first) for path in PRICED_BY[asked.measure]]
    return [
        {"title": "", "fields": [choices["target"], claim[0], choices["claim.years_on"]]},
        {
            "title": "Which councils started there",
            "fields": [*claim[1:], choices["claim.among"]],
        },
        {"title": "What people cost", "fields": prices},
        {"title": "The picture of two measures", "fields": [choices["second_measure"]]},
    ]


_CLAIM_WORDS = {
    "claim.change": (
        "Has anyone done this: a change of",
        "How far the figure is to move; below zero is a fall. It is read against the councils "
        "that started where this one is.",
    ),
    "claim.at_least": ("They started at or above", "The lowest figure to count as a like start."),
    "claim.at_most": ("They started at or below", "The highest figure to count as a like start."),
}


def _claim_field(path: str, measure: Measure, start: float) -> Field:
    unit = unit_of(path, measure)
    label, what = _CLAIM_WORDS[path]
    most = max(0.4 if measure.is_share else 15.0, abs(start))
    low, high = (-most, most) if path == "claim.change" else (0.0, _highest(measure))
    step = 0.001 if measure.is_share else 0.1
    follows = "closes the gap" if path == "claim.change" else "is near this council's figure"
    return {
        "kind": "number",
        "path": path,
        "label": label,
        "before": "",
        "after": unit.after,
        "min": unit.to_screen(low),
        "max": unit.to_screen(high),
        "step": unit.to_screen(step),
        "decimals": 1,
        "start": unit.to_screen(start),
        "start_text": unit.text(start),
        "tag": "",
        "source": f"Unless you set it, what {follows}",
        "holds": False,
        "about": [("What it is", what)],
        "reasoned": True,
    }


def _price_field(
    path: str, asked: Comparison, begun: Comparison, at_first: BenchmarkResult
) -> Field:
    row = register().behind(path)
    assert row is not None
    now = ""
    if path == "costs.covered_share" and asked.costs.covered_share is None:
        now = covered_share(asked)[1]
    return number_field(row, path, value_of(begun, at_first.claim, path), Known(now=now))


def lever_values(
    asked: Comparison, result: BenchmarkResult, drawn: list[dict[str, Any]]
) -> dict[str, Any]:
    """Give the value of every lever drawn, as on screen."""
    made = {choice.path: choice for choice in LEVERS}
    values: dict[str, Any] = {}
    for field in (field for section in drawn for field in section["fields"]):
        path = field["path"]
        if path in made:
            values[path] = made[path].read(asked)
        else:
            values[path] = _unit(path, asked).to_screen(value_of(asked, result.claim, path))
    return values


def _unit(path: str, asked: Comparison) -> Unit:
    row = register().behind(path)
    return row.unit if row is not None else unit_of(path, MEASURES[asked.measure])


def from_screen(asked: Comparison, path: str, typed: float) -> float:
    """Turn a number on screen into the document's."""
    return _unit(path, asked).from_screen(typed)
