"""What a plan claims of leaving, beside what studies found: which of them would be enough."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from retention_lib.assumptions import register
from retention_lib.evidence import findings, studies
from retention_lib.plans.answer import appraise
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.claims import (
    claim_sentence,
    claims_table,
    leaving_claims,
    recruit_sentence,
    verdict,
)
from retention_lib.plans.plan import Plan
from retention_lib.plans.recruit_claims import NO_STUDY, recruit_claims
from retention_lib.results import StudyFinding
from retention_lib.units import percent
from retention_lib.words import enough


def plan_of(*measures: dict[str, Any], **parts: Any) -> Plan:
    basis = {"schema": 1, "kind": "invest_to_save", "council": "802"}
    return Plan.from_dict({**basis, "measures": list(measures), **parts})


def found(fall: float | None, label: str = "A", **changes: Any) -> StudyFinding:
    """Give a finding of a study of pay on the footing of a payment."""
    whole = {
        "id": label, "label": label, "fall": fall, "low": None, "high": None,
        "footing": "none" if fall is None else "scaled", "counts": fall is not None,
        "is_pay": True, "significant": None,
    }  # fmt: skip
    return StudyFinding(**{**whole, **changes})


# Which studies would be enough, in words.


@pytest.mark.parametrize(
    ("falls", "needed", "said"),
    [
        ([0.0, 0.2, 0.1], 0.15, "Of 3 studies of pay, 1 would be enough: B. 2 would not."),
        ([0.0, 0.2, 0.1], 0.1, "Of 3 studies of pay, 2 would be enough: B; C. 1 would not."),
        ([0.3, 0.2], 0.1, "Of 2 studies of pay, 2 would be enough: A; B."),
        ([0.0, 0.2], 0.5, "Of 2 studies of pay, none would be enough."),
        ([0.0, 0.2], None, "Of 2 studies of pay, none would be enough."),
        ([0.2], 0.1, "The one study of pay that gives a figure, A, would be enough."),
        ([0.2], 0.3, "The one study of pay that gives a figure, A, would not be enough."),
        ([None, None], 0.3, "No study of pay gives a figure."),
        ([], 0.3, "No study of pay gives a figure."),
        (
            [0.2, 0.1, None],
            0.2,
            "Of 2 studies of pay, 1 would be enough: A. 1 would not. 1 more gave no figure.",
        ),
    ],
)
def test_studies_that_would_be_enough_are_named(
    falls: list[float | None], needed: float | None, said: str
) -> None:
    some = [found(fall, "ABC"[place]) for place, fall in enumerate(falls)]
    assert enough(some, needed, "pay") == said


def test_study_that_was_replaced_is_not_counted() -> None:
    old = found(0.9, "Old", counts=False)
    assert enough([old, found(0.1, "A"), found(0.3, "B")], 0.2, "pay") == (
        "Of 2 studies of pay, 1 would be enough: B. 1 would not."
    )
    assert not old.has_size


# What a plan claims.


def test_measure_without_pay_is_set_beside_what_was_found_without_pay() -> None:
    (claim,) = leaving_claims(plan_of({"kind": "recognition"}), 2.0, alone=True)
    assert (claim.about, claim.payment) == ("help", None)
    assert (claim.low, claim.assumed, claim.high) == (0.0, 0.045, 0.054)
    assert claim.needed == pytest.approx(0.09)
    sized = {each.id: each.fall for each in claim.findings if each.has_size}
    assert sized == {"nhs_nonpay_2023": 0.0449}
    assert not any(each.is_pay for each in claim.findings)
    said = claim_sentence(claim)
    assert said.startswith("Recognition programme is taken to lower leaving by 4.5%.")
    assert "it would need 9%." in said
    assert "NHS nurses, no extra pay (2023), would not be enough." in said


def test_payment_is_set_beside_studies_of_pay_on_its_own_footing() -> None:
    (claim,) = leaving_claims(plan_of({"kind": "retention_payment"}), 3.0)
    assert claim.about == "pay"
    assert claim.payment == pytest.approx(0.05)  # 15% of salary for three years
    assert claim.needed == pytest.approx(3 * 0.035)
    of_pay = [each for each in findings("retention", 0.05) if each.study.is_pay]
    assert claim.findings == tuple(StudyFinding.of(each) for each in of_pay)
    none = next(each for each in claim.findings if each.id == "bueno_sass_2024")
    assert (none.fall, verdict(claim, none)) == (0.0, "No")
    assert "worth 5% of salary a year" in claim_sentence(claim)


def test_payment_that_the_fall_follows_claims_its_part_of_pay() -> None:
    follows = {"leaving_reduction": None, "pay_elasticity": 0.7}
    given = plan_of({"kind": "retention_payment"}).to_dict()
    given["measures"][0]["incentive"]["effect"] = follows
    (claim,) = leaving_claims(Plan.from_dict(given), 1.0)
    assert claim.assumed == pytest.approx(0.7 * 0.05)
    assert claim.low <= claim.assumed <= claim.high
    assert claim.path.endswith("pay_elasticity")


def test_supplement_is_read_as_pay_before_on_costs() -> None:
    plan = plan_of({"kind": "market_supplement"}, pay={"oncost_rate": 0.355})
    (claim,) = leaving_claims(plan, 1.0)
    assert claim.about == "pay"
    assert claim.payment is not None
    assert claim.payment == pytest.approx(0.073, abs=0.002)  # £3,000 a year, as its source says
    fee = leaving_claims(plan_of({"kind": "registration_fee"}), 1.0)[0]
    assert fee.payment == pytest.approx(0.003, abs=0.0003)  # £120 without on-costs


def test_bands_are_named_and_priced() -> None:
    effect = {"on": "leaving", "low": 0.0, "central": 0.1, "high": 0.2, "bands": ["senior"]}
    own = {"kind": "own", "name": "Seniors' pay", "per_staff_year": 1355, "effects": [effect]}
    plan = plan_of(own, pay={"oncost_rate": 0.355, "senior": 50_000})
    (claim,) = leaving_claims(plan, 1.0)
    assert claim.label == "Seniors' pay (seniors)"
    assert claim.payment == pytest.approx(0.02)


def test_lower_caseloads_stand_beside_the_review_that_found_none() -> None:
    claims = leaving_claims(plan_of({"kind": "extra_posts"}), None)
    (claim,) = claims
    assert claim.about == "caseload"
    assert claim.needed is None
    assert 0 < claim.assumed < 0.05
    assert [each.id for each in claim.findings] == ["kim_kao_2014"]
    assert verdict(claim, claim.findings[0]) == "Caseload made no difference to wanting to leave"
    assert "found none: caseload made no difference" in claim_sentence(claim)
    nothing = plan_of({"kind": "extra_posts"}, baseline={"caseload_turnover": 0})
    assert leaving_claims(nothing, None) == ()


def test_plan_that_claims_nothing_of_leaving_has_no_claims() -> None:
    assert leaving_claims(plan_of(), 0.0) == ()
    assert leaving_claims(plan_of({"kind": "regional_price_cap"}), 1.0) == ()
    assert claims_table(plan_of(), ()).rows == ()


def test_what_would_be_needed_is_said_where_it_can_be() -> None:
    plan = plan_of({"kind": "recognition"}, {"kind": "admin_support"})
    (out,) = leaving_claims(plan_of({"kind": "recognition"}), None)
    assert "No size of effect would bring the money back." in claim_sentence(out)
    assert "points to 4.5%" in claim_sentence(out)
    _, nothing = leaving_claims(plan, 2.0)
    assert nothing.needed is None
    assert "Nothing is claimed" in claim_sentence(nothing)
    free, _ = leaving_claims(plan, 0.0)
    assert claim_sentence(free).endswith("The money comes back without it.")
    huge, _ = leaving_claims(plan, 20.0)
    assert huge.needed == pytest.approx(0.9)
    assert leaving_claims(plan_of({"kind": "recognition"}), 30.0)[0].needed == 1.0


def test_table_has_a_row_for_every_study_of_every_claim() -> None:
    result = appraise(plan_of({"kind": "retention_payment"}, {"kind": "academy"}))
    table = result.table("evidence")
    studied = sum(len(claim.findings) for claim in result.claims)
    assert len(table.rows) == studied + len(result.recruits)
    pairs = [(claim, each) for claim in result.claims for each in claim.findings]
    for row, (of, each) in zip(table.records()[:studied], pairs, strict=True):
        assert (row["claim"], row["study"], row["fall"]) == (of.label, each.label, each.fall)
        assert row["enough"] == verdict(of, each)
    json.dumps(result.to_dict()["claims"])


def test_needed_is_what_is_assumed_times_what_brings_the_money_back() -> None:
    result = appraise(plan_of({"kind": "recognition"}, {"kind": "academy"}))
    for claim in result.claims:
        if claim.about != "caseload" and result.needed_times is not None:
            assert claim.needed == pytest.approx(min(1.0, claim.assumed * result.needed_times))
            assert claim.needed is not None
            need = percent(claim.needed, 1 if claim.needed < 0.0995 else 0)
            assert f"this one would be {need}" in claim_sentence(claim)


def test_no_study_is_called_enough_by_itself_for_a_plan_with_several_effects() -> None:
    """At 65% of every effect the academy's is 2.9%; without it the plan may still gain."""
    plan = plan_of({"kind": "academy"}, {"kind": "recognition"}, {"kind": "golden_hello"})
    for times, way, points in (
        (0.65, "down alike to 65% of", "points to as much as that"),
        (2.0, "up alike to 2 times", "does not point to as much as that"),
    ):
        for claim in leaving_claims(plan, times):
            said = claim_sentence(claim)
            if claim.about == "caseload":
                continue
            assert "be enough" not in said
            assert "would need" not in said
            assert f"If every effect of the plan were scaled {way} what is assumed" in said
            assert points in said
    paid = leaving_claims(plan_of({"kind": "retention_payment"}), 2.0)[0]
    assert re.search(r"Of \d studies of pay, \d points? to as much as that: ", claim_sentence(paid))
    most = leaving_claims(plan_of({"kind": "retention_payment"}), 20.0)[0]
    assert "none points to as much as that." in claim_sentence(most)


