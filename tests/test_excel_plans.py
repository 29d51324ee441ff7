"""A plan's workbook gives the library's answer, as written and after its inputs are changed."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from retention_lib.outputs.excel.inputs import Input
from retention_lib.outputs.excel.plan_book import plan_workbook
from retention_lib.outputs.excel.plan_cells import FIRST_ROW
from retention_lib.outputs.excel.plan_inputs import sections_of
from retention_lib.outputs.excel.plan_names import BASELINES, PAYERS, TAPERS, TOWARDS, YES
from retention_lib.plans import Plan, appraise
from retention_lib.plans.cases import case, cases
from retention_lib.plans.plan import MONTHS, YEARS
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.prices import yearly_growth
from retention_lib.plans.result import PlanResult
from retention_lib.rates import FloatArray
from tests.recalculated import Cell, Values, changed, differing, recalculated
from tests.strategies import Json

ON = dt.date(2026, 11, 22)
PENNY = 0.005
PERSON = 1e-6
_NAMES = re.compile(r"\b([a-z][a-z0-9_]*_[a-z0-9_]+)\b(?!\()")


def effect(on: str, size: float, **parts: Any) -> Json:
    """Make an effect with a range wide enough for other sizes."""
    least = {"staff_per_manager": 1, "newly_qualified_load": 0, "recruits": 0, "posts": -40}
    most = 1.0 if on in {"leaving", "demand", "capacity", "newly_qualified_load"} else 40.0
    if on.startswith("agency"):
        most = 1.0
    return {"on": on, "low": least.get(on, -0.5), "central": size, "high": most, **parts}


PLAIN: Json = {
    "schema": 1,
    "kind": "invest_to_save",
    "council": "802",
    "prices": {"pay_award": [0.0] * 4, "agency": [0.0] * 4, "cpi": [0.0] * 4},
    "measures": [
        {
            "kind": "own",
            "name": "One measure",
            "money": [12_000, 0, 0, 0],
            "effects": [effect("leaving", 0.1)],
        }
    ],
}
"""Prices stand still and one measure does one thing: what it comes to can be checked by hand."""

BUSY: Json = {
    "schema": 1,
    "kind": "invest_to_save",
    "name": "Everything at once",
    "council": "916",
    "year": 2024,
    "staffing_budget": 20_000_000,
    "service": {
        "staff": 150, "turnover": 0.19, "vacancy_rate": 0.15, "agency_rate": 0.2,
        "agency_extra_share": 0.2, "caseload": 17, "case_holding_share": 0.7,
    },
    "prices": {
        "pay_award": [0.03, 0.02, 0.01, 0.02],
        "agency": [0.04, 0.01, 0.0, 0.03],
        "cpi": [0.02, 0.03, 0.02, 0.01],
    },
    "measures": [
        {
            "kind": "academy",
            "start": 2,
            "end": 40,
            "ramp": 10,
            "money": [100_000, 90_000, 0, 50_000],
            "per_staff_year": 150,
            "staff_share": 0.6,
            "per_recruit": 2_000,
            "protected_months": 7,
            "effects": [
                effect("leaving", 0.08, bands=["newly_qualified"], lag=1),
                effect("recruits", 4, route="newly_qualified", lag=0),
                effect("newly_qualified_load", 0.6, lag=3),
                effect("recruits", 3, route="experienced", lag=2),
                effect("demand", 0.04, lag=12),
                effect("agency_cover", 0.1, lag=4),
                effect("agency_extra", 0.3, lag=2),
                effect("agency_price", 0.07, lag=1),
                effect("capacity", 0.05, lag=5),
                effect("staff_per_manager", 6, lag=8),
                effect("recruits", 6, route="overseas", once=True, lag=7),
                effect("leaving", 0.03, lag=6),
            ],
        },
        {
            "kind": "retention_payment",
            "start": 5,
            "end": 33,
            "ramp": 6,
            "money": [30_000, 20_000, 10_000, 5_000],
            "funded_by": "elsewhere",
            "per_staff_year": 20,
            "staff_share": 0.5,
            "effects": [effect("posts", 8, lag=2)],
            "incentive": {
                "eligible": 60,
                "salary": 41_000,
                "bands": ["social_worker", "senior"],
                "scheme": {
                    "kind": "retention",
                    "amount": {"percent_of_salary": 12},
                    "instalments": [{"month": 0, "share": 0.5}, {"month": 24, "share": 0.5}],
                    "tie_in_months": 30,
                    "clawback": {"taper": "monthly", "recovery_rate": 0.5},
                    "take_up": 0.7,
                    "oncost_rate": 0.2,
                },
                "effect": {"pay_elasticity": 0.7, "after_multiplier": 1.4, "after_months": 5},
            },
        },
        {
            "kind": "golden_hello",
            "start": 1,
            "end": 30,
            "per_recruit": 300,
            "effects": [effect("recruits", 3, route="newly_qualified", once=True, lag=4)],
            "incentive": {
                "eligible": 9,
                "salary": 39_000,
                "bands": ["social_worker"],
                "hire_cost": 1_500,
                "scheme": {
                    "kind": "golden_hello",
                    "amount": {"flat": 5_000},
                    "instalments": [{"month": 0, "share": 0.5}, {"month": 24, "share": 0.5}],
                    "tie_in_months": 24,
                    "clawback": {"taper": "yearly", "recovery_rate": 0.6},
                    "take_up": 0.9,
                    "oncost_rate": 0.15,
                },
                "effect": {
                    "leaving_reduction": 0.1, "extra_hires": 0.3, "after_multiplier": 1.2,
                    "after_months": 4,
                },
            },
        },
    ],
}  # fmt: skip
"""An effect on every quantity, both kinds of payment, and a measure that others pay for."""


@dataclass(frozen=True)
class Made:
    """A workbook that was written, the plan that its inputs then stood for, and what came of it."""

    key: str
    plan: Plan
    result: PlanResult
    found: Played
    book: bytes
    values: Values

    @property
    def is_changed(self) -> bool:
        """Whether its cells were changed after it was written."""
        return "changed" in self.key


_INPUTS: dict[str, dict[str, Input]] = {}


def inputs_of(plan: Plan) -> dict[str, Input]:
    """Give the inputs of a plan by the names of their cells."""
    if plan.digest not in _INPUTS:
        every = (each for section in sections_of(plan) for each in section.inputs)
        _INPUTS[plan.digest] = {each.name: each for each in every}
    return _INPUTS[plan.digest]


_WORDS: Mapping[str, Mapping[str, str]] = {
    "funded_by": PAYERS,
    "taper": TAPERS,
    "kind": BASELINES,
    "towards": TOWARDS,
}


def field_value(each: Input, held: Cell) -> Any:
    """Give what a document's field holds where its cell holds this."""
    last = each.path.rsplit(".", 1)[-1]
    if last in {"optimism", "one_off", "capital"}:
        return held == YES
    if last in _WORDS and isinstance(held, str):
        return next(code for code, words in _WORDS[last].items() if words == held)
    if each.kind == "whole" and isinstance(held, (int, float)):
        return int(held)
    return held


