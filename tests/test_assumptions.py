"""The register: every number that affects an answer, with its range and its source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from retention_lib.assumptions import NO_SOURCE, Register, RegisterError, read_register, register
from retention_lib.documents import Document, leaves
from retention_lib.model import npv
from retention_lib.plans.plan import Plan, Service
from retention_lib.presets import presets
from retention_lib.scenario import Scenario
from retention_lib.units import UNITS

EVERYTHING = Scenario.from_dict(
    {
        "schema": 1,
        "kind": "incentive",
        "groups": [{"headcount": 1, "replacement_leaving_rate": 0.1}],
        "scheme": {"kind": "golden_hello", "amount": {"flat": 1}},
        "effect": {"leaving_reduction": 0.1},
        "not_offered": [{"name": "Others", "headcount": 1}],
        "appraisal": {"first_financial_year": 2027},
        "case": {"year": 2025},
    }
)
PLAN = Plan.from_dict(
    {
        "schema": 1,
        "kind": "invest_to_save",
        "council": "802",
        "service": {name: 0.1 for name in Service.model_fields if name != "staff_per_manager"},
    }
)
IN_PLACE_OF_OTHERS = {
    "scheme.amount.flat": "scheme.amount.percent_of_salary",
    "effect.leaving_reduction": "effect.pay_elasticity",
}

OF_PLANS = {"service", "baseline", "pay", "targets"}  # sections of the four-year plan's form
ON_FORMS = [row.id for row in register().on_forms()]

NO_ENTRY = {
    "schema": "a version, not an assumption",
    "seed": "no draw is made yet, so it moves nothing",
    "case.year": "where the figures come from",
    "appraisal.first_financial_year": "names the years, moves no money",
    "scheme.instalments.0.month": "the shape of the offer, set in a table of its own",
    "scheme.instalments.0.share": "the shape of the offer, set in a table of its own",
    "not_offered.0.headcount": "asked about the people left out; no part of the answer's NPV",
    "not_offered.0.salary": "filled from the entry for salary",
    "not_offered.0.annual_leaving_rate": "filled from the entry for leaving",
}

SMALL = """
[people]
label = "People"
help = "How many."
kind = "lever"
unit = "people"
central = 10
source = "Ours"
date = "2025"
quality = "weak"
review_after_years = 1
path = "groups.*.headcount"
section = "main"
slider = { min = 0, max = 20, step = 1 }
"""
DATED = """
[rate]
label = "Rate"
help = "By law."
kind = "constant"
unit = "share"
values = [
  { from = 2024-04-01, value = 0.1, source = "Law" },
  { from = 2025-04-01, value = 0.2, source = "Law" },
]
source = "Law"
date = "2025"
quality = "strong"
review_after_years = 1
"""


def read(folder: Path, text: str) -> Register:
    """Read a register from text."""
    file = folder / "register.toml"
    file.write_text(text, encoding="utf-8")
    return read_register(file)


# How it works, on a small one.


def test_a_small_register_says_what_it_holds(tmp_path: Path) -> None:
    small = read(tmp_path, SMALL + DATED)
    assert list(small) == ["people", "rate"]
    assert len(small) == 2
    assert small["people"].default == 10
    assert small.default("groups.*.headcount") == 10
    assert small.behind("groups.7.headcount") is small["people"]
    assert small.behind("groups.7.salary") is None
    assert small.on_forms() == (small["people"],)


def test_a_dated_value_holds_from_its_day_on(tmp_path: Path) -> None:
    rate = read(tmp_path, DATED)["rate"]
    assert rate.on(dt.date(2024, 4, 1)) == 0.1
    assert rate.on(dt.date(2025, 3, 31)) == 0.1
    assert rate.on(dt.date(2025, 4, 1)) == 0.2
    assert rate.default == 0.2
    with pytest.raises(
        RegisterError, match="rate has no value before 2024-04-01; asked for 2024-0"
    ):
        rate.on(dt.date(2024, 3, 31))


def test_an_undated_value_holds_always(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL)["people"].on(dt.date(1990, 1, 1)) == 10


MISTAKES: dict[str, tuple[str, str, str]] = {
    "a field left out": ('help = "How many."\n', "", "help: this field is missing"),
    "an empty label": ('label = "People"', 'label = ""', "label: String should have at least 1"),
    "an unknown field": (
        "central = 10",
        "central = 10\ncentre = 1",
        "centre: there is no such field",
    ),
    "an unknown kind": ('"lever"', '"guess"', "kind: Input should be 'lever'"),
    "an unknown unit": ('"people"\ncentral', '"heads"\ncentral', "unit 'heads' is not one of"),
    "an unknown section": ('section = "main"', 'section = "top"', "section: Input should be"),
    "text for a number": ("central = 10", 'central = "10,5"', "central: Input should be a valid"),
    "no number at all": ("central = 10\n", "", "either a central value, or dated values"),
    "a number that is none": ("central = 10", "central = nan", "central: Input should be a finite"),
    "no range where nobody knows": ('"lever"', '"uncertainty"', "needs a low and a high value"),
    "ends the wrong way round": (
        "central = 10",
        "low = 11\ncentral = 10\nhigh = 9",
        "in that order",
    ),
    "a share in percent": ('"people"\ncentral = 10', '"share"\ncentral = 10', "5% is written 0.05"),
    "a slider that ends before it starts": ("max = 20", "max = 0", "min must be below its max"),
    "a slider without steps": ("step = 1", "step = 0", "step: Input should be greater than 0"),
    "a slider that stops short": (
        "max = 20",
        "max = 9",
        "must reach the figure it starts from, 10",
    ),
    "no slider on a form": ("slider = { min = 0, max = 20, step = 1 }", "", "needs a slider's"),
    "a path without a section": ('section = "main"\n', "", "path and section go together"),
    "no source but a quality": ('"Ours"', f'"{NO_SOURCE}"', "go together"),
    "no source and no note": (
        'source = "Ours"\ndate = "2025"\nquality = "weak"',
        f'source = "{NO_SOURCE}"\ndate = "2025"\nquality = "none"',
        "needs a note that says how it was set",
    ),
    "never looked at again": (
        "review_after_years = 1",
        "review_after_years = 0",
        "review_after_years: Input should be greater than 0",
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_refused_with_the_file_the_entry_and_what_is_wrong(
    what: str, tmp_path: Path
) -> None:
    right, wrong, words = MISTAKES[what]
    assert right in SMALL
    with pytest.raises(RegisterError) as refused:
        read(tmp_path, SMALL.replace(right, wrong, 1))
    assert str(refused.value).startswith("register.toml, [people]: ")
    assert words in str(refused.value)


DATED_MISTAKES = {
    "both a value and dated ones": (
        'unit = "share"', 'unit = "share"\ncentral = 0.1', "either a central"
    ),
    "the latest first": ("from = 2024-04-01", "from = 2026-04-01", "earliest first"),
    "a date twice": ("from = 2024-04-01", "from = 2025-04-01", "each date once"),
    "a day that is none": ("from = 2024-04-01", 'from = "soon"', "values.0.from"),
    "a share above 1": ("value = 0.1,", "value = 10,", "5% is written 0.05"),
    "no source of its own": (', source = "Law" },', " },", "values.0.source: this field is"),
}  # fmt: skip


@pytest.mark.parametrize("what", DATED_MISTAKES)
def test_a_mistake_in_a_dated_value_is_refused(what: str, tmp_path: Path) -> None:
    right, wrong, words = DATED_MISTAKES[what]
    assert right in DATED
    with pytest.raises(RegisterError) as refused:
        read(tmp_path, DATED.replace(right, wrong, 1))
    assert str(refused.value).startswith("register.toml, [rate]: ")
    assert words in str(refused.value)


def test_two_entries_behind_one_field_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"heads and people both stand behind groups\.\*"):
        read(tmp_path, SMALL + SMALL.replace("[people]", "[heads]"))


def test_a_file_that_is_no_register_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"register\.toml cannot be read: "):
        read(tmp_path, "[people\n")
    with pytest.raises(RegisterError, match=r"register\.toml: oncost_rate stands alone"):
        read(tmp_path, "oncost_rate = 0.1")
    with pytest.raises(RegisterError, match=r"none\.toml cannot be read: "):
        read_register(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'label = "\xa3"')
    with pytest.raises(RegisterError, match=r"latin\.toml cannot be read: "):
        read_register(tmp_path / "latin.toml")


# The product's own.


@pytest.mark.parametrize("key", list(register()))
def test_every_entry_is_complete(key: str) -> None:
    row = register()[key]
    assert row.id == key
    assert row.label == row.label.strip()
    assert row.label
    assert row.help.rstrip(")").endswith(".")
    assert row.source
    assert row.unit is UNITS[row.unit_name]
    assert 1990 <= int(row.date[:4]) <= 2026
    assert row.note or row.quality in {"strong", "fair"}
    assert row.review_after_years >= 1
    if row.kind == "uncertainty":
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.default <= row.high
        assert row.low < row.high, "an uncertainty has a range"


@pytest.mark.parametrize("key", ON_FORMS)
def test_a_slider_holds_the_central_figure_and_stops_at_it(key: str) -> None:
    row = register()[key]
    assert row.slider is not None
    assert row.slider.min <= row.default <= row.slider.max
    steps = (row.default - row.slider.min) / row.slider.step
    assert steps == pytest.approx(round(steps), abs=1e-6), "it is one of its steps"


@pytest.mark.parametrize("key", ON_FORMS)
def test_a_scenario_may_hold_both_ends_of_every_slider_and_range(key: str) -> None:
    row = register()[key]
    assert row.slider is not None
    path = str(row.path).replace("*", "0")
    other = IN_PLACE_OF_OTHERS | {value: key for key, value in IN_PLACE_OF_OTHERS.items()}
    document: Document = EVERYTHING if row.section not in OF_PLANS else PLAN
    for value in (row.slider.min, row.slider.max, row.low, row.high):
        if value is not None:
            changed = document.but({other.get(path, "name"): None, path: value})
            assert changed.at(path) == value


def test_every_path_of_the_register_is_a_field_of_a_scenario() -> None:
    fields = {path for path, _ in leaves(EVERYTHING.to_dict())} | set(IN_PLACE_OF_OTHERS.values())
    fields |= {path for path, _ in leaves(PLAN.to_dict())}
    for row in register().on_forms():
        assert str(row.path).replace("*", "0") in fields, row.id


def test_every_number_of_a_scenario_has_an_entry_or_a_reason_to_have_none() -> None:
    numbers = {
        path
        for path, value in leaves(EVERYTHING.to_dict())
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
    without = {path for path in numbers if register().behind(path) is None}
    assert without == NO_ENTRY.keys()


def test_the_exceptions_move_no_npv() -> None:
    for path in ("seed", "case.year", "appraisal.first_financial_year", "not_offered.0.headcount"):
        changed = EVERYTHING.but({path: 2030 if "year" in path else 7})
        assert float(npv(changed)) == float(npv(EVERYTHING)), path


def test_what_the_law_fixed_on_a_day_is_known() -> None:
    rate = register()["employer_ni_rate"]
    assert rate.on(dt.date(2019, 10, 1)) == 0.138  # when Middlesbrough's offer began
    assert rate.on(dt.date(2022, 6, 1)) == 0.1505
    assert rate.on(dt.date(2025, 4, 5)) == 0.138
    assert rate.on(dt.date(2025, 4, 6)) == 0.15
    assert register()["social_work_england_fee"].on(dt.date(2027, 1, 1)) == 122


def test_on_costs_are_national_insurance_and_the_levy_on_the_day() -> None:
    levy = register()["apprenticeship_levy"].default
    rate = register()["employer_ni_rate"]
    assert register()["oncost_rate"].default == pytest.approx(rate.default + levy)
    first = presets()[0].scenario
    assert first.scheme.oncost_rate == pytest.approx(rate.on(dt.date(2019, 10, 1)) + levy)


def test_parts_that_are_worked_out_from_others_are_what_they_say() -> None:
    rows = register()
    hiring = rows["advertising_and_selection"], rows["induction_and_training"]
    for end in ("low", "central", "high"):
        parts = [getattr(part, end) for part in hiring]
        assert getattr(rows["hire_cost"], end) == sum(parts)
    anyway = rows["golden_hello_paid_anyway"].default
    assert rows["extra_hires"].default == pytest.approx((1 - anyway) / anyway, abs=0.005)
    assert rows["vacancy_net_saving"].default == rows["agency_premium_per_year"].default / 12


def test_a_range_reads_as_people_write_it() -> None:
    assert register()["replacement_cost_per_leaver"].range_text == "£6,000 to £30,600"
    assert register()["oncost_rate"].range_text == "", "the law leaves no range"
    assert register()["headcount"].range_text == ""
