"""What a user chose, to and from JSON and a link; what cannot be right, refused in words."""

from __future__ import annotations

import base64
import copy
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from retention_lib import Scenario, ScenarioError, evaluate
from retention_lib.assumptions import register
from retention_lib.documents import leaves
from retention_lib.presets import preset
from retention_lib.problems import Problem
from tests.strategies import Json, extreme_scenarios, jsons, spoiled_scenarios, wordy_scenarios

SMALLEST: Json = {
    "schema": 1,
    "kind": "incentive",
    "groups": [{"headcount": 10}],
    "scheme": {"kind": "retention", "amount": {"flat": 3_000}},
}


def refusal(given_json: object) -> str:
    """Give the words in which a scenario is refused."""
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_dict(given_json)
    return str(refused.value)


def with_group(**fields: object) -> Json:
    """Give the smallest scenario with other fields of its group."""
    return {**SMALLEST, "groups": [{"headcount": 10, **fields}]}


def with_scheme(**fields: object) -> Json:
    """Give the smallest scenario with other fields of its offer."""
    return {**SMALLEST, "scheme": {**SMALLEST["scheme"], **fields}}


# What a file leaves out.


def test_the_smallest_file_is_filled_with_what_claims_nothing_and_what_the_register_says() -> None:
    scenario = Scenario.from_dict(SMALLEST)
    assert scenario.scheme.take_up == 1
    assert scenario.scheme.tie_in_months == 0
    assert scenario.scheme.clawback.taper == "none"
    assert scenario.to_dict()["scheme"]["instalments"] == [{"month": 0, "share": 1.0}]
    assert scenario.effect.leaving_reduction == 0
    assert scenario.effect.extra_hires == 0
    assert scenario.effect.after_multiplier == 1
    assert scenario.leaver_cost == register()["replacement_cost_per_leaver"].central
    assert scenario.scheme.oncost_rate == register()["oncost_rate"].central
    assert scenario.appraisal.months == 48
    assert scenario.appraisal.discount_rate == 0.035
    assert scenario.groups[0].replacement_leaving_rate is None


def test_every_central_figure_that_a_file_leaves_out_is_the_registers() -> None:
    filled = Scenario.from_dict(SMALLEST)
    chosen = (
        "scheme.take_up",
        "scheme.tie_in",
        "scheme.amount",
        "effect.",
        "bidding.match_chance",
        "vacancy.",
        "groups.0.h",
    )
    for row in register().on_forms():
        path = str(row.path).replace("*", "0")
        if not path.startswith(chosen):
            assert filled.at(path) in {row.default, None}, path


def test_an_effect_without_a_size_has_none() -> None:
    scenario = Scenario.from_dict({**SMALLEST, "effect": {"after_months": 3}})
    assert scenario.effect.leaving_reduction == 0
    assert scenario.effect.pay_elasticity is None


# There and back.


@settings(max_examples=60)
@given(wordy_scenarios())
def test_every_field_comes_back_from_json(drawn: Json) -> None:
    scenario = Scenario.from_dict(drawn)
    back = Scenario.from_json(scenario.to_json())
    assert back == scenario
    assert back.to_dict() == scenario.to_dict()
    assert back.digest == scenario.digest
    assert dict(leaves(drawn)).items() <= dict(leaves(back.to_dict())).items()


@settings(max_examples=60)
@given(wordy_scenarios())
def test_every_field_but_the_reasons_comes_back_from_a_link(drawn: Json) -> None:
    scenario = Scenario.from_dict({**drawn, "reasons": {}})
    token = scenario.to_link()
    assert Scenario.from_link(token) == scenario
    assert Scenario.from_link(token.removeprefix("s=")) == scenario
    page = f"http://127.0.0.1:8866/voila/render/01_incentives.ipynb?theme=light&{token}#answer"
    assert Scenario.from_link(page) == scenario


def test_reasons_being_free_text_stay_out_of_a_link_and_nothing_else_does() -> None:
    plain = Scenario.from_dict(SMALLEST)
    reasoned = plain.with_reasons({"leaver_cost": "Our payroll"})
    assert Scenario.from_link(reasoned.to_link()) == plain


@settings(max_examples=40)
@given(wordy_scenarios())
def test_a_link_holds_only_what_an_address_may(drawn: Json) -> None:
    token = Scenario.from_dict(drawn).to_link()
    assert token.startswith("s=")
    assert re.fullmatch(r"[\w.-]+", token.removeprefix("s="), re.ASCII)


