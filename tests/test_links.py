"""Links: short, exact, and honest about what was damaged on the way."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import Scenario, ScenarioError, links
from retention_lib.answering import CASES, AnyDocument, read_link, read_text
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.documents import Document, leaves
from retention_lib.links import Unpacked, packed, texts, token_in, unpacked
from retention_lib.opening import LOST, NEWER, NOT_WHOLE, Opened, label_for
from retention_lib.paths import DATA
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset, presets
from retention_lib.problems import Problem
from retention_lib.synthetic.question import Question
from retention_lib.units import UNITS
from tests import link_words
from tests.strategies import Json, jsons, wordy_scenarios
from tests.test_benchmarks_answer import comparisons
from tests.test_plan_document import plans

T = TypeVar("T")

WORDS = DATA / "links" / "1.txt"
FROZEN = "7f22b5aaeaaac3267bef1c80b33321dd7266eb5112a468ccb75908cd908146bf"

STARTS: list[AnyDocument] = [start for starts in CASES.values() for start in starts()]
NAMES = [f"{start.kind} {start.case.preset}" for start in STARTS]
OFFER = preset("middlesbrough-2019").scenario
PLAN = next(start for start in STARTS if isinstance(start, Plan))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@st.composite
def questions(draw: st.DrawFn) -> Json:
    """Draw what is asked of what happened, with every field set or not."""
    year = draw(st.integers(2017, 2023))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "name": st.text(max_size=20),
        "measure": st.sampled_from(["turnover", "vacancy", "agency", "caseload", "absence"]),
        "until": st.integers(year + 1, 2025),
        "left_out": st.lists(st.sampled_from(["802", "806", "916"]), max_size=3, unique=True),
        "case": st.fixed_dictionaries({}, optional={"preset": st.text(max_size=20)}),
    }
    asked = draw(st.fixed_dictionaries({}, optional=optional))
    return {"schema": 1, "kind": "what_happened", "council": "806", "year": year, **asked}


def documents() -> st.SearchStrategy[AnyDocument]:
    """Draw a document of any kind with any of its fields set, reasons apart."""

    def without_reasons(drawn: Json) -> AnyDocument:
        found = read_text(json.dumps({**drawn, "reasons": {}}))
        assert found.reasons == {}
        return found

    return st.one_of(wordy_scenarios(), plans(), comparisons(), questions()).map(without_reasons)


# The same there and back.


@settings(max_examples=150, deadline=None)
@given(documents())
def test_a_link_opens_exactly_the_document_it_was_made_of(document: AnyDocument) -> None:
    link = document.to_link()
    opened = read_link(f"http://127.0.0.1:8866/voila/render/x.ipynb?theme=light&{link}#answer")
    assert opened.is_whole
    assert opened.document == document
    assert opened.document.to_json() == document.to_json(), "a zero with a minus sign too"
    assert type(document).from_link(link) == document


@pytest.mark.parametrize("start", STARTS, ids=NAMES)
def test_a_link_of_a_case_opens_exactly_that_case(start: AnyDocument) -> None:
    assert read_link(start.to_link()) == Opened(start)


@given(documents())
@settings(max_examples=40, deadline=None)
def test_no_field_is_left_out_of_a_link_but_the_reasons(document: AnyDocument) -> None:
    """A later version may fill in another value for what is left out."""
    held = unpacked(token_in(document.to_link())).fields
    assert set(held) == set(document.field_names())
    given_there = {path: value for path, value in leaves(held) if value is not None}
    assert given_there == {
        path: value for path, value in leaves(document.to_dict()) if path != "reasons"
    }


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=12).filter(lambda key: not {".", "*"} & set(key)),
        jsons(),
        max_size=6,
    )
)
@settings(max_examples=150)
def test_any_json_object_comes_back_from_a_token(fields: dict[str, Any]) -> None:
    text = json.dumps(fields, ensure_ascii=False)
    try:
        text.encode()
        sent = json.loads(text)
    except (UnicodeEncodeError, ValueError):
        return  # half a letter, or a number too long to be read
    back = unpacked(packed(sent))
    assert not back.is_damaged
    assert json.dumps(back.fields, sort_keys=True) == json.dumps(_whole(sent), sort_keys=True)


def _whole(value: Any) -> Any:
    """Write whole numbers without a point, as a link does."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return int(value) if is_whole and str(value) != "-0.0" else value