_MOST = 3
"""The last of the ways in which inputs are changed: then nothing ends, and no budget is set."""


def moved(each: Input, by: int) -> Cell:
    """Give another value that may stand in an input's cell, a different one for each `by`."""
    now, rule, last = each.value, each.rule, each.path.rsplit(".", 1)[-1]
    if rule.choices:
        place = rule.choices.index(str(now))
        return rule.choices[(place + by) % len(rule.choices)]
    if last in {"end", "staffing_budget"} and by == _MOST:
        return None
    if now is None:
        return {"end": 36 + by, "staffing_budget": 19e6}.get(last, 0.1 * by)
    assert isinstance(now, (int, float))
    if last == "share" and now == 1:  # the only instalment
        return now
    if ".instalments." in each.path and last == "share":
        return now + 0.1 * by * (-1 if ".instalments.0." in each.path else 1)
    if each.kind == "whole":
        if last == "end":
            return now - by
        return now + by if ".instalments.0." not in each.path else now + (by - 1) * 2
    if rule.most in {0.99, 1}:
        return round(now * (1 - 0.1 * by) + 0.02, 6)
    return round(now * (1 + 0.07 * by) + 0.5, 6)


def with_inputs(plan: Plan, values: Mapping[str, Cell]) -> Plan:
    """Give the plan that a workbook of it stands for once its cells hold these values."""
    known = inputs_of(plan)
    fields = {known[name].path: field_value(known[name], held) for name, held in values.items()}
    given = written_out(plan)
    for path, held in list(fields.items()):
        if path.endswith(".central"):
            base = path.removesuffix("central")
            fields[f"{base}low"] = min(held, given.at(f"{base}low"))
            fields[f"{base}high"] = max(held, given.at(f"{base}high"))
    return given.but(fields)