def test_a_file_comes_back_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    scenario = Scenario.from_dict({**SMALLEST, "name": "Ängström £"})
    for encoding in ("utf-8", "utf-8-sig"):
        file = tmp_path / f"{encoding}.json"
        file.write_text(scenario.to_json(), encoding=encoding)
        assert Scenario.from_file(file) == scenario
        assert Scenario.from_file(str(file)) == scenario


def test_36_point_0_months_are_36() -> None:
    scenario = Scenario.from_dict(with_scheme(tie_in_months=36.0))
    assert scenario.scheme.tie_in_months == 36
    assert isinstance(scenario.to_dict()["scheme"]["tie_in_months"], int)


def test_a_whole_number_and_a_decimal_one_are_the_same_scenario() -> None:
    assert Scenario.from_dict(with_group(salary=40_000)) == Scenario.from_dict(
        with_group(salary=40_000.0)
    )


def test_neither_name_nor_reasons_change_what_the_inputs_are_called() -> None:
    named = {**SMALLEST, "name": "Another", "reasons": {"leaver_cost": "We know"}}
    assert Scenario.from_dict(named).digest == Scenario.from_dict(SMALLEST).digest
    assert Scenario.from_dict(with_group(salary=1)).digest != Scenario.from_dict(SMALLEST).digest


# The same, but.


def test_a_changed_scenario_differs_where_it_was_changed_and_the_first_is_as_it_was() -> None:
    first = Scenario.from_dict(SMALLEST)
    second = first.but({"groups.0.headcount": 20, "effect.leaving_reduction": 0.1})
    assert first.differences(second) == ("groups.0.headcount", "effect.leaving_reduction")
    assert second.at("groups.0.headcount") == 20
    assert first.at("groups.0.headcount") == 10
    assert first.differences(first.but({"name": "Another"})) == ()


def test_none_takes_a_field_out_and_another_may_take_its_place() -> None:
    scenario = Scenario.from_dict(SMALLEST).but(
        {"effect.leaving_reduction": None, "effect.pay_elasticity": 0.7}
    )
    assert scenario.effect.leaving_reduction is None
    assert scenario.at("effect.leaving_reduction") is None
    assert scenario.effect.pay_elasticity == 0.7


def test_a_change_that_cannot_be_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"groups\.0\.headcount is -1"):
        Scenario.from_dict(SMALLEST).but({"groups.0.headcount": -1})


def test_a_scenario_cannot_be_changed_in_place() -> None:
    scenario = Scenario.from_dict(SMALLEST)
    with pytest.raises(ValueError, match="frozen"):
        scenario.name = "Another"


def test_reasons_are_kept_and_replaced_as_a_whole() -> None:
    reasoned = Scenario.from_dict(SMALLEST).with_reasons({"leaver_cost": "Our own count"})
    assert reasoned.reasons == {"leaver_cost": "Our own count"}
    assert Scenario.from_json(reasoned.to_json()).reasons == reasoned.reasons
    assert reasoned.with_reasons({}).reasons == {}


# What cannot be right: the path, the value, and what would be right.

A_NUMBER = "It must be a number, written without quotes or commas."
A_SHARE = "It must be a number from 0 to 1 (20% is written 0.2)."

