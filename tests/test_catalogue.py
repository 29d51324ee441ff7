"""The measures and the plans to start from: sound, sourced, and true to what councils published."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from retention_lib.assumptions import Quality
from retention_lib.benchmarks import reference_class
from retention_lib.documents import leaves, value_at
from retention_lib.origins import CaseError
from retention_lib.paths import DATA
from retention_lib.plans import catalogue as catalogue_module
from retention_lib.plans.adding import fresh, with_measures
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import FIRST, case, cases, read_case
from retention_lib.plans.catalogue import OWN, CatalogueError, catalogue
from retention_lib.plans.plan import MONTHS, SHARES, YEARS, Measure, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.result import PlanResult
from retention_lib.problems import ScenarioError

KINDS = tuple(catalogue())
IDS = tuple(each.id for each in cases())
GLOUCESTERSHIRE = {f"gloucestershire-{millions}m": millions * 1e6 for millions in (2, 4, 6)}

# Small, middling and large; Gloucestershire, Plymouth.
COUNCILS = ("802", "916", "879", "886")

# What a size may be at most: beyond it somebody has written a percent or a month for a share.
LARGEST = {"posts": 60, "recruits": 50, "staff_per_manager": 15, "newly_qualified_load": 1}
LARGEST_SHARE = 0.25
LONGEST = {"title": 60, "summary": 160, "gets": 130, "money_source": 260, "source": 260}
LONGEST_SENTENCE = 32
JARGON = re.compile(
    r"\b(counterfactual|stochastic|leverage|utilis|stakeholder|deadweight|e\.g\.|i\.e\.|FTE|"
    r"ASYE|ROI|elasticity|baseline|exogenous|holistic|robust)",
    re.IGNORECASE,
)


def blank(council: str = "802") -> Plan:
    """Give a council's plan with nothing in it."""
    return Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": council})


@cache
def answer(key: str) -> PlanResult:
    return appraise(case(key).plan)


@cache
def started(key: str) -> Played:
    return played(case(key).plan)


def file_of(key: str) -> Path:
    """Find the file of a case."""
    return next(file for file in (DATA / "plans").glob("*.toml") if f'id = "{key}"' in _text(file))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def words_of(kind: str) -> Iterator[tuple[str, str]]:
    """Give every piece of text of a measure, with what it is."""
    known = catalogue()[kind]
    for name in ("title", "summary", "gets", "money_source"):
        yield name, getattr(known, name)
    for source in known.sources:
        yield "source", source


# Measures.


@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("kind", [*KINDS, OWN])
def test_every_measure_can_be_put_into_a_plan(kind: str, council: str) -> None:
    plan = with_measures(blank(council), [(kind, None)])
    assert [measure.kind for measure in plan.measures] == [kind]
    assert plan.measures[0] == fresh(plan, kind)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_link(plan.to_link()) == plan


@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_alone_answers_and_changes_something(kind: str) -> None:
    found = appraise(with_measures(blank(), [(kind, None)]))
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert found.investment or found.saving
    assert [row.gets for row in found.timeline] == [catalogue()[kind].gets]


def test_all_measures_together_answer() -> None:
    plan = with_measures(blank(), [(kind, None) for kind in KINDS])
    assert len(appraise(plan).timeline) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_effect_and_all_money_has_a_source_and_each_effect_a_grade(kind: str) -> None:
    known = catalogue()[kind]
    measure = Measure.model_validate({"kind": kind})
    assert known.money_source.strip()
    assert len(known.sources) == len(known.quality) == len(measure.effects)
    assert all(source.strip() for source in known.sources)
    assert set(known.quality) <= set(get_args(Quality))
    assert re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?", known.date)
    assert measure.effects or measure.incentive is not None


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_are_in_order_and_in_their_units(kind: str) -> None:
    for effect in Measure.model_validate({"kind": kind}).effects:
        assert effect.low <= effect.central <= effect.high
        assert effect.low >= 0
        largest = LARGEST.get(effect.on, LARGEST_SHARE)
        assert effect.on in SHARES or effect.on in LARGEST
        assert effect.high <= largest, effect
        assert (effect.on == "recruits") == (effect.route is not None)
        if effect.once:
            assert effect.on == "recruits"


@pytest.mark.parametrize("kind", KINDS)
def test_money_is_in_pounds_for_each_of_four_years(kind: str) -> None:
    measure = Measure.model_validate({"kind": kind})
    assert len(measure.money) in {0, YEARS}
    assert all(10_000 <= pounds <= 1_000_000 for pounds in measure.money)
    assert measure.per_staff_year == 0 or 50 <= measure.per_staff_year <= 10_000
    assert measure.per_recruit == 0 or 1_000 <= measure.per_recruit <= 20_000
    assert measure.start == 0
    assert measure.end is None
    if any(effect.on == "leaving" and effect.high > 0 for effect in measure.effects):
        worked_out = {"span_of_six"}
        assert kind in worked_out or any(measure.money) or measure.per_staff_year