def written_out(plan: Plan) -> Plan:
    """Give the same plan with every year's money and growth in it, so that each can be changed."""
    given = plan.to_dict()
    growth = yearly_growth(plan)
    given["prices"] = {name: list(by_year) for name, by_year in growth.items()}
    for measure, made_of in zip(given.get("measures", []), plan.measures, strict=True):
        measure["money"] = [made_of.money_in(year) for year in range(YEARS)]
    return Plan.from_dict(given)


def other_values(plan: Plan, by: int) -> dict[str, Cell]:
    """Give another value for every input of a plan."""
    found = {name: moved(each, by) for name, each in inputs_of(plan).items()}
    return {name: held for name, held in found.items() if held != inputs_of(plan)[name].value}


def variants() -> Iterator[tuple[str, Plan, dict[str, Cell]]]:
    """Give workbooks to be written, and the cells that are then changed in them."""
    for each in cases():
        yield each.id, each.plan, {}
    plain, busy = Plan.from_dict(PLAIN), Plan.from_dict(BUSY)
    yield "plain", plain, {}
    yield "busy", busy, {}
    for by in range(1, _MOST + 1):
        yield f"busy, changed {by}", busy, other_values(busy, by)
    offer = case("middlesbrough-2019-plan")
    yield "offer, changed", offer.plan, other_values(offer.plan, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Write the workbooks, change their cells, and have the office work them all out."""
    books: dict[str, bytes] = {}
    files: list[tuple[str, Plan, bytes, bytes]] = []
    for key, plan, cells in variants():
        if plan.digest not in books:
            books[plan.digest] = plan_workbook(plan, appraise(plan), ON)
        book = books[plan.digest]
        after = with_inputs(plan, cells) if cells else plan
        files.append((key, after, book, changed(book, cells) if cells else book))
    worked_out = at_once([data for *_, data in files], tmp_path_factory.mktemp("plans"))
    return {
        key: Made(key, plan, appraise(plan), played(plan), book, values)
        for (key, plan, book, _), values in zip(files, worked_out, strict=True)
    }


def at_once(files: Sequence[bytes], folder: Path) -> list[Values]:
    """Have two offices work out half of the files each."""
    halves = [files[0::2], files[1::2]]
    folders = [folder / "one", folder / "other"]
    for each in folders:
        each.mkdir()
    with ThreadPoolExecutor() as both:
        one, other = both.map(recalculated, halves, folders)
    found: list[Values] = []
    for pair in zip_longest(one, other):
        found += [each for each in pair if each is not None]
    return found


def column(values: Values, sheet: str, heading: str, group: str) -> FloatArray:
    """Give the months of a column, found by its heading under its group's."""
    page = values.book[sheet]
    groups, heads = FIRST_ROW - 3, FIRST_ROW - 2
    here = ""
    for place in range(1, page.max_column + 1):
        here = page.cell(groups, place).value or here
        if here == group and page.cell(heads, place).value == heading:
            cells = [page.cell(FIRST_ROW + month, place).value for month in range(MONTHS + 1)]
            return np.array([float(cell or 0.0) for cell in cells])
    raise KeyError(f"{sheet} has no {heading!r} under {group!r}")


def below(values: Values, sheet: str, title: str, label: str, column: int) -> Any:
    """Give a cell of the row of a label, the first below a title that begins so."""
    seen = False
    for row in values.book[sheet].iter_rows(max_col=column):
        seen = seen or str(row[0].value).startswith(title)
        if seen and row[0].value == label:
            return row[column - 1].value
    raise KeyError(f"{sheet} has no row {label!r} below {title!r}")


def by_year(
    values: Values, label: str, sheet: str = "Money by year", title: str = ""
) -> list[float]:
    return [float(below(values, sheet, title, label, 3 + year)) for year in range(4)]


def test_every_workbook_gives_the_librarys_answer_to_a_penny(made: dict[str, Made]) -> None:
    for key, each in made.items():
        for name, expected in (
            ("answer_net", each.result.net),
            ("answer_npv", each.result.npv),
            ("answer_excel_npv", each.result.excel_npv),
            ("answer_investment", each.result.investment),
            ("answer_saving", each.result.saving),
            ("answer_elsewhere", each.result.elsewhere),
            ("due_later", each.result.due_later),
            ("region_net", each.result.region.net),
            ("marked_net", each.result.optimism.marked_down.net),
            ("marked_npv", each.result.optimism.marked_down.npv),
        ):
            assert each.values.named(name) == pytest.approx(expected, abs=PENNY), (key, name)
        month = each.result.payback_month
        found = each.values.named("answer_payback_month")
        assert found == (MONTHS + 1 if month is None else month), key


def test_every_year_is_the_librarys_to_a_penny(made: dict[str, Made]) -> None:
    for key, each in made.items():
        for label, expected in (
            ("Cost of the measures", each.result.investment_by_year),
            ("Saved", each.result.saving_by_year),
            ("Saved less cost", each.result.net_by_year),
            ("Worth to everyone", each.result.economic_net_by_year),
        ):
            found = by_year(each.values, label)
            assert found == pytest.approx(list(expected), abs=PENNY), (key, label)


def test_the_tables_for_a_budget_are_the_librarys(made: dict[str, Made]) -> None:
    for key, each in made.items():
        for name, title in (("mtfs", "Medium-term"), ("invest_to_save", "Invest to save, £")):
            for row in each.result.table(name).rows:
                label, *known = row
                label = "Base budget" if str(label).startswith("Base budget") else str(label)
                found = by_year(each.values, label, "MTFS and invest to save", title)
                pounds = [1_000 * value for value in found]
                expected = [float(value) for value in known[:4] if isinstance(value, float)]
                assert pounds == pytest.approx(expected, abs=PENNY), (key, name, label)


def test_people_are_the_librarys_in_every_month(made: dict[str, Made]) -> None:
    end = "Staff at the month's end"
    places = {
        ("Staff in post", end): "in_post",
        ("Leavers", "Leave"): "all_leavers",
        ("Joiners", "Join"): "joined",
        ("Become seniors", "Move on"): "promoted",
        ("No longer newly qualified", "Move on"): "progressed",
        ("Vacancies", "Vacancies and agency staff"): "vacancies",
        ("Agency staff", "Vacancies and agency staff"): "agency",
        ("Caseload (DfE)", "Cases"): "caseload",
        ("Cases of an experienced worker", "Cases"): "experienced_caseload",
        ("Workload in cases", "Cases"): "workload",
    }
    for key, each in made.items():
        for (heading, group), name in places.items():
            path: FloatArray = getattr(each.found.path, name)
            for sheet, index in (("Without the plan", WITHOUT), ("With the plan", WITH)):
                found = column(each.values, sheet, heading, group)
                assert found == pytest.approx(path[index, 0], abs=PERSON), (key, sheet, heading)


def test_verdicts_and_the_guard_are_the_librarys(made: dict[str, Made]) -> None:
    for key, each in made.items():
        for test in each.result.tests:
            assert each.values.found("Summary", test.question) == test.verdict, (key, test.key)
        falls = sum(not line.kept for line in each.result.guard)
        assert each.values.found("Summary", "Measures of quality that fall") == falls, key
        met = {str(row[0]): row[-1] for row in each.result.table("scorecard").rows}
        for label, said in met.items():
            if said != "Not modelled":
                row = f"{label}, with the plan"
                found = below(each.values, "Tests and scorecard", "Retention scorecard", row, 9)
                assert found == said, (key, label)


def test_each_measure_alone_makes_the_librarys_bridge(made: dict[str, Made]) -> None:
    for key, each in made.items():
        for index, step in enumerate(each.result.bridge[1:-1], start=1):
            name = f"measure_{index}_bridge" if step.key.startswith("measure") else None
            name = name or f"bridge_{step.key}"
            assert each.values.named(name) == pytest.approx(step.pounds, abs=PENNY), (key, name)


def test_no_cell_holds_an_error_and_no_check_fails(made: dict[str, Made]) -> None:
    for key, each in made.items():
        assert each.values.errors() == [], key
        assert each.values.named("checks_to_look_at") == 0, key


def test_no_input_at_the_least_it_may_be_makes_an_error(
    made: dict[str, Made], tmp_path: Path
) -> None:
    least: dict[str, Cell] = {}
    for name, each in inputs_of(made["busy"].plan).items():
        if not each.rule.choices:
            least[name] = max(-1.0, each.rule.least or 0.0)
    (values,) = recalculated([changed(made["busy"].book, least)], tmp_path)
    assert values.errors() == []


def test_what_is_stored_is_what_the_office_works_out(made: dict[str, Made]) -> None:
    for key, each in made.items():
        assert (each.values.named("inputs_changed") > 0) == each.is_changed, key
        if not each.is_changed:
            assert differing(Values.of(each.book), each.values, 1e-6) == [], key


def test_every_input_is_changed_in_some_workbook(made: dict[str, Made]) -> None:
    busy = Plan.from_dict(BUSY)
    assert len(made) > len(cases())
    touched = {name for by in range(1, _MOST + 1) for name in other_values(busy, by)}
    assert set(inputs_of(busy)) == touched


def test_an_input_cell_holds_what_the_plan_holds() -> None:
    plan = Plan.from_dict(BUSY)
    held = {name: each.value for name, each in inputs_of(plan).items()}
    assert with_inputs(plan, held) == written_out(plan)
    assert held["in_measures_1_effects_12_central"] == 0.03
    assert held["in_measures_3_incentive_scheme_clawback_taper"] == "less each year"
    assert held["in_measures_2_funded_by"] == "others"


def test_one_measure_can_be_followed_by_hand(made: dict[str, Made]) -> None:
    """A tenth fewer leave; £12,000 is paid in twelfths in the first year."""
    values = made["plain"].values
    usual = column(values, "Without the plan", "Social workers, before caseload", CHANCES)
    less = column(values, "With the plan", "Social workers, before caseload", CHANCES)
    assert less[1:] == pytest.approx(0.9 * usual[1:])
    paid = column(values, "With the plan", "Its money", "Money of measure 1: One measure")
    assert paid[1:13] == pytest.approx(np.full(12, 1_000.0))
    assert np.all(paid[13:] == 0)
    staff = column(values, "Without the plan", "Staff in post", "Staff at the month's end")
    assert staff[0] == pytest.approx(88.9)
    assert by_year(values, "Cost of the measures") == pytest.approx([12_000, 0, 0, 0])


CHANCES = "Chance of leaving in the month"


def test_text_that_looks_like_a_formula_is_text() -> None:
    hostile: tuple[str, ...] = (
        "=1+1",
        "+SUM(A1)",
        "-2",
        '@cmd|"/C calc"',
        '=HYPERLINK("http://x")',
    )
    measures = [{"kind": "own", "name": name, "money": [1.0]} for name in hostile]
    plan = Plan.from_dict(
        {
            **PLAIN,
            "name": "=2+2",
            "measures": measures,
            "reasons": {"measures.0.money": "=3+3"},
        }
    )
    data = plan_workbook(plan, appraise(plan), ON)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert not [each for _, each in formulas_of(book) if any(name in each for name in hostile)]
    assert book["Summary"]["A1"].value == "=2+2"
    assert book["Summary"]["A1"].data_type == "s"


def test_there_are_no_macros_hidden_sheets_links_or_names_that_are_not_there(
    made: dict[str, Made],
) -> None:
    data = made["busy"].book
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)
    defined = set(book.defined_names)
    for place, formula in formulas_of(book):
        bare = re.sub(r'"[^"]*"|\'[^\']*\'!', "", formula)
        assert set(_NAMES.findall(bare)) <= defined, place
        assert len(formula) <= LONGEST, (place, len(formula))


LONGEST = 600
"""Characters of a formula: most of those of a plan with everything in it have under 200."""


def formulas_of(book: Any) -> Iterator[tuple[str, str]]:
    """Give every formula of a workbook with its place."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"{sheet.title}!{cell.coordinate}", str(cell.value)