def test_the_only_effect_of_a_plan_is_what_it_needs() -> None:
    (claim,) = appraise(plan_of({"kind": "recognition"})).claims
    assert claim.alone
    assert not appraise(plan_of({"kind": "recognition"}, {"kind": "academy"})).claims[0].alone
    (only,) = leaving_claims(plan_of({"kind": "recognition"}), 2.0, alone=True)
    assert "For the money to come back it would need 9%." in claim_sentence(only)


# What it claims of joiners, which no study gives a figure for.


def test_effects_on_joiners_stand_there_with_their_source_and_its_grade() -> None:
    kinds = ("academy", "golden_hello", "overseas", "recognition")
    plan = plan_of(*[{"kind": kind} for kind in kinds], own_recruits())
    result = appraise(plan)
    said = {claim.path: claim for claim in result.recruits}
    assert [(claim.text(claim.assumed), claim.quality) for claim in said.values()] == [
        ("2 people a year", "none"),
        ("33% more joiners", "weak"),
        ("9 people in one group", "fair"),
        ("7 people in one group", "fair"),
        ("1 person a year", "none"),
    ]
    sources = [claim.source for claim in said.values()]
    assert sources[0] == catalogue()["academy"].sources[1]
    assert sources[1] == register()["extra_hires"].source
    assert sources[-1] == "Yours"
    rows = [row for row in result.table("evidence").records() if row["study"] == NO_STUDY]
    assert next(row["claim"] for row in rows) == "Academy (newly qualified): 2 people a year"
    assert [row["source"] for row in rows] == sources
    json.dumps(result.to_dict()["recruits"])


