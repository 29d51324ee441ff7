"""What studies found, read on the footing of the payment in hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.evidence import (
    Study,
    findings,
    read_on_footing,
    read_studies,
    span,
    studies,
)

SHARES = st.floats(0, 5)


def study(**changes: Any) -> Study:
    """Give a study of pay: 8% of salary a year cut leaving by 23%; some of it changed."""
    whole = {
        "id": "a", "label": "A", "authors": "A", "year": 2022, "who": "Teachers",
        "treatment": "Pay", "payment_share_of_salary": 0.08, "payment_basis": "Given",
        "effect": 0.23, "is_pay": True, "applies_to": ("retention",), "design": "Trial",
        "nearness": "Near", "source": "A journal", "quality": "strong",
    }  # fmt: skip
    return Study(**{**whole, **changes})


def named(key: str) -> Study:
    """Give one of the product's own studies."""
    return next(each for each in studies() if each.id == key)


def test_23_percent_for_8_percent_a_year_is_14_percent_for_5() -> None:
    found = read_on_footing(study(), 0.05)
    assert found.fall == pytest.approx(0.14375)
    assert (found.low, found.high) == (None, None)
    assert found.footing == "scaled"
    assert found.counts
    assert read_on_footing(named("sims_benhenda_2022"), 0.05).fall == pytest.approx(0.144, abs=5e-4)


def test_the_same_payment_as_studied_finds_what_was_found() -> None:
    found = read_on_footing(study(effect_low=0.1, effect_high=0.3, interval_basis="95%"), 0.08)
    assert (found.low, found.fall, found.high) == pytest.approx((0.1, 0.23, 0.3))


@given(SHARES)
def test_a_fall_is_in_proportion_to_the_payment_and_never_more_than_all(share: float) -> None:
    fall = read_on_footing(study(), share).fall
    assert fall == pytest.approx(min(1, 0.23 / 0.08 * share))


@given(SHARES)
def test_nothing_found_is_nothing_expected_at_any_size(share: float) -> None:
    for none in (study(effect=0), study(effect=0, payment_share_of_salary=None)):
        found = read_on_footing(none, share)
        assert found.fall == 0
        assert found.counts


def test_a_study_that_others_replaced_is_shown_and_does_not_count() -> None:
    found = read_on_footing(study(superseded_by="b"), 0.08)
    assert found.fall == pytest.approx(0.23)
    assert not found.counts
    assert span((found,)) is None


def test_a_study_of_anything_but_pay_is_shown_as_it_was_found() -> None:
    found = read_on_footing(study(is_pay=False, effect=0.045), 0.5)
    assert found.fall == 0.045
    assert found.footing == "as found"
    assert not found.counts


def test_a_study_that_does_not_say_how_large_the_payment_was_is_shown_as_it_was_found() -> None:
    found = read_on_footing(study(payment_share_of_salary=None), 0.5)
    assert found.fall == 0.23
    assert found.footing == "as found"
    assert not found.counts


def test_a_study_without_a_figure_has_none() -> None:
    for none in (study(effect=None), study(effect=None, is_pay=False)):
        found = read_on_footing(none, 0.05)
        assert found.fall is None
        assert found.footing == "none"
        assert not found.counts


def test_an_elasticity_is_taken_as_given_and_of_a_range_the_middle() -> None:
    bare = study(effect=None, payment_share_of_salary=None)
    found = read_on_footing(bare.model_copy(update={"elasticity": 2.5}), 0.1)
    assert found.fall == pytest.approx(0.25)
    assert found.footing == "scaled"
    ends = {"elasticity_low": 2.0, "elasticity_high": 3.0}
    found = read_on_footing(bare.model_copy(update=ends), 0.1)
    assert (found.low, found.fall, found.high) == pytest.approx((0.2, 0.25, 0.3))


def test_a_study_that_found_more_leaving_keeps_its_sign() -> None:
    assert read_on_footing(study(effect=-0.1), 0.04).fall == pytest.approx(-0.05)


def test_the_span_runs_from_the_least_to_the_most_that_counts() -> None:
    some = [study(effect=effect) for effect in (0.1, 0.0, 0.2)]
    some += [study(effect=0.9, superseded_by="x"), study(effect=0.9, is_pay=False)]
    assert span(tuple(read_on_footing(each, 0.08) for each in some)) == pytest.approx((0, 0.2))


# The product's own studies.


def test_every_kind_of_offer_finds_only_its_own_studies() -> None:
    for kind in ("retention", "golden_hello"):
        found = findings(kind, 0.05)
        assert found
        assert all(kind in each.study.applies_to for each in found)
    both = {each.study.id for each in (*findings("retention", 1), *findings("golden_hello", 1))}
    assert both == {each.id for each in studies()}


def test_among_the_studies_are_some_that_found_nothing() -> None:
    assert span(findings("retention", 0.05)) == pytest.approx((0, 0.05 * 0.17 / 0.043))
    nothing = [each for each in studies() if each.effect == 0]
    assert [each.id for each in nothing] == ["bueno_sass_2024"]


def test_the_paper_that_its_authors_replaced_does_not_count() -> None:
    old = read_on_footing(named("bueno_sass_2018"), 0.05)
    assert old.fall == pytest.approx(0.115)
    assert not old.counts
    assert named("bueno_sass_2018").superseded_by == "bueno_sass_2024"


def test_nurses_helped_without_pay_are_shown_as_found() -> None:
    found = read_on_footing(named("nhs_nonpay_2023"), 0.2)
    assert found.fall == 0.0449
    assert found.footing == "as found"


def test_an_elasticity_that_a_study_states_fits_its_effect_and_payment() -> None:
    for each in studies():
        if each.elasticity and each.effect and each.payment_share_of_salary:
            worked_out = each.effect / each.payment_share_of_salary
            assert each.elasticity == pytest.approx(worked_out, rel=0.05), each.id


def test_intervals_hold_their_effect() -> None:
    for each in studies():
        if each.effect_low is not None and each.effect_high is not None:
            assert each.effect is not None
            assert each.effect_low <= each.effect <= each.effect_high, each.id


# Mistakes in the file.

ENTRY = """
[[study]]
id = "a"
label = "A"
authors = "A"
year = 2022
who = "Teachers"
treatment = "Pay"
is_pay = true
applies_to = ["retention"]
design = "Trial"
nearness = "Near"
source = "A journal"
quality = "strong"
"""


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("effect_low = 0.1", "effect_low and effect_high go together"),
        ("effect_low = 0.1\neffect_high = 0.2", "an interval needs interval_basis"),
        ("payment_share_of_salary = 0.1", "a payment size needs payment_basis"),
        ("payment_share_of_salary = 8\npayment_basis = 'x'", "less than or equal to 1"),
        ("effect = nan", "finite"),
        ("found = 0.1", "found: there is no such field"),
        ('superseded_by = "b"', "superseded_by names b, and there is no such study"),
        (ENTRY, "the id a is used twice"),
    ],
)
def test_a_mistake_in_a_study_is_refused(extra: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "studies.toml"
    file.write_text(ENTRY, encoding="utf-8")
    assert [each.id for each in read_studies(file)] == ["a"]
    file.write_text(f"{ENTRY}{extra}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        read_studies(file)