REFUSED: dict[str, tuple[object, str]] = {
    "negative heads": (
        with_group(headcount=-3),
        "groups.0.headcount is -3. It must be 0 or more, in people.",
    ),
    "140% turnover": (
        with_group(annual_leaving_rate=1.4),
        f"groups.0.annual_leaving_rate is 1.4. {A_SHARE}",
    ),
    "a share in percent": (with_scheme(take_up=83), f"scheme.take_up is 83. {A_SHARE}"),
    "a share that is not on a form": (
        with_scheme(instalments=[{"month": 0, "share": 2}]),
        f"scheme.instalments.0.share is 2. {A_SHARE}",
    ),
    "not a number": (
        with_group(salary=float("nan")),
        "groups.0.salary is NaN. It must be an ordinary number, in pounds a year, "
        "not NaN or infinity.",
    ),
    "infinity": (
        with_group(headcount=float("-inf")),
        "groups.0.headcount is -Infinity. It must be an ordinary number, in people, "
        "not NaN or infinity.",
    ),
    "a share that is not a number": (
        with_scheme(take_up=float("nan")),
        f"scheme.take_up is NaN. {A_SHARE}",
    ),
    "too much": (
        {**SMALLEST, "leaver_cost": 2e12},
        "leaver_cost is 2000000000000.0. It must be 1,000,000,000,000 or less, in pounds.",
    ),
    "a number too large for a number": (
        with_group(headcount=10**400),
        f"groups.0.headcount is 1{'0' * 58}…. {A_NUMBER}",
    ),
    "too long": (
        {**SMALLEST, "appraisal": {"months": 1_201}},
        "appraisal.months is 1201. It must be 1,200 or less, in months.",
    ),
    "half a month": (
        with_scheme(tie_in_months=1.5),
        "scheme.tie_in_months is 1.5. It must be a whole number, written without quotes or commas.",
    ),
    "endless months": (
        with_scheme(tie_in_months=float("inf")),
        "scheme.tie_in_months is Infinity. "
        "It must be a whole number, written without quotes or commas.",
    ),
    "text for a number": (with_group(salary="41,000"), f'groups.0.salary is "41,000". {A_NUMBER}'),
    "yes for a number": (with_group(headcount=True), f"groups.0.headcount is true. {A_NUMBER}"),
    "null for a number": (with_group(headcount=None), f"groups.0.headcount: {A_NUMBER}"),
    "a number for text": ({**SMALLEST, "name": 5}, "name is 5. It must be text."),
    "a name too long": (
        {**SMALLEST, "name": "x" * 201},
        f'name is "{"x" * 58}…. String should have at most 200 characters.',
    ),
    "a word for a cost": (
        {**SMALLEST, "leaver_cost": "from_part"},
        'leaver_cost is "from_part". '
        "It must be a number, written without quotes or commas, or 'from_parts'.",
    ),
    "a cost below nothing": (
        {**SMALLEST, "leaver_cost": -1},
        "leaver_cost is -1. It must be 0 or more, in pounds.",
    ),
    "an unknown field": (
        {**SMALLEST, "leaver_costs": 3},
        "leaver_costs is 3. There is no such field. Did you mean leaver_cost?",
    ),
    "an unknown field like no other": (
        {**SMALLEST, "case": {"zzz": 1}},
        "case.zzz is 1. There is no such field. The fields here are: preset, council, year.",
    ),
    "an unknown nested field": (
        with_scheme(clawback={"tapper": "none"}),
        'scheme.clawback.tapper is "none". There is no such field. Did you mean taper?',
    ),
    "an unknown field of a group": (
        with_group(head_count=3),
        "groups.0.head_count is 3. There is no such field. Did you mean headcount?",
    ),
    "a path for a field": (
        {**SMALLEST, "scheme.take_up": 1},
        "scheme.take_up is 1. There is no such field. Did you mean scheme?",
    ),
    "an unknown word": (
        with_scheme(clawback={"taper": "weekly"}),
        "scheme.clawback.taper is \"weekly\". It must be 'monthly', 'yearly', 'full' or 'none'.",
    ),
    "an unknown offer": (
        with_scheme(kind="bonus"),
        "scheme.kind is \"bonus\". It must be 'retention' or 'golden_hello'.",
    ),
    "shares that do not add up": (
        with_scheme(instalments=[{"month": 0, "share": 0.5}, {"month": 12, "share": 0.4}]),
        "scheme: The shares of the instalments add up to 0.9. They must add up to 1.",
    ),
    "no instalments": (
        with_scheme(instalments=[]),
        "scheme: The shares of the instalments add up to 0. They must add up to 1.",
    ),
    "both amounts": (
        with_scheme(amount={"flat": 1, "percent_of_salary": 1}),
        "scheme.amount: Give flat or percent_of_salary, and not both.",
    ),
    "neither amount": (
        with_scheme(amount={}),
        "scheme.amount: Give flat or percent_of_salary, and not both.",
    ),
    "both effects": (
        {**SMALLEST, "effect": {"leaving_reduction": 0.1, "pay_elasticity": 1}},
        "effect: Give either leaving_reduction or pay_elasticity, not both.",
    ),
    "no groups": ({**SMALLEST, "groups": []}, "groups: There must be at least one."),
    "groups in an object": ({**SMALLEST, "groups": {}}, "groups: It must be a list: [ … ]."),
    "a group that is a number": (
        {**SMALLEST, "groups": [3]},
        "groups.0 is 3. It must be an object: { … }.",
    ),
    "a missing field": (
        {**SMALLEST, "groups": [{}]},
        "groups.0.headcount: This field is missing. It has no default.",
    ),
    "a missing part": (
        {key: value for key, value in SMALLEST.items() if key != "scheme"},
        "scheme: This field is missing. It has no default.",
    ),
    "a part that is null": (
        {**SMALLEST, "scheme": None},
        "scheme: It must be an object: { … }.",
    ),
    "another schema": (
        {**SMALLEST, "schema": 2},
        "schema is 2. It is from a newer version, and this one reads schema 1. Open it there.",
    ),
    "yes for a schema": (
        {**SMALLEST, "schema": True},
        "schema is true. There has never been such a schema. This version reads schema 1.",
    ),
    "no schema": (
        {key: value for key, value in SMALLEST.items() if key != "schema"},
        'schema: It is missing. Write "schema": 1.',
    ),
    "another kind": (
        {**SMALLEST, "kind": "workforce"},
        'kind is "workforce". This version reads schema 1, kind incentive.',
    ),
    "a list": ([SMALLEST], "A scenario is a JSON object: { … }."),
    "a number": (3, "A scenario is a JSON object: { … }."),
    "nothing": (None, "A scenario is a JSON object: { … }."),
    "a reason for nothing": (
        {**SMALLEST, "reasons": {"groups.1.headcount": "We hired"}},
        'reasons is "groups.1.headcount". A reason must name a field that is set in the scenario.',
    ),
    "a reason without words": (
        {**SMALLEST, "reasons": {"leaver_cost": ""}},
        'reasons.leaver_cost is "". String should have at least 1 character.',
    ),
    "half a letter": (
        {**SMALLEST, "name": "\ud800"},
        r'name is "\ud800". It must be text: half a letter is in it.',
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_right_is_refused_with_path_value_and_what_would_be(what: str) -> None:
    wrong, words = REFUSED[what]
    before = copy.deepcopy(wrong)
    assert refusal(wrong) == words
    assert repr(wrong) == repr(before), "what was given is left as it was"


def test_every_problem_is_named_once_and_in_order() -> None:
    wrong = {**with_group(headcount=-3, salary="x"), "seed": -1, "colour": "red"}
    words = refusal(wrong).splitlines()
    assert [line.split(" is ")[0] for line in words] == [
        "groups.0.headcount", "groups.0.salary", "seed", "colour"
    ]  # fmt: skip


def test_a_problem_says_which_bound_was_broken() -> None:
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_dict({**with_group(headcount=-3), "appraisal": {"months": 5_000}})
    low, high = refused.value.problems
    assert (low.path, low.value, low.at_least) == ("groups.0.headcount", -3, 0)
    assert (high.path, high.value, high.at_most) == ("appraisal.months", 5_000, 1_200)


def test_a_problem_with_the_whole_is_only_its_words() -> None:
    assert str(Problem("", 3, "It is wrong.")) == "It is wrong."


TEXTS = {
    "an empty file": ("", "The file is empty."),
    "half a file": ('{"schema": 1,', "This is not JSON: Expecting property name"),
    "another format": ("schema = 1", "This is not JSON: Expecting value"),
    "a doubled field": (
        '{"schema": 1, "schema": 1}',
        "schema is 1. This field is written twice. Keep one.",
    ),
    "a doubled nested field": (
        '{"schema": 1, "kind": "incentive", "groups": [{"headcount": 1, "headcount": 2}]}',
        "headcount is 2. This field is written twice. Keep one.",
    ),
    "a number beyond all": (
        json.dumps(SMALLEST).replace("3000", "1e999"),
        "scheme.amount.flat is Infinity. It must be an ordinary number, in pounds, "
        "not NaN or infinity.",
    ),
    "a number without end": ("9" * 5_000, "This is not JSON: Exceeds the limit"),
    "brackets without end": ("[" * 100_000, "This is not JSON: maximum recursion depth"),
    "NaN as JSON writers write it": (
        json.dumps(SMALLEST).replace("3000", "NaN"),
        "scheme.amount.flat is NaN.",
    ),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_that_is_no_scenario_is_refused_in_words(what: str) -> None:
    text, words = TEXTS[what]
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_json(text)
    assert str(refused.value).startswith(words)


def test_deep_brackets_that_json_can_read_are_refused_as_well() -> None:
    deep = '{"a":' * 900 + "1" + "}" * 900
    wrong = json.dumps(SMALLEST)[:-1] + f', "costs": {deep}, "name": {deep}}}'
    with pytest.raises(ScenarioError, match=r"costs\.a: There is no such field"):
        Scenario.from_json(wrong)


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    wide = tmp_path / "wide.json"
    wide.write_text(json.dumps(SMALLEST), encoding="utf-16")
    binary = tmp_path / "binary.json"
    binary.write_bytes(bytes(range(256)))
    huge = tmp_path / "huge.json"
    huge.write_text(" " * 1_000_001 + json.dumps(SMALLEST), encoding="utf-8")
    for file, words in (
        (wide, f"{wide} cannot be read: it is not text in UTF-8."),
        (binary, f"{binary} cannot be read: it is not text in UTF-8."),
        (huge, "The file is over 1 MB; none is so large."),
        (tmp_path, f"{tmp_path} cannot be read: Is a directory."),
        (tmp_path / "none", f"{tmp_path / 'none'} cannot be read: No such file or directory."),
    ):
        with pytest.raises(ScenarioError) as refused:
            Scenario.from_file(file)
        assert str(refused.value) == words


def packed(content: bytes) -> str:
    """Pack bytes as a link does."""
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


GOOD = Scenario.from_dict(SMALLEST).to_link()
LINKS = {
    "nothing": "",
    "no token": "s=",
    "another question": "http://127.0.0.1/?t=abc",
    "not packed": "s=hello",
    "not even letters": "s=£££",
    "cut short": GOOD[: len(GOOD) // 2],
    "one letter lost": GOOD[:-5] + GOOD[-4:],
    "a letter changed": GOOD[:40] + ("A" if GOOD[40] != "A" else "B") + GOOD[41:],
    "not text": f"s={packed(bytes(range(128, 256)))}",
    "a bomb": f"s={packed(b'0' * 50_000_000)}",
    "no scenario": f"s={packed(b'{}')}",
    "not JSON": f"s={packed(b'schema')}",
    "no address": "http://[",
}


@pytest.mark.parametrize("what", LINKS)
def test_a_damaged_link_is_refused_in_words(what: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_link(LINKS[what])
    assert str(refused.value)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(ScenarioError, match="This link is damaged"):
        Scenario.from_link(LINKS["a bomb"])


# Anything at all.


def only_refused(given_json: object) -> None:
    """Take it, or refuse it in words; nothing else."""
    problems: tuple[Problem, ...] = ()
    try:
        scenario = Scenario.from_dict(given_json)
    except ScenarioError as refused:
        problems = refused.problems or (Problem("", None, ""),)
    else:
        assert Scenario.from_dict(scenario.to_dict()) == scenario
    assert all(str(problem) and problem.right for problem in problems)


@settings(max_examples=100)
@given(jsons())
def test_no_json_is_answered_with_anything_but_words(drawn: object) -> None:
    only_refused(drawn)


@settings(max_examples=120)
@given(spoiled_scenarios())
def test_no_spoiled_scenario_is_answered_with_anything_but_words(drawn: Json) -> None:
    only_refused(drawn)


@settings(max_examples=60)
@given(extreme_scenarios())
def test_whatever_a_file_may_hold_has_a_finite_answer(drawn: Json) -> None:
    answer: dict[str, Any] = evaluate(Scenario.from_dict(drawn)).to_dict()
    assert json.dumps(answer, allow_nan=False)


def test_a_copy_remembers_nothing_of_what_it_was_copied_from() -> None:
    offer = preset("middlesbrough-2019").scenario
    assert offer.at("seed") == 0
    copied = offer.model_copy(update={"seed": 7})
    assert copied.at("seed") == 7
    assert copied.digest == offer.but({"seed": 7}).digest != offer.digest


def test_reasons_are_told_where_no_case_says_what_stood_before() -> None:
    offer = preset("middlesbrough-2019").scenario.but({"case.preset": None})
    (change,) = evaluate(offer.with_reasons({"leaver_cost": "Our costing"}), 0).changes
    assert (change.was, change.now, change.reason) == (
        "no case to set it beside",
        "£20,000",
        "Our costing",
    )
