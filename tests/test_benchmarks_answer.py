"""A comparison and its whole answer: every council, the words, the file, the command line."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import Scenario, ScenarioError
from retention_lib.answering import answer_file
from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import case, cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.gap import GapLine
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.reference import CouncilYear, ReferenceClass, reference_class
from retention_lib.benchmarks.result import BenchmarkResult, ReadClaim, reference_dict
from retention_lib.benchmarks.tables import standing_table
from retention_lib.benchmarks.words import claim_sentence, possessive, worth
from retention_lib.cli import main
from retention_lib.documents import leaves
from retention_lib.figures import ENGLAND, all_years, councils, figure
from retention_lib.outputs.cells import cell_text
from retention_lib.results import IncentiveResult
from tests.strategies import Json, between, chances

SMALLEST: Json = {"schema": 1, "kind": "benchmark", "council": "806"}
MIDDLESBROUGH: Json = {**SMALLEST, "year": 2019}
TABLES = [
    "standing", "strip", "group", "trend", "measures", "gap", "tornado", "spread",
    "reference", "scatter",
]  # fmt: skip
GROUPS = ["neighbours_2025", "neighbours_2021", "region", "england", "own"]

Captured = pytest.CaptureFixture[str]


def asked(**fields: Any) -> Comparison:
    """Make a comparison for Middlesbrough in 2019, some of it changed."""
    return Comparison.from_dict({**MIDDLESBROUGH, **fields})


def answer(**fields: Any) -> BenchmarkResult:
    """Answer it."""
    return compare(asked(**fields))


# Every council, every measure, every year.

NEVER = re.compile(
    r"\b(nan|None(?! of)|inf|infinity)\b|-0(?![.\d])|  |\b0 (points|cases)\b|\.\.|: \."
)
HYPHEN = re.compile(r"(?<!\w)-\d")  # where a minus should be


def faults(result: BenchmarkResult) -> list[str]:
    """List what no reader should see, and what no script could read."""
    json.dumps(result.to_dict(), allow_nan=False)
    texts = [
        f"{table.key}: {cell_text(cell, column.kind)}"
        for table in result.tables
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
    ]
    return [
        *plain_faults(result),
        *(text for text in texts if NEVER.search(text) or HYPHEN.search(text)),
    ]


def plain_faults(result: BenchmarkResult) -> list[str]:
    """List the faults of the sentences, the shape of the tables, and the identities."""
    said = [result.headline, *result.sentences, *result.notes]
    found = [text for text in said if not text or NEVER.search(text) or HYPHEN.search(text)]
    found += [text for text in said if not text.endswith(".")]
    for table in result.tables:
        wide = len(table.columns)
        found += [table.key for row in table.rows if len(row) != wide]
        cells = [cell for row in table.rows for cell in row if isinstance(cell, float)]
        found += [] if all(map(math.isfinite, cells)) else [table.key]
    return found + [check.name for check in result.checks if not check.passed]


DEEP = 7
"""Of so many councils, one is looked at down to the text of every cell and its JSON."""


@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize("year", all_years())
def test_every_council_has_an_answer_without_a_fault(key: str, year: int) -> None:
    start = year + list(MEASURES).index(key)
    for place, area in enumerate(councils(), start):
        result = answer(council=area.code, measure=key, year=year)
        found = plain_faults(result) if place % DEEP else faults(result)
        assert found == [], (area.name, result.headline)
        assert [each.key for each in result.tables] == TABLES
        value = figure(key, area.code, year)
        expected = "is not published" if value is None else MEASURES[key].text(value)
        assert expected in result.headline


SAMPLE = ["806", "802", "201", "420", "857", "909", "942", "835", "314 / 318", "940 / 941", "207"]


@pytest.mark.parametrize("target", ["median", "best_quarter"])
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("code", SAMPLE)
def test_every_group_and_target_has_an_answer(code: str, group: str, target: str) -> None:
    beside = {"group": group, "codes": ["933", "806", "420"]}
    for key in MEASURES:
        for year in (2017, 2025):
            result = answer(council=code, year=year, measure=key, beside=beside, target=target)
            assert faults(result) == [], result.headline


@pytest.mark.parametrize("among", ["england", "group"])
@pytest.mark.parametrize("years_on", range(1, 9))
@pytest.mark.parametrize("key", MEASURES)
def test_every_claim_has_an_answer(key: str, years_on: int, among: str) -> None:
    for code in ("806", "420", "909"):
        for change in (None, -0.1, 0.0, 0.1, 1e6):
            claim = {"years_on": years_on, "among": among}
            if change is not None:
                claim["change"] = change
            assert faults(answer(council=code, year=2022, measure=key, claim=claim)) == []


@pytest.mark.parametrize("year", [2017, 2025])
def test_a_list_of_nobody_has_an_answer(year: int) -> None:
    result = answer(year=year, beside={"group": "own"})
    assert faults(result) == []
    assert result.headline.endswith("Add councils to compare it with.")


def test_every_second_measure_has_its_scatter() -> None:
    for key in MEASURES:
        scatter = answer(second_measure=key).table("scatter")
        mine = next(row for row in scatter.rows if row[-1] == "here")
        # A measure is not set against itself.
        assert mine[1:3] == (0.208, figure("vacancy" if key == "turnover" else key, "806", 2019))


# Exact words.


def test_higher_in_words() -> None:
    result = answer(beside={"group": "neighbours_2021"})
    assert result.headline == (
        "Middlesbrough's turnover was 20.8% in 2019: above its statistical neighbours (14%)."
    )
    assert result.sentences == (
        "Closing the gap to the middle of its statistical neighbours (14%) means 12 fewer leavers "
        "a year. It would be worth £231,000 a year, between £69,400 and £354,000 by what people "
        "cost. Of that, £41,600 is money; the rest is work not lost.",
        "Much of a high turnover goes by itself: councils near there were at 18% a year later on "
        "average, whatever they did. From there, a scheme would have to cut leaving by 22% among "
        "all staff.",
        "240 times since 2017 a council has started between 18.3% and 23.3%. One year later, 70 of "
        "them (29%) had fallen by 6.8 points or more. On average they fell by 2.8 points, whatever "
        "they did.",
        "Allowing for luck, the rate behind it could be anywhere from 15.4% to 27.5%. It ranks 118 "
        "of 147 councils, 1 being the lowest: in the worst quarter.",
        "England as a whole was at 15% and the North East at 14.8% in the same year.",
        "Beside the neighbours of the 2025 model (16%), it is no different from them.",
        "It was 10.5 points up on 2018, more than luck alone would do, and 11.4 points up on "
        "2017, more than luck alone would do.",
    )


def test_lower_and_no_gap_in_words() -> None:
    result = answer(council="933", year=2017)
    assert result.headline == (
        "Somerset's turnover was 8.1% in 2017: below its statistical neighbours (14.9%)."
    )
    assert result.sentences[0] == (
        "It is 6.8 points below the middle of its statistical neighbours (14.9%), so there is no "
        "gap to close."
    )
    assert not any("scheme" in sentence for sentence in result.sentences)


def test_no_different_in_words() -> None:
    result = answer(council="933", year=2025, measure="agency", beside={"group": "region"})
    assert result.headline == (
        "Somerset's agency rate was 10.2% in 2025: no different from councils in the South West "
        "(11.2%), once luck is allowed for."
    )
    nearer = answer(council="802", year=2025)
    assert nearer.sentences[0].startswith("The gap may be luck. Closing the gap to the middle of")
    assert "So a rank would mean nothing." in " ".join(nearer.sentences)


def test_not_published_in_words() -> None:
    result = answer(council="207", year=2025)
    assert result.headline == (
        "Kensington and Chelsea's turnover for 2025 is not published: not available."
    )
    gone = answer(council="909", year=2024)
    assert gone.headline == "Cumbria's turnover for 2024 is not published."
    assert gone.sentences[-2:] == (
        "It no longer exists: Cumberland and Westmorland and Furness took its place.",
        "The 2025 model does not know Cumbria, so its neighbours are those of the 2021 model.",
    )


def test_a_cost_in_words() -> None:
    assert answer(council="879", year=2022, measure="caseload").sentences[0] == (
        "Closing the gap to the middle of its statistical neighbours (16.6 cases) means 14 more "
        "workers for the same cases. It would cost £842,000 a year, between £764,000 and £933,000 "
        "by what people cost."
    )


def test_few_staff_in_words() -> None:
    result = answer(council="857", year=2025)
    assert "With so few staff it is given no rank." in " ".join(result.sentences)
    assert result.table("standing").records()[0]["rank"] == "no rank: few staff"


@pytest.mark.parametrize(
    ("covered", "words"),
    [
        (1.0, "vacancies filled, covered by agency staff until then: that saves their premium."),
        (0.0, "vacancies filled, covered by nobody until then: that costs their pay."),
        (0.5, ", of which agency staff cover 8.8: those save, the others cost their pay."),
    ],
)
def test_vacancies_covered_and_not_in_words(covered: float, words: str) -> None:
    result = answer(council="802", year=2025, measure="vacancy", costs={"covered_share": covered})
    assert words in result.sentences[0]
    assert (result.gap.pounds > 0) == (covered == 1)


def read(*changes: float, change: float = -0.05, **fields: Any) -> str:
    """Read a claim against councils that moved so far from 30% in 2019."""
    found = tuple(CouncilYear(council("879"), 2019, 0.3, 0.3 + each) for each in changes)
    within = ReferenceClass("turnover", 0.25, math.inf, fields.pop("years_on", 1), found)
    return claim_sentence(ReadClaim(change, True, within, **fields))


def test_a_class_of_none_in_words() -> None:
    assert read() == (
        "No council started at 25% or more, so nobody can say whether a claim is likely."
    )
    assert read(in_group=True) == (
        "None of the councils compared here started at 25% or more, so they cannot show what "
        "follows."
    )


def test_a_class_of_one_in_words() -> None:
    assert read(-0.1) == (
        "Only one council started at 25% or more: Plymouth in 2019. One year later it had fallen "
        "by 10 points."
    )
    assert read(0.0, in_group=True, years_on=3) == (
        "Only one of the councils compared here started at 25% or more: Plymouth in 2019. Three "
        "years later it was where it had been."
    )


@pytest.mark.parametrize(
    ("changes", "change", "words"),
    [
        ((-0.05, 0.05), -0.05, "1 of them (50%) had fallen by 5 points or more. On average they "
         "ended where they started"),
        ((0.05, 0.06), -0.05, "none of them had fallen by 5 points or more. On average they rose "
         "by 5.5 points"),
        ((0.05, 0.06), 0.05, "2 of them (100%) had risen by 5 points or more. On"),
        ((0.05, 0.0), 0.0, "1 of them (50%) had not risen. On average they rose"),
    ],
)  # fmt: skip
def test_a_class_of_two_in_words(changes: tuple[float, ...], change: float, words: str) -> None:
    said = read(*changes, change=change)
    assert said.startswith("2 times since 2017 a council has started at 25% or more. One year ")
    assert words in said
    assert "one of the councils compared here" in read(*changes, in_group=True)


def test_one_person_and_next_to_nobody_in_words() -> None:
    result = answer()
    one, none = (
        GapLine("agency", "", people, 27_000.0, True, 14_000.0, 32_000.0) for people in (1.0, 0.01)
    )
    for line, words in ((one, "1 fewer agency worker,"), (none, "under 0.1 fewer agency workers,")):
        changed = {"lines": (line,), "pounds": line.pounds, "low": -1_000.0, "high": 32_000.0}
        found = type(result.gap)(**{**vars(result.gap), **changed})
        said = worth(result.standing, found)
        assert words in said
        assert "anything from a cost of £1,000 to a gain of £32,000." in said


@pytest.mark.parametrize(
    ("name", "owner"),
    [("St. Helens", "St. Helens'"), ("Bristol, City of", "Bristol's"), ("Leeds", "Leeds'")],
)
def test_an_owner(name: str, owner: str) -> None:
    assert possessive(name) == owner


def test_what_is_not_published_has_no_rank_and_no_blame_on_luck() -> None:
    table = standing_table(answer(council="207", year=2025).standings).records()
    assert {row["rank"] for row in table} == {None}
    assert {row["value"] for row in table} == {"not available"}


# What was claimed.


def test_one_end_of_a_claim_leaves_the_other_open() -> None:
    high = answer(claim={"at_least": 0.25}).claim.reference
    assert (high.at_least, high.at_most, high.council_years) == (0.25, math.inf, 98)
    low = answer(claim={"at_most": 0.05}).claim.reference
    assert (low.at_least, low.at_most) == (0.0, 0.05)
    assert low.council_years > 0


def test_what_a_claim_leaves_out_follows_the_gap() -> None:
    result = answer()
    assert result.gap.difference is not None
    assert result.claim.change == pytest.approx(-result.gap.difference, abs=0.0006)
    assert not result.claim.is_own
    assert (result.claim.reference.at_least, result.claim.reference.at_most) == (0.183, 0.233)
    # Without a gap: a fall of 5 points, or of half the figure where that is less.
    assert answer(council="933", year=2017).claim.change == -0.041
    lower = answer(council="806", year=2019, measure="vacancy", target="best_quarter")
    assert (lower.standing.value, lower.claim.change) == (0.04, -0.02)
    assert answer(council="394", year=2024, measure="agency").claim.change <= 0
    assert answer(claim={"change": -0.11}).claim.change == -0.11


def test_a_claim_among_the_group_looks_at_no_other_council() -> None:
    result = answer(claim={"among": "group", "at_least": 0.15})
    allowed = {"806", *(each.code for each in result.standing.group.areas)}
    assert {each.area.code for each in result.claim.reference.found} <= allowed
    assert "one of the councils compared here" in result.sentences[2]


# The cases.


@pytest.mark.parametrize("key", [each.id for each in cases()])
def test_every_case_opens_with_an_answer(key: str) -> None:
    result = compare(case(key).comparison)
    assert faults(result) == []
    assert result.standing.value is not None
    assert result.changes == ()
    assert case(key).source


@pytest.mark.parametrize(
    ("key", "said", "measure", "code", "year"),
    [
        ("north-somerset-agency", "29.4%", "agency", "802", 2023),
        ("middlesbrough-2019", "16.5%", "vacancy", ENGLAND, 2018),
        ("middlesbrough-2019", "15.4%", "agency", ENGLAND, 2018),
        ("middlesbrough-2019", "16.4%", "vacancy", ENGLAND, 2019),
        ("middlesbrough-2019", "15.8%", "agency", ENGLAND, 2019),
        ("gloucestershire-agency", "26.7%", "agency", "916", 2023),
        ("gloucestershire-agency", "10.2%", "agency", "916", 2025),
    ],
)
def test_the_figures_in_a_cases_summary_are_the_published_ones(
    key: str, said: str, measure: str, code: str, year: int
) -> None:
    assert said in case(key).summary
    assert figure(measure, code, year) == pytest.approx(float(said.rstrip("%")) / 100)


def test_a_case_claims_what_its_summary_says() -> None:
    assert case("somerset-27-to-16").comparison.claim.change == -round(0.27 - 0.16, 2)
    assert case("gloucestershire-agency").comparison.claim.change == -round(0.267 - 0.102, 3)
    assert "begin with the year to September 2017" in case("somerset-27-to-16").summary
    assert all_years()[0] == 2017
    assert "8.1%" in case("somerset-27-to-16").summary
    assert figure("turnover", "933", 2017) == 0.081
    plymouth = compare(case("plymouth-caseload").comparison).standing
    assert plymouth.quarter == 4


def test_a_case_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="north-somerset-agency"):
        case("none")


def test_what_was_changed_from_a_case_is_listed_with_its_reason() -> None:
    start = case("somerset-27-to-16").comparison
    changed = start.but(
        {
            "council": "806",
            "measure": "vacancy",
            "claim.change": -0.05,
            "claim.at_least": None,
            "leaver_cost": 25_000.0,
            "beside": {"group": "own", "codes": ["318"]},
        }
    ).with_reasons({"leaver_cost": "Counted", "council": "Ours"})
    found = {each.label: (each.was, each.now, each.reason) for each in compare(changed).changes}
    assert found == {
        "Council": ("Somerset", "Middlesbrough", "Ours"),
        "Measure": ("Turnover", "Vacancy rate", ""),
        "The change claimed": ("−11 points", "−5 points", ""),
        "Starts from": ("25%", "as the figures give it", ""),
        "Cost of each leaver": ("£20,000", "£25,000", "Counted"),
        "Compared with": ("statistical neighbours (2025)", "your own list", ""),
        "The councils chosen": ("not set", "Kingston upon Thames / Richmond upon Thames", ""),
    }


def test_a_comparison_from_no_case_is_read_against_the_same_question_unchanged() -> None:
    assert answer(measure="agency", target="best_quarter").changes == ()
    (only,) = answer(leaver_cost=1.0).changes
    assert (only.path, only.was, only.now) == ("leaver_cost", "£20,000", "£1")


# There and back.


@st.composite
def comparisons(draw: st.DrawFn) -> Json:
    """Draw a comparison with every field in it: the edges more often than not."""
    text = st.text(max_size=20)
    codes = st.sampled_from([each.code for each in councils()])
    measures = st.sampled_from(list(MEASURES))
    low, high = sorted((draw(between(0, 1e6, 0.25)), draw(between(0, 1e6, 0.3))))
    money = between(0, 1e12, 20_000)
    paths = st.sampled_from(["council", "leaver_cost", "claim.years_on", "costs.covered_share"])
    return {
        **SMALLEST,
        "council": draw(codes),
        "name": draw(text),
        "reasons": draw(st.dictionaries(paths, st.text(min_size=1, max_size=30))),
        "year": draw(st.sampled_from(all_years())),
        "measure": draw(measures),
        "second_measure": draw(measures),
        "beside": {
            "group": draw(st.sampled_from(GROUPS)),
            "codes": draw(st.lists(codes, max_size=5, unique=True)),
        },
        "target": draw(st.sampled_from(["median", "best_quarter"])),
        "claim": {
            "change": draw(between(-1e6, 1e6, -0.11)),
            "at_least": low,
            "at_most": high,
            "years_on": draw(st.integers(1, 8)),
            "among": draw(st.sampled_from(["england", "group"])),
        },
        "leaver_cost": draw(money),
        "leaver_cost_cashable_share": draw(chances()),
        "costs": {
            "agency_premium_per_year": draw(money),
            "pay_with_oncosts_per_year": draw(money),
            "covered_share": draw(chances()),
        },
        "case": {"preset": draw(text)},
    }


@settings(max_examples=60)
@given(comparisons())
def test_every_field_comes_back_from_json_and_a_link(drawn: Json) -> None:
    made = Comparison.from_dict(drawn)
    assert dict(leaves(made.to_dict())) == dict(leaves(drawn))
    back = Comparison.from_json(made.to_json())
    assert (back, back.digest) == (made, made.digest)
    plain = made.with_reasons({})
    assert Comparison.from_link(made.to_link()) == plain
    assert Comparison.from_link(f"http://127.0.0.1:8866/voila/x.ipynb?{made.to_link()}") == plain


@settings(max_examples=60)
@given(comparisons())
def test_every_comparison_that_a_file_may_hold_has_an_answer(drawn: Json) -> None:
    result = compare(Comparison.from_dict(drawn))
    assert result.gap.low <= result.gap.pounds <= result.gap.high
    assert faults(result) == []


def test_the_smallest_file_is_filled_with_the_latest_year_and_the_registers_values() -> None:
    found = Comparison.from_dict(SMALLEST)
    assert (found.year, found.measure, found.target) == (2025, "turnover", "median")
    assert found.beside.group == "neighbours_2025"
    assert found.leaver_cost == 20_000
    assert found.costs.covered_share is None
    assert Comparison.from_dict({**SMALLEST, "council": "318"}).council == "314 / 318"
    assert Comparison.from_dict({**SMALLEST, "year": 2019.0}).year == 2019


NO_CODE = "is no council's code. It must be DfE's three-digit code, such as 806 for Middlesbrough."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"council": "999"}, f"council is \"999\". '999' {NO_CODE}"),
        (
            {"council": "Plymouth"},
            f"council is \"Plymouth\". 'Plymouth' {NO_CODE} Plymouth is 879.",
        ),
        ({"council": 806}, "council is 806. It must be text."),
        ({"year": 2016}, "year is 2016. It must be a year with published figures: 2017 to 2025."),
        ({"year": "2019"}, 'year is "2019". It must be a whole number, written without quotes'),
        ({"measure": "pay"}, "measure is \"pay\". It must be 'turnover', 'vacancy', 'agency'"),
        ({"target": "best"}, "target is \"best\". It must be 'median' or 'best_quarter'."),
        ({"colour": 1}, "colour is 1. There is no such field. The fields here are: schema, kind"),
        ({"claim": {"years_on": 0}}, "claim.years_on is 0. It must be 1 or more."),
        ({"claim": {"years_on": 9}}, "claim.years_on is 9. It must be 8 or less."),
        ({"claim": {"at_least": -0.1}}, "claim.at_least is -0.1. It must be 0 or more."),
        ({"claim": {"change": math.nan}}, "claim.change is NaN. It must be an ordinary number"),
        ({"claim": {"change": math.inf}}, "claim.change is Infinity. It must be"),
        ({"claim": {"at_last": 0.2}}, "claim.at_last is 0.2. There is no such field. Did you mean"),
        (
            {"claim": {"at_least": 0.3, "at_most": 0.25}},
            "claim: at_least is 0.3 and at_most is 0.25. at_least must not be above at_most.",
        ),
        (
            {"beside": {"group": "own", "codes": ["933", "x"]}},
            f"beside.codes.1 is \"x\". 'x' {NO_CODE}",
        ),
        ({"beside": {"group": "friends"}}, 'beside.group is "friends". It must be'),
        ({"leaver_cost": -1}, "leaver_cost is -1. It must be 0 or more, in pounds."),
        (
            {"leaver_cost_cashable_share": 18},
            "leaver_cost_cashable_share is 18. It must be a number from 0 to 1",
        ),
        ({"kind": "incentive"}, 'kind is "incentive". This version reads schema 1, kind bench'),
        ({"reasons": {"nothing": "x"}}, "A reason must name a field that is set"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_path_its_value_and_what_would_be(
    fields: Json, words: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        asked(**fields)
    assert words in str(refused.value)
    assert len(refused.value.problems) == 1


def test_the_ends_of_a_claim_may_meet() -> None:
    assert asked(claim={"at_least": 0.25, "at_most": 0.25}).claim.at_most == 0.25


# Files of either kind.


def written(tmp_path: Path, given_json: object) -> Path:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(given_json), encoding="utf-8")
    return file


def test_a_file_is_answered_as_the_kind_it_says_it_is(tmp_path: Path) -> None:
    assert isinstance(answer_file(written(tmp_path, MIDDLESBROUGH)), BenchmarkResult)
    incentive = Path(__file__).parent / "data" / "incentive-retention.json"
    assert isinstance(answer_file(incentive), IncentiveResult)
    scheme = answer().scheme
    assert scheme is not None
    assert isinstance(answer_file(written(tmp_path, scheme.to_dict())), IncentiveResult)
    assert Scenario.from_json(scheme.to_json()) == scheme


@pytest.mark.parametrize(
    "wrong", [[], {"kind": "other"}, {"schema": 1, "kind": "benchmark"}, {**MIDDLESBROUGH, "x": 1}]
)
def test_a_file_of_neither_kind_or_with_a_fault_is_refused(wrong: object, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        answer_file(written(tmp_path, wrong))


# The command line.


def printed(capsys: Captured, *arguments: str) -> str:
    """Run a command that must succeed, and give what it prints."""
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_standing_as_json(capsys: Captured) -> None:
    out = printed(capsys, "standing", "806", "--year", "2019", "--json")
    assert out.count("\n") == 1
    found = json.loads(out)
    assert list(found) == ["turnover", "vacancy", "agency", "caseload", "absence"]
    for key, each in found.items():
        assert {"value", "neighbours", "region", "england", "rank"} <= set(each)
        assert each["england"] == figure(key, ENGLAND, 2019)
        assert each["region"] == figure(key, "E12000001", 2019)
    assert [each["value"] for each in found.values()] == [0.208, 0.04, 0.032, 16.8, 0.032]
    assert [each["rank"] for each in found.values()] == [118, 17, 20, 69, None]
    assert found["turnover"]["neighbours"] == 0.16


def test_standing_beside_the_older_models_neighbours(capsys: Captured) -> None:
    arguments = ["standing", "806", "--year", "2019", "--beside", "neighbours_2021", "--json"]
    assert json.loads(printed(capsys, *arguments))["turnover"]["neighbours"] == 0.14


def test_standing_for_people_is_of_the_latest_year(capsys: Captured) -> None:
    lines = printed(capsys, "standing", "806").splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "Measure", "Turnover", "Vacancy rate", "Agency rate", "Caseload", "Sickness absence",
    ]  # fmt: skip
    assert re.split(r"\s{2,}", lines[1])[1] == "8.6%"


def test_a_reference_class_as_json(capsys: Captured) -> None:
    out = printed(
        capsys, "reference-class", "turnover", "--at-least", "25", "--years-on", "1", "--json"
    )
    found = json.loads(out)
    assert found == reference_dict(reference_class("turnover", at_least=0.25))
    assert found["council_years"] == 98
    assert found["mean_start"] == pytest.approx(0.298, abs=0.0005)
    assert found["mean_change"] == pytest.approx(-0.098, abs=0.0005)
    assert found["share_fell_5"] == pytest.approx(73 / 98)
    assert found["share_fell_10"] == pytest.approx(47 / 98)


def test_a_reference_class_of_cases_is_given_in_cases(capsys: Captured) -> None:
    arguments = ["reference-class", "caseload", "--at-least", "20", "--at-most", "22", "--json"]
    found = json.loads(printed(capsys, *arguments))
    assert found == reference_dict(reference_class("caseload", at_least=20, at_most=22))
    assert 20 <= found["mean_start"] <= 22


def test_a_reference_class_among_neighbours_and_of_nobody(capsys: Captured) -> None:
    arguments = ["reference-class", "turnover", "--neighbours-of", "806", "--json"]
    among = {"806", *(each.code for each in answer().standing.group.areas)}
    assert json.loads(printed(capsys, *arguments)) == reference_dict(
        reference_class("turnover", among=among)
    )
    nobody = json.loads(
        printed(capsys, "reference-class", "turnover", "--at-least", "90", "--json")
    )
    assert nobody["council_years"] == 0
    assert nobody["mean_start"] is nobody["share_fell_5"] is None


def test_a_reference_class_for_people_names_every_council(capsys: Captured) -> None:
    out = printed(capsys, "reference-class", "turnover", "--at-least", "25")
    assert re.search(r"Bromley +2017 +37\.2% +1\.9% +−?-?35\.3", out)
    assert out.startswith(
        "98 times since 2017 a council has started at 25% or more. One year later, 73 of them (74%)"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["standing", "999"], "'999' is no council's code."),
        (["standing", "plymouth"], "plymouth is 879."),
        (["standing", "806", "--year", "2016"], "year is 2016. It must be a year with published"),
        (["reference-class", "pay"], "'pay' is no measure. It must be one of: turnover, vacancy"),
        (["reference-class", "turnover", "--years-on", "0"], "years_on is 0."),
        (["reference-class", "turnover", "--at-least", "nan"], "must not be above the largest"),
        (
            ["reference-class", "turnover", "--at-least", "30", "--at-most", "20"],
            "must not be above the largest",
        ),
        (["reference-class", "turnover", "--neighbours-of", "x"], "'x' is no council's code."),
    ],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_what_is_wrong_gets_one_message_and_status_2(
    arguments: list[str], words: str, as_json: list[str], capsys: Captured
) -> None:
    assert main([*arguments, *as_json]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert len(said.err.splitlines()) == 1


def test_run_answers_a_comparison_for_people(tmp_path: Path, capsys: Captured) -> None:
    changed = case("middlesbrough-2019").comparison.but({"leaver_cost": 25_000.0})
    reasoned = changed.with_reasons({"leaver_cost": "Counted"})
    out = printed(capsys, "run", str(written(tmp_path, reasoned.to_dict())))
    result = compare(reasoned)
    assert out.splitlines()[: 1 + len(result.sentences)] == [result.headline, *result.sentences]
    for key in ("standing", "trend", "gap"):
        assert result.table(key).title in out
    assert "Cost of each leaver: £20,000 to £25,000. Counted" in out
    assert "Not a forecast" in out


def test_run_answers_a_comparison_as_json(tmp_path: Path, capsys: Captured) -> None:
    out = printed(capsys, "run", str(written(tmp_path, MIDDLESBROUGH)), "--json")
    assert json.loads(out) == json.loads(json.dumps(answer().to_dict()))
    assert out.count("\n") == 1


def test_run_refuses_a_comparison_that_cannot_be(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", str(written(tmp_path, {**MIDDLESBROUGH, "council": "999"}))]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