def own_recruits() -> dict[str, Any]:
    effect = {"on": "recruits", "route": "experienced", "low": 0, "central": 1, "high": 2}
    return {"kind": "own", "name": "Ours", "effects": [effect]}


def test_a_claim_of_joiners_says_that_no_study_gives_a_figure() -> None:
    plan = plan_of({"kind": "academy"}, {"kind": "recognition"})
    said = recruit_sentence(recruit_claims(plan, 0.65)[0])
    assert said.startswith("Academy (newly qualified) is taken to bring 2 people a year.")
    assert "Scaled alike with the plan's other effects, it would be 1.3 people a year." in said
    assert "No study gives a figure (no source: yours to set)." in said
    assert "Where the number comes from: Somerset took on 26 graduates" in said
    only = recruit_sentence(recruit_claims(plan_of(own_recruits()), 2.0, alone=True)[0])
    assert "For the money to come back it would need 2 people a year." in only
    none = recruit_sentence(recruit_claims(plan, None)[0])
    assert "it would be" not in none
    assert recruit_claims(plan_of({"kind": "recognition"}), 1.0) == ()


def test_every_study_bears_on_something_and_says_what_it_found_none_of() -> None:
    for study in studies():
        assert study.bears_on, study.id
        if study.found_none:
            assert study.effect is None, study.id
    assert [each.id for each in studies() if "caseload" in each.bears_on] == ["kim_kao_2014"]
