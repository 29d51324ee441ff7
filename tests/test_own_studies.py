"""A study that a scenario or a plan brings along stands beside the product's own, everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from retention_lib import Scenario, evaluate
from retention_lib.assumptions_log import Question, log_of
from retention_lib.evidence import fall_known, findings, known, studies
from retention_lib.plans import Plan, appraise
from retention_lib.plans.ranges import uncertain
from retention_lib.presets import preset
from retention_lib.problems import ScenarioError
from retention_lib.sensitivity import fall_range

OURS: dict[str, Any] = {
    "id": "our-trial-2026",
    "label": "Our own trial, 2026",
    "authors": "The workforce team",
    "year": 2026,
    "who": "Social workers of two teams",
    "treatment": "4% of salary a year",
    "payment_share_of_salary": 0.04,
    "payment_basis": "As paid",
    "effect": 0.4,
    "is_pay": True,
    "applies_to": ["retention"],
    "social_workers": True,
    "design": "Before and after, without comparison",
    "nearness": "The same work",
    "source": "Report to the workforce board, June 2026",
    "quality": "weak",
}


def with_ours(**changes: Any) -> Scenario:
    offer = preset("middlesbrough-2019").scenario
    return Scenario.from_dict({**offer.to_dict(), "studies": [{**OURS, **changes}]})


def test_it_stands_last_among_the_findings_on_the_offers_own_footing() -> None:
    offer = with_ours()
    *others, last = evaluate(offer, 0).evidence
    assert [each.id for each in others] == [found.study.id for found in findings("retention", 0.05)]
    assert last.label == "Our own trial, 2026"
    assert last.fall == pytest.approx(0.4 * 0.05 / 0.04)


def test_it_widens_what_is_known_and_with_it_the_range() -> None:
    plain = preset("middlesbrough-2019").scenario
    offer = with_ours()
    assert fall_known("retention", 0.05)[1] < 0.5
    assert fall_range(offer)[1] == pytest.approx(0.5)
    assert fall_range(offer)[0] == fall_range(plain)[0]
    with_it, without = evaluate(offer, 256).ranges, evaluate(plain, 256).ranges
    assert with_it is not None
    assert without is not None
    assert with_it.npv.high > without.npv.high
    assert evaluate(offer, 0).npv == evaluate(plain, 0).npv


def test_it_counts_as_enough_in_words() -> None:
    said = " ".join(evaluate(with_ours(effect=0.9), 0).sentences)
    assert "Our own trial, 2026" in said
    assert "Our own trial, 2026" not in " ".join(
        evaluate(preset("middlesbrough-2019").scenario, 0).sentences
    )


def test_a_plan_has_it_beside_its_claims_and_in_its_ranges() -> None:
    given: dict[str, Any] = {
        "schema": 1,
        "kind": "invest_to_save",
        "council": "802",
        "measures": [{"kind": "retention_payment"}],
    }
    plain, ours = Plan.from_dict(given), Plan.from_dict({**given, "studies": [OURS]})
    table = appraise(ours).frame("evidence")
    assert "Our own trial, 2026" in set(table["study"])
    assert "Our own trial, 2026" not in set(appraise(plain).frame("evidence")["study"])
    highest = [max(n.high for n in uncertain(p) if "incentive" in n.key) for p in (plain, ours)]
    assert highest[1] > highest[0]
    assert appraise(ours).net == appraise(plain).net


def test_the_assumptions_log_lists_it() -> None:
    asked = Question.from_dict(with_ours().to_dict())
    labels = set(log_of(asked, dt.date(2026, 11, 22)).frame("studies")["label"])
    assert "Our own trial, 2026" in labels
    assert {study.label for study in studies()} < labels


def test_it_travels_in_files_and_links_and_changes_the_digest() -> None:
    offer = with_ours()
    assert Scenario.from_json(offer.to_json()) == offer
    assert Scenario.from_link(offer.to_link()) == offer
    assert offer.digest != preset("middlesbrough-2019").scenario.digest


def test_without_one_nothing_changes() -> None:
    assert "studies" not in preset("middlesbrough-2019").scenario.to_dict()
    assert known(None) == studies()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": studies()[0].id}, f"There is another study with the id {studies()[0].id}"),
        ({"effect": "0.4"}, "studies.0.effect"),
        ({"is_pay": 1}, "studies.0.is_pay"),
        ({"quality": "certain"}, "'strong', 'fair' or 'weak'"),
        ({"label": ""}, "studies.0.label"),
        ({"effect_low": 0.1}, "effect_low and effect_high go together"),
        ({"colour": "red"}, "There is no such field"),
        ({"effect": 5.0}, "studies.0.effect"),
        ({"effect": -4.0}, "studies.0.effect"),
        (
            {"effect_low": 0.5, "effect_high": 0.6, "interval_basis": "95%"},
            "in that order of size",
        ),
        ({"applies_to": []}, "studies.0.applies_to"),
        ({"superseded_by": "nobody"}, "superseded_by of our-trial-2026 is nobody"),
        ({"year": -5}, "studies.0.year"),
        ({"payment_share_of_salary": 4}, "studies.0.payment_share_of_salary"),
    ],
)
def test_one_that_cannot_be_right_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        with_ours(**changes)
    assert said in str(refused.value)


def test_it_is_one_change_by_name_with_its_reason() -> None:
    offer = with_ours().with_reasons({"studies": "Ours is the only one of social workers"})
    (change,) = evaluate(offer, 0).changes
    assert (change.label, change.was, change.now) == (
        "Studies added",
        "none",
        "Our own trial, 2026",
    )
    assert change.reason == "Ours is the only one of social workers"
    given = {"schema": 1, "kind": "invest_to_save", "council": "802", "studies": [OURS]}
    assert [each.label for each in appraise(Plan.from_dict(given)).changes] == ["Studies added"]


def test_a_study_that_found_a_rise_is_said_as_one() -> None:
    said = " ".join(evaluate(with_ours(effect=-0.2), 0).sentences)
    assert "studies point to between a rise of 25% and a fall of 20%" in said