@pytest.mark.parametrize("kind", KINDS)
def test_a_judgement_says_that_it_is_one(kind: str) -> None:
    """No evidence is no secret: it is called a judgement, a choice, or nothing is claimed."""
    known = catalogue()[kind]
    for source, quality in zip(known.sources, known.quality, strict=True):
        if quality == "none":
            assert re.search("judgement|choice|nothing more", source), source


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_plain_and_short(kind: str) -> None:
    for name, text in words_of(kind):
        assert text == text.strip()
        assert text[0].isupper() or text[0] in "£0123456789"
        assert len(text) <= LONGEST[name], (name, text)
        assert not JARGON.search(text), text
        assert "—" not in text
        assert "  " not in text
        if name in {"summary", "gets"}:
            assert text.endswith(".")
            for sentence in re.split(r"[.;:] ", text):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
        else:
            assert not text.endswith("."), text
    assert catalogue()[kind].defaults["name"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_catalogue_reaches_the_plan(kind: str) -> None:
    measure = Measure.model_validate({"kind": kind}).model_dump(mode="json")
    for path, value in leaves(catalogue()[kind].defaults):
        assert value_at(measure, path) == value, path


def test_titles_and_names_are_told_apart() -> None:
    titles = [known.title for known in catalogue().values()]
    names = [known.defaults["name"] for known in catalogue().values()]
    assert len(set(titles)) == len(set(names)) == len(KINDS)


ENTRY = """
[one]
title = "One"
summary = "One."
gets = "One."
money_source = "A judgement"
sources = ["A judgement"]
quality = ["none"]
date = "2026"
[one.defaults]
name = "One"
effects = [ { on = "posts", low = 1, central = 1, high = 1 } ]
"""


@pytest.fixture
def another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of measures in place of ours."""
    catalogue.cache_clear()
    monkeypatch.setattr(catalogue_module, "DATA", tmp_path)
    yield tmp_path / "measures.toml"
    monkeypatch.undo()
    catalogue.cache_clear()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('date = "2026"', 'date = "2026"\ncost = 1', r"\[one\]: cost"),
        ('["A judgement"]', "[]", "1 effects, 0 sources and 1 grades"),
        ('["none"]', '["none", "weak"]', "1 effects, 1 sources and 2 grades"),
        ('["none"]', '["splendid"]', "quality"),
        ('gets = "One."', "", r"\[one\]: gets"),
    ],
)
def test_a_mistake_in_the_catalogue_is_refused(
    another: Path, old: str, new: str, words: str
) -> None:
    another.write_text(ENTRY, encoding="utf-8")
    assert tuple(catalogue()) == ("one",)
    assert Measure.model_validate({"kind": "one"}).effects[0].on == "posts"
    catalogue.cache_clear()
    assert old in ENTRY
    another.write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=words):
        catalogue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "One"\n', 'name = "One"\nprice = 1\n'),
        ("low = 1, central = 1", "low = 2, central = 1"),
        ('on = "posts"', 'on = "mood"'),
        ('"posts", low = 1, central = 1, high = 1', '"leaving", low = 0, central = 5, high = 9'),
    ],
)
def test_a_measure_that_cannot_be_is_refused_where_it_is_put_in(
    another: Path, old: str, new: str
) -> None:
    assert old in ENTRY
    another.write_text(ENTRY.replace(old, new), encoding="utf-8")
    given = {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": [{"kind": "one"}]}
    with pytest.raises(ScenarioError, match=r"measures\.0"):
        Plan.from_dict(given)


# Plans to start from.


def test_the_first_case_is_the_first() -> None:
    assert cases()[0] is case(FIRST)
    assert len(set(IDS)) == len(IDS) == len(list((DATA / "plans").glob("*.toml")))


@pytest.mark.parametrize("key", IDS)
def test_a_case_answers_and_comes_back_from_json_and_from_a_link(key: str) -> None:
    plan, found = case(key).plan, answer(key)
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert all(check.passed for check in found.checks)
    assert found.changes == ()
    assert plan.case.preset == key
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_link(plan.to_link()) == plan


@pytest.mark.parametrize("key", IDS)
def test_every_figure_of_a_case_is_given_or_ours(key: str) -> None:
    chosen = case(key)
    assert not chosen.given.keys() & chosen.ours.keys()
    assert all(words.strip() for words in (*chosen.given.values(), *chosen.ours.values()))
    written: dict[str, Any] = tomllib.loads(_text(file_of(key)))["plan"]
    for path, value in leaves(written):
        if isinstance(value, (int, float)) and path != "year":
            assert chosen.origin(path) is not None, path
    for path in (*chosen.given, *chosen.ours):
        assert value_at(written, path) is not None, path


@pytest.mark.parametrize("key", IDS)
def test_a_case_says_what_it_is_in_few_words(key: str) -> None:
    chosen = case(key)
    assert len(chosen.title) <= 70
    assert len(chosen.summary) <= 260
    assert chosen.summary.endswith(".")
    assert chosen.source.strip()
    assert not JARGON.search(chosen.summary)


def test_a_case_with_an_unexplained_figure_or_an_idle_note_is_refused(tmp_path: Path) -> None:
    text, file = _text(file_of("somerset-2016")), tmp_path / "case.toml"
    note = '"measures.0.end" = "A year"\n'
    assert note in text
    file.write_text(text.replace(note, ""), encoding="utf-8")
    with pytest.raises(CaseError, match=r"without a source or a reason: \['measures\.0\.end'\]"):
        read_case(file)
    file.write_text(text + '"costs.ramp_up_weeks" = "Nine"\n', encoding="utf-8")
    with pytest.raises(CaseError, match=r"not there: \['costs\.ramp_up_weeks'\]"):
        read_case(file)
    file.write_text(text.replace("turnover = 0.27", "turnover = 27"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"service\.turnover is 27"):
        read_case(file)


def test_an_unknown_case_is_named_beside_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"No case 'york'; there are \['north-somerset-2025'"):
        case("york")


def test_the_blank_sheet_changes_nothing() -> None:
    found = answer("blank")
    assert (found.investment, found.saving, found.net, found.npv) == (0, 0, 0, 0)


@pytest.mark.parametrize(("key", "asked"), GLOUCESTERSHIRE.items())
def test_gloucestershires_plans_cost_what_its_members_asked_about(key: str, asked: float) -> None:
    assert answer(key).investment == pytest.approx(asked, rel=0.01)
    assert answer(key).asked == (2e6, 6e6)


@pytest.mark.parametrize("key", GLOUCESTERSHIRE)
def test_gloucestershire_starts_as_its_report_has_it(key: str) -> None:
    """33 agency workers, about 17%; £746,000 for them in six months; £0.9m over is 13.6%."""
    plan, found = case(key).plan, started(key)
    agency = float(found.path.agency[WITHOUT, 0, 0])
    assert agency == pytest.approx(33, abs=0.1)
    assert found.path.agency_rate[WITHOUT, 0, 0] == pytest.approx(0.17)
    spent = sum(
        float(found.ledger.standing[line][WITHOUT, 0]) for line in ("agency_cover", "agency_extra")
    )
    assert spent / agency == pytest.approx(746_000 * 2 / 33, rel=0.03)
    assert plan.staffing_budget == pytest.approx(900_000 / 0.136, rel=0.001)
    assert plan.service.caseload == 30
    assert plan.service.newly_qualified_load == pytest.approx(20 / 30, abs=1e-4)
    assert (plan.targets.caseload, plan.targets.newly_qualified_caseload) == (16, 9)


def test_gloucestershires_three_plans_differ_in_their_measures_alone() -> None:
    two, *others = (case(key).plan for key in GLOUCESTERSHIRE)
    for other in others:
        assert all(path.startswith("measures") for path in two.differences(other))


def test_somerset_starts_at_27_percent_and_comes_down_by_itself() -> None:
    plan, found = case("somerset-2016").plan, started("somerset-2016")
    assert plan.service.turnover == 0.27
    assert (plan.targets.caseload, plan.targets.turnover) == (14, 0.12)
    campaign = plan.measures[0].effects
    assert [effect.high for effect in campaign] == [44, 26]
    assert found.drive.span[WITH, 0, -1] == 6
    a_year_on = float(found.path.turnover()[WITHOUT, 0, 12])
    alike = reference_class("turnover", at_least=0.245, at_most=0.295)
    assert a_year_on - 0.27 == pytest.approx(alike.mean_change, abs=0.02)


def test_north_somerset_starts_with_40_percent_agency_staff() -> None:
    key = "north-somerset-40-agency"
    found = started(key)
    assert found.path.agency_rate[:, 0, 0] == pytest.approx(0.40)
    bonus = next(m.incentive for m in case(key).plan.measures if m.kind == "annual_bonus")
    assert bonus is not None
    assert bonus.scheme.amount.flat == 12_000
    assert bonus.eligible <= found.path.in_post[WITHOUT, 0, 0]


def test_plymouths_sixteen_recruits_join_nine_and_then_seven() -> None:
    found = started("plymouth-2023")
    assert case("plymouth-2023").plan.measures[0].kind == "overseas"
    only_overseas = found.drive.worlds.index((0,))
    joined = found.path.joined_groups[only_overseas, 0]
    assert {int(m): float(n) for m, n in enumerate(joined) if n} == pytest.approx({1: 9, 7: 7})
    wanted = found.path.wanted_groups[:, 0]
    assert found.path.joined_groups[:, 0] == pytest.approx(wanted)


def test_middlesbroughs_tie_in_ends_inside_the_four_years_and_it_is_said() -> None:
    key = "middlesbrough-2019-plan"
    plan, found = case(key).plan, started(key)
    offered = plan.measures[0].incentive
    assert offered is not None
    ends = plan.measures[0].start + offered.scheme.tie_in_months
    assert ends == 42 < MONTHS
    said = [note for note in answer(key).notes if "inside the four years" in note]
    assert len(said) == 1
    assert said[0].startswith("15% for three years: ")
    left = found.drive.changes[0].leaving["senior"]
    binding = np.atleast_2d(left)[0][plan.measures[0].start : ends]
    assert np.all(binding < 1)
    assert offered.eligible * offered.scheme.take_up == pytest.approx(68)