# Short.


def few_changes(start: AnyDocument) -> AnyDocument:
    """Change a handful of numbers to ones that no case has."""
    if isinstance(start, Scenario):
        changes: dict[str, Any] = {
            "leaver_cost": 23_456.0,
            "scheme.take_up": 0.771,
            "scheme.tie_in_months": 30,
            "groups.0.headcount": 97.0,
            "groups.0.salary": 43_217.0,
            "appraisal.discount_rate": 0.0425,
        }
        return start.but(changes)
    if isinstance(start, Plan):
        changes = {
            "service.staff": 123.0,
            "service.turnover": 0.217,
            "pay.senior": 47_123.0,
            "baseline.turnover_persistence": 0.41,
            **({"measures.0.ramp": 7, "measures.0.start": 5} if start.measures else {}),
        }
        return start.but(changes)
    return start.but({"year": 2021})


BUDGETS = {Scenario.KIND: 300, Plan.KIND: 450, Comparison.KIND: 260, Question.KIND: 150}


@pytest.mark.parametrize("start", STARTS, ids=NAMES)
def test_a_link_is_short_enough_for_an_e_mail(start: AnyDocument) -> None:
    for document in (start, few_changes(start)):
        assert len(document.to_link()) <= BUDGETS[document.kind]


def test_a_link_of_which_no_number_is_known_is_still_within_its_budget() -> None:
    """Every figure moved, as by somebody who has their own: 400 to 600 for an offer, 900 a plan."""

    def moved(value: Any, place: int = 7) -> Any:
        if isinstance(value, dict):
            return {key: moved(item, place + len(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [moved(item, place + index) for index, item in enumerate(value)]
        if isinstance(value, float) and value:
            return float(f"{value * (1 - (place * 37 % 89) / 200):.4g}")
        return value

    for start in STARTS:
        if start.kind in {Scenario.KIND, Plan.KIND}:
            most = 600 if start.kind == Scenario.KIND else 1_000
            assert len(packed(moved(start.linked()))) <= most


def test_the_words_of_links_are_frozen() -> None:
    """Change a letter of them and no link that was sent opens; better words are a new file."""
    assert hashlib.sha256(WORDS.read_bytes()).hexdigest() == FROZEN


def other_words(patched: pytest.MonkeyPatch, content: bytes) -> None:
    """Let links be written with other words."""

    def packer(strategy: int) -> Any:
        return zlib.compressobj(9, wbits=-15, strategy=strategy, zdict=content)

    patched.setattr(links, "_packer", packer)


def test_words_made_now_would_hardly_be_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this fails, cases and fields have moved on so far that a new version is worth while."""
    sent = [packed(start.linked()) for start in STARTS]
    now = link_words.words().encode()
    other_words(monkeypatch, now)
    better = [packed(start.linked()) for start in STARTS]
    assert sum(map(len, sent)) <= 1.5 * sum(map(len, better))


def test_a_link_of_another_words_version_cannot_pass_for_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        other_words(patched, b"other words")
        token = packed(OFFER.linked())
    assert unpacked(token).is_damaged
    assert unpacked(token).fields == {} or set(unpacked(token).fields) < set(OFFER.linked())


# What is in it, and what is not.


@given(st.text(min_size=8, max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_reason_goes_into_a_link(reason: str) -> None:
    reasoned = OFFER.with_reasons({"leaver_cost": reason, "scheme.take_up": reason})
    assert reasoned.to_link() == OFFER.to_link()
    asked = LogQuestion.from_dict(OFFER.but({"seed": 1}).with_reasons(reasoned.reasons).to_dict())
    assert reason not in LogQuestion.from_link(asked.to_link()).to_json()


NAMED = {
    Scenario: ("name", "groups.0.name", "groups.0.grade", "groups.0.service", "groups.0.role",
               "not_offered.0.name", "not_offered.0.grade", "not_offered.0.service",
               "not_offered.0.role", "case.preset", "case.council"),
    Plan: ("name", "measures.0.name", "case.preset"),
    Comparison: ("name", "case.preset"),
    Question: ("name", "case.preset"),
}  # fmt: skip


@pytest.mark.parametrize("model", NAMED)
def test_the_only_free_text_in_a_link_is_names(model: type[Document]) -> None:
    """Of what is asked, of people by group, and of measures: an answer cannot be read without."""
    start = next(each for each in STARTS if type(each) is model)
    free = []
    for path, value in leaves({**start.linked(), "case": {"preset": "x", "council": "x"}}):
        if isinstance(value, str):
            try:
                model.from_dict({**start.but({path: "Zebra, 3 High Street"}).to_dict()})
            except ScenarioError:
                continue
            free.append(path)
    listed = {path.replace(".1.", ".0.") for path in free if not path.startswith("case.")}
    assert {path for path in listed if path.split(".")[-1] != "name"} <= set(NAMED[model])
    assert all(path.endswith((".name", "name")) or path in NAMED[model] for path in listed)


NASTY = "<img src=x onerror=alert(1)>\"'&\u202e\u2028=cmd|calc"


@pytest.mark.parametrize("start", [OFFER, PLAN], ids=["offer", "plan"])
def test_hostile_text_in_a_link_is_text_and_nothing_else(start: AnyDocument) -> None:
    path = "groups.0.name" if isinstance(start, Scenario) else "measures.0.name"
    hostile = start.but({path: NASTY, "name": NASTY, "case": {"preset": NASTY}})
    link = hostile.to_link()
    assert not set(link.removeprefix("s=")) - set(ALPHABET)
    assert read_link(link).document == hostile
    assert read_link(link).document.at(path) == NASTY


def read_or_refused(read: Callable[[str], T], link: str) -> T | None:
    """Read a link; None where it is refused in words."""
    refused = ""
    try:
        return read(link)
    except ScenarioError as problem:
        refused = str(problem)
    assert refused
    return None


# Damage: what is read is exactly what was sent, and whatever is not is told.


def told_of_all_that_differs(opened: Opened[AnyDocument], sent: AnyDocument) -> None:
    """See that every field that is not as it was sent is named, or the part of it."""
    differing = set(opened.document.differences(sent))
    differing |= {"name"} if opened.document.at("name") != sent.at("name") else set()
    told = {problem.path for problem in opened.unread if problem.path}
    for path in differing:
        part = path.split(".")[0]
        near = [each for each in told if path.startswith(each) or each.split(".")[0] == part]
        assert near, f"{path} is {opened.document.at(path)}, was {sent.at(path)}; told {told}"
    if told or differing:
        assert opened.unread[0].right in {NOT_WHOLE, NEWER}


@st.composite
def damaged(draw: st.DrawFn) -> tuple[AnyDocument, str]:
    """Draw a document and its link as it came through bad hands."""
    sent = draw(st.one_of(st.sampled_from(STARTS).map(few_changes), documents()))
    token = sent.to_link().removeprefix("s=")
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(token) - 1)))
        other = draw(st.sampled_from(ALPHABET))
        how = draw(st.sampled_from(["flip", "cut", "insert", "lose", "double", "swap"]))
        token = {
            "flip": token[:place] + other + token[place + 1 :],
            "cut": token[:place],
            "insert": token[:place] + other + token[place:],
            "lose": token[:place] + token[place + 1 :],
            "double": token[:place] + token,
            "swap": token[place:] + token[:place],
        }[how]
    return sent, token


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_a_damaged_link_is_never_silently_wrong(drawn: tuple[AnyDocument, str]) -> None:
    sent, token = drawn
    opened = read_or_refused(read_link, f"s={token}")
    if opened is None:
        return
    if opened.document.kind != sent.kind:
        assert opened.unread
        return
    told_of_all_that_differs(opened, sent)
    assert all(opened.says)


@settings(max_examples=200, deadline=None)
@given(damaged())
def test_a_strict_reader_opens_a_link_as_it_was_sent_or_not_at_all(
    drawn: tuple[AnyDocument, str],
) -> None:
    sent, token = drawn
    document = read_or_refused(type(sent).from_link, f"s={token}")
    assert document is None or document == sent


@pytest.mark.parametrize("start", [OFFER, PLAN], ids=["offer", "plan"])
def test_a_link_cut_anywhere_opens_what_was_before_the_cut(start: AnyDocument) -> None:
    sent = few_changes(start)
    link = sent.to_link()
    read = 0
    for end in range(len(link)):
        try:
            opened = read_link(link[:end])
        except ScenarioError:
            assert end < len(link) / 4, "a quarter of a link is something"
            continue
        told_of_all_that_differs(opened, sent)
        now = len(sent.differences(opened.document))
        read = max(read, len(list(leaves(sent.to_dict()))) - now)
    assert read > 0


def test_one_letter_changed_spoils_one_part_and_leaves_the_rest() -> None:
    sent = few_changes(OFFER)
    token = sent.to_link()
    fields = len(OFFER.field_names())
    for place in range(len("s=1.00."), len(token)):
        if token[place] == ".":
            continue
        other = "A" if token[place] != "A" else "B"
        opened = read_link(token[:place] + other + token[place + 1 :])
        assert len({problem.path.split(".")[0] for problem in opened.unread[1:]}) <= fields / 2


def test_a_part_that_is_lost_is_named_by_what_the_page_calls_it() -> None:
    sent = few_changes(OFFER)
    parts = sent.to_link().split(".")
    gone = next(i for i, text in enumerate(texts(sent.linked())) if '"costs"' in text)
    del parts[2 + gone]
    opened = read_link(".".join(parts))
    assert opened.document.costs == Scenario.from_dict(  # type: ignore[union-attr]  # an offer
        {"schema": 1, "kind": "incentive", "groups": [{"headcount": 1}],
         "scheme": {"kind": "retention", "amount": {"flat": 1}}}
    ).costs  # fmt: skip
    assert opened.says[0] == NOT_WHOLE
    assert any(
        line.startswith("What leavers, vacancies and agency staff cost could not be read")
        for line in opened.says
    )
    assert "All else is as it was sent." in opened.says[-1]


def told(document: AnyDocument, path: str, value: object = None, right: str = LOST) -> str:
    """Give what is said of one field that could not be read, where this was opened."""
    return Opened(document, (Problem(path, value, right),)).says[0]


def test_of_what_is_lost_it_is_said_whether_it_is_left_out_or_what_stands_instead() -> None:
    bare = PLAN.but({"measures": []})
    lost = "could not be read in the link."
    assert told(bare, "measures") == f"The measures {lost} They are left out."
    assert told(bare, "staffing_budget").endswith(f"{lost} It is left out.")
    assert told(OFFER, "leaver_cost") == (
        f"Cost of each leaver {lost} "
        f"The usual value, {UNITS['pounds'].text(OFFER.at('leaver_cost'))}, stands instead."
    )
    assert told(OFFER, "costs").endswith(f"{lost} The usual values stand instead.")
    assert told(PLAN, "measures.0", None, "It must be a measure.") == (
        "Measures, 1: it must be a measure. It is left out."
    )


def test_what_has_no_usual_value_is_the_starts_and_that_is_said() -> None:
    sent = few_changes(OFFER)
    parts = sent.to_link().split(".")
    gone = next(i for i, text in enumerate(texts(sent.linked())) if '"scheme"' in text)
    del parts[2 + gone]
    cut = ".".join(parts)
    opened = read_link(cut)
    assert opened.document.at("scheme") == OFFER.at("scheme")
    assert f"The payment could not be read in the link. What “{OFFER.name}” has stands " \
        "instead." in opened.says  # fmt: skip
    with pytest.raises(ScenarioError, match="scheme: This field is missing"):
        Scenario.opened_link(cut)
    assert OFFER.to_json() == preset("middlesbrough-2019").scenario.to_json(), "left as it was"


def test_a_link_broken_over_two_lines_or_closed_by_a_full_stop_is_whole() -> None:
    link = OFFER.to_link()
    for broken in (f"{link[:60]}\r\n {link[60:]}", f"{link}.", f"{link}>)", f" {link}\n"):
        assert read_link(broken.strip()) == Opened(OFFER)


# Older and newer.


def old_link(given: Json) -> str:
    """Write a link as versions 0.1 to 0.4 did."""
    text = json.dumps(given, separators=(",", ":"), ensure_ascii=False)
    return "s=" + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


@pytest.mark.parametrize("start", STARTS, ids=NAMES)
def test_a_link_of_an_older_version_still_opens(start: AnyDocument) -> None:
    sent = few_changes(start)
    given_then = {key: value for key, value in sent.to_dict().items() if key != "reasons"}
    assert read_link(old_link(given_then)) == Opened(sent)
    assert type(sent).from_link(old_link(given_then)) == sent


def test_an_old_link_that_was_damaged_is_not_guessed_at() -> None:
    """One checksum over all of it cannot tell what is right from what only looks so."""
    link = old_link(OFFER.to_dict())
    for spoiled in (link[:-20], link[:90] + ("A" if link[90] != "A" else "B") + link[91:]):
        with pytest.raises(ScenarioError, match="This link is damaged: nothing in it can be read"):
            read_link(spoiled)


def link_of(given: Json) -> str:
    """Write a link of fields that no document of this version has."""
    return "s=" + packed(given)


NOT_OURS: dict[str, tuple[Callable[[Json], Json], str]] = {
    "a field that this version does not know": (
        lambda given: {**given, "mood": {"level": 3}},
        "mood: there is no such field.",
    ),
    "a field within a part": (
        lambda given: {**given, "scheme": {**given["scheme"], "colour": "red"}},
        'scheme colour is "red". There is no such field.',
    ),
    "a value that cannot be right": (
        lambda given: {**given, "leaver_cost": -4},
        "Cost of each leaver is -4. It must be 0 or more, in pounds.",
    ),
    "a share in percent": (
        lambda given: {**given, "scheme": {**given["scheme"], "take_up": 83}},
        "Share who sign up is 83. It must be a number from 0 to 1",
    ),
    "a group that nobody is in": (
        lambda given: {**given, "groups": [*given["groups"], {"salary": 3}]},
        "People it is offered to: this field is missing.",
    ),
    "NaN": (
        lambda given: {**given, "leaver_cost": float("nan")},
        "Cost of each leaver is NaN.",
    ),
    "a newer schema": (
        lambda given: {**given, "schema": 2},
        NEWER,
    ),
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_cannot_be_right_is_told_by_its_label_and_the_rest_opens(what: str) -> None:
    change, words = NOT_OURS[what]
    link = link_of(change(OFFER.linked()))
    opened = Scenario.opened_link(link)
    assert any(line.startswith(words) for line in opened.says), opened.says
    assert set(OFFER.differences(opened.document)) <= {"leaver_cost", "scheme.take_up"}
    with pytest.raises(ScenarioError):
        Scenario.from_link(link)


def test_a_number_that_cannot_be_right_takes_its_list_with_it() -> None:
    """Growth of the third year must not become that of the second."""
    given_then = {**PLAN.linked(), "prices": {"cpi": [0.01, "2%", 0.03]}}
    opened = Plan.opened_link(link_of(given_then))
    assert opened.document.prices.cpi == ()
    assert [problem.path for problem in opened.unread] == ["prices.cpi.1"]


def test_a_measure_of_a_newer_version_is_left_out_and_named() -> None:
    newer = {**PLAN.linked()["measures"][0], "kind": "robots"}
    given_then = {**PLAN.linked(), "measures": [newer, *PLAN.linked()["measures"]]}
    opened = Plan.opened_link(link_of(given_then))
    assert opened.document.measures == PLAN.measures
    assert opened.says[0].startswith("Measures, 1: kind is robots. It must be one of")


def test_a_link_of_another_kind_is_refused_and_any_kind_is_read() -> None:
    with pytest.raises(ScenarioError, match="kind is"):
        Scenario.opened_link(PLAN.to_link(), OFFER)
    assert read_link(PLAN.to_link()).document == PLAN
    with pytest.raises(ScenarioError, match="It must be incentive, benchmark"):
        read_link(link_of({**OFFER.linked(), "kind": "poem"}))
    with pytest.raises(ScenarioError, match="kind is 3"):
        read_link(link_of({**OFFER.linked(), "kind": 3}))


@pytest.mark.parametrize("start", [OFFER, PLAN], ids=["offer", "plan"])
def test_a_link_whose_head_is_lost_is_known_by_its_fields(start: AnyDocument) -> None:
    sent = few_changes(start)
    version, number, _, *rest = sent.to_link().split(".")
    opened = read_link(".".join([version, number, *rest]))
    assert opened.document.kind == sent.kind
    told_of_all_that_differs(opened, sent)


def test_a_part_that_could_be_of_two_kinds_opens_as_neither() -> None:
    region = link_of({"region": OFFER.linked()["region"]}).replace("1.1.", "1.9.")
    with pytest.raises(ScenarioError, match="This link is damaged"):
        Comparison.opened_link(region)


def test_a_log_opens_a_damaged_link_of_an_offer_too() -> None:
    link = few_changes(OFFER).to_link()
    spoiled = link[: len(link) - 30]
    opened = LogQuestion.opened_link(spoiled)
    assert opened.unread
    assert opened.document.document is not None
    assert opened.document.document.at("leaver_cost") == 23_456.0


def test_a_log_opens_what_it_can_of_the_answer_it_holds() -> None:
    asked = LogQuestion.from_dict(few_changes(OFFER).to_dict())
    held = asked.linked()
    held["answer"] = {**held["answer"], "mood": "good", "leaver_cost": -1}
    opened = LogQuestion.opened_link(link_of(held))
    assert opened.document.document is not None
    assert opened.document.document.at("leaver_cost") == OFFER.at("leaver_cost")
    assert opened.document.document.at("groups.0.headcount") == 97.0
    assert opened.says[0].startswith("Cost of each leaver is -1.")


# Anything at all.


def opens_or_says_why_not(link: str) -> None:
    """Open it, or refuse it in words; nothing else, whoever reads it."""
    readers: list[Callable[[str], object]] = [
        read_link, Scenario.from_link, Plan.opened_link, Comparison.from_link,
        Question.opened_link, LogQuestion.opened_link,
    ]  # fmt: skip
    for read in readers:
        opened = read_or_refused(read, link)
        if isinstance(opened, Opened):
            assert all(isinstance(line, str) for line in opened.says)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(ALPHABET, max_size=80),
        st.binary(max_size=80).map(lambda b: f"s={base64.urlsafe_b64encode(b).decode()}"),
        st.text(max_size=30).map(lambda text: f"http://[{text}"),
        st.text(max_size=30).map(lambda text: f"s=1.1.{text}"),
    )
)
def test_no_text_at_all_is_answered_with_anything_but_words(link: str) -> None:
    opens_or_says_why_not(link)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.one_of(st.sampled_from(OFFER.field_names()), st.text(max_size=8)),
                       jsons(), max_size=5),
       st.sampled_from([OFFER, PLAN, STARTS[-1]]), st.booleans())  # fmt: skip
def test_no_link_of_any_json_is_answered_with_anything_but_words(
    drawn: dict[str, Any], start: AnyDocument, is_old: bool
) -> None:
    try:
        fields = {**start.linked(), **drawn}
        link = old_link(fields) if is_old else link_of(fields)
    except (UnicodeEncodeError, ValueError):
        return  # half a letter, or a number too long to be written
    opens_or_says_why_not(link)


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = {"a": [found]}
    return found


HOSTILE: dict[str, Callable[[], str]] = {
    "deep": lambda: link_of({**OFFER.linked(), "costs": nested(200), "name": nested(100)}),
    "very deep": lambda: "s=1.1." + _part("[" * 90_000),
    "a bomb": lambda: "s=1.1." + _part("0" * 50_000_000),
    "many bombs": lambda: "s=1.40." + ".".join([_part(" " * 20_000_000)] * 40),
    "many parts": lambda: "s=1.200000" + "." * 200_000,
    "huge": lambda: "s=" + "1.1." * 500_000,
    "ten thousand groups": lambda: link_of({**OFFER.linked(), "groups.0*9999": {}}),
    "indices without end": lambda: link_of({**OFFER.linked(), "groups.99999999999*3": {}}),
    "a name with a dot": lambda: link_of({**OFFER.linked(), "not_offered.zzz": {"name": 1}}),
    "a long name": lambda: link_of({**OFFER.linked(), "x" * 50_000: 1}),
    "many fields": lambda: link_of({**OFFER.linked(), **{f"x{i}": i for i in range(3_000)}}),
    "items of no list": lambda: link_of({**OFFER.linked(), "scheme.0": {"a": 1}}),
    "a huge number": lambda: link_of({**OFFER.linked(), "leaver_cost": 10**400}),
    "reasons": lambda: link_of({**OFFER.linked(), "reasons": {"x.y": "z", "leaver_cost": ""}}),
}  # fmt: skip


def _part(text: str) -> str:
    content = text.encode()
    packer = zlib.compressobj(9, wbits=-15, zdict=links._words(1))
    body = packer.compress(content) + packer.flush()
    check = zlib.crc32(content).to_bytes(4, "big")[:3]
    return base64.urlsafe_b64encode(check + body).decode().rstrip("=")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_link_is_opened_or_refused_in_few_words(what: str) -> None:
    link = HOSTILE[what]()
    opens_or_says_why_not(link)
    try:
        said = read_link(link).says
    except ScenarioError:
        return
    assert sum(map(len, said)) < 3_000


def test_a_label_is_given_to_whatever_stands_in_a_link() -> None:
    assert label_for("not_offered.x.y") == "not_offered.x.y"
    assert label_for("groups.0") == "The people it is offered to, 1"
    assert label_for("measures.2") == "Measures, 3"


def test_damage_is_told_from_age() -> None:
    assert unpacked(token_in(OFFER.to_link())) == Unpacked(
        unpacked(token_in(OFFER.to_link())).fields
    )
    assert not unpacked(packed({})).is_damaged
    assert unpacked("1.0").is_damaged is False
    assert presets()[0].scenario.to_link().startswith("s=1.")


@pytest.mark.parametrize("reader", [read_link, Scenario.opened_link])
def test_a_link_with_later_words_says_so(reader: Callable[[str], object]) -> None:
    with pytest.raises(ScenarioError, match="made by a newer version"):
        reader("s=2.1.AAAAAAAA")


@pytest.mark.parametrize("version", ["2", "x", "99", ""])
def test_a_spoilt_version_is_damage_and_what_is_certain_is_read(version: str) -> None:
    offer = preset("middlesbrough-2019").scenario
    spoilt = version + offer.to_link().removeprefix("s=1")
    found = Scenario.opened_link(f"s={spoilt}")
    assert found.document == offer
    assert not found.is_whole
