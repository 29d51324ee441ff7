"""The assumptions log: every number once, rated by hand-made tornados, counted with pandas."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from retention_lib.assumptions import NO_SOURCE, Register, read_register, register
from retention_lib.assumptions_log import EvidenceResult, Question, log_of
from retention_lib.assumptions_log.ages import is_stale, stale_from
from retention_lib.assumptions_log.chosen import Chosen, chosen
from retention_lib.assumptions_log.entry import Entry
from retention_lib.assumptions_log.impact import (
    Cutoffs,
    Move,
    cutoffs,
    from_bars,
    moves_of,
    rated,
)
from retention_lib.assumptions_log.question import OPENED, REGISTER, case_documents
from retention_lib.assumptions_log.register_entries import register_entries
from retention_lib.assumptions_log.searching import matched, matched_studies
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.cli import main
from retention_lib.evidence import studies
from retention_lib.figures import provenance
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import Measure, Plan
from retention_lib.plans.result import NetBar
from retention_lib.presets import preset
from retention_lib.problems import ScenarioError
from retention_lib.results import Bar
from retention_lib.scenario import Scenario

DAY = dt.date(2026, 11, 22)
OFFER = preset("middlesbrough-2019").scenario
EVERYTHING = (REGISTER, *case_documents())

Captured = pytest.CaptureFixture[str]


def row(key: str, path: str = "", *, kind: str = "uncertainty", quality: str = "fair") -> str:
    """One entry of a register, as a file has it."""
    of_kind = {
        "uncertainty": 'low = 1\ncentral = 2\nhigh = 3\nshape = "pert"\ncredibility = 1',
        "lever": "central = 2",
        "constant": "central = 2",
    }[kind]
    source = NO_SOURCE if quality == "none" else "A report"
    form = 'section = "main"\nslider = { min = 0, max = 9, step = 1 }' if path else ""
    on_form = f'path = "{path}"\n{form}' if path else ""
    return (
        f'[{key}]\nlabel = "The {key}"\nhelp = "What it is."\nkind = "{kind}"\nunit = "pounds"\n'
        f'{of_kind}\nsource = "{source}"\ndate = "2025-09"\nquality = "{quality}"\n'
        f'note = "Ours."\nreview_after_years = 1\n{on_form}\n'
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Register:
    """Six numbers: two in groups, one each of a lever, a constant, one unused and one unmoved."""
    file = tmp_path / "tiny.toml"
    file.write_text(
        row("pay", "groups.*.salary", kind="lever")
        + row("leaving", "groups.*.annual_leaving_rate", quality="weak")
        + row("price", "leaver_cost", quality="none")
        + row("rate", "appraisal.discount_rate", kind="constant")
        + row("still", "effect.leaving_reduction")
        + row("unused", "service.turnover"),
        encoding="utf-8",
    )
    return read_register(file)


def by_hand(tiny: Register, *moves: Move) -> dict[str, Any]:
    """The lines of a scenario of two groups with a hand-made tornado, by name."""
    two = Scenario.from_dict(
        {
            **OFFER.to_dict(),
            "groups": [
                {"name": "A", "headcount": 1, "salary": 4, "annual_leaving_rate": 0.5},
                {"name": "B", "headcount": 1, "salary": 5, "annual_leaving_rate": 0.5},
            ],
            "case": {},
        }
    )
    answer = Chosen(document=two, headline="", changes=(), checks=(), moves=moves, rows=tiny)
    return {each.id: each for each in register_entries(answer, DAY)}


# Known answers, by hand.


def test_impact_is_rated_from_the_widest_bar_of_those_behind_an_entry(tiny: Register) -> None:
    lines = by_hand(
        tiny,
        Move("leaver_cost", 1000.0, "£1", "£3"),
        Move("groups.0.annual_leaving_rate", 40.0, "1", "2"),
        Move("groups.1.annual_leaving_rate", 100.0, "1", "3"),
    )
    assert list(lines) == list(tiny)
    assert {key: line.impact for key, line in lines.items()} == {
        "pay": "not_drawn",
        "leaving": "medium",
        "price": "high",
        "rate": "not_drawn",
        "still": "none",
        "unused": "none",
    }
    assert (lines["leaving"].pounds, lines["leaving"].share) == (100.0, 0.1)
    assert lines["leaving"].range_text == "1 to 3"
    assert lines["pay"].value == "£4; £5"
    assert lines["pay"].pounds is None
    assert lines["pay"].why == "The council's choice: it is set, not uncertain."
    assert lines["rate"].why == "Fixed by law or definition: it is set, not uncertain."
    assert lines["unused"].why == "This answer does not use it."
    assert lines["unused"].value == lines["unused"].in_general == "£2"
    assert not lines["price"].has_source
    assert lines["price"].source_words.startswith("There is no source.")
    assert lines["price"].why == ("By itself, from £1 to £3, it moves net present value by £1,000.")


def test_without_a_tornado_nothing_moves(tiny: Register) -> None:
    lines = by_hand(tiny)
    assert {line.impact for line in lines.values()} == {"not_drawn", "none"}
    assert {line.share for line in lines.values()} == {None}


@pytest.mark.parametrize(
    ("pounds", "impact"),
    [
        (200.0, "high"),
        (100.0, "high"),
        (99.99, "medium"),
        (20.0, "medium"),
        (19.99, "low"),
        (0.01, "low"),
        (0.0, "none"),
    ],
)
def test_a_bar_at_a_cut_off_has_reached_it(pounds: float, impact: str) -> None:
    assert rated(pounds, 200.0, Cutoffs(high=0.5, medium=0.1)) == impact


def test_nothing_is_rated_beside_nothing() -> None:
    assert rated(0.0, 0.0, cutoffs()) == "none"


def test_cut_offs_are_the_registers_own() -> None:
    assert cutoffs().high == register()["impact_high_share"].default
    assert cutoffs().medium == register()["impact_medium_share"].default
    assert 0 < cutoffs().medium < cutoffs().high < 1


def test_a_bars_width_is_the_distance_of_its_ends_whichever_way_it_runs() -> None:
    offer = Bar(path="a", label="", low_text="1", high_text="2", npv_at_low=5.0, npv_at_high=-3.0)
    plan = NetBar(path="b", label="", low_text="1", high_text="2", net_at_low=-1.0, net_at_high=1.0)
    assert [move.pounds for move in from_bars([offer, plan])] == [8.0, 2.0]


@pytest.mark.parametrize(
    ("date", "months", "first"),
    [
        ("2025-09", 12, "2026-10-01"),
        ("2025-12", 12, "2027-01-01"),
        ("2020", 24, "2023-01-01"),
        ("2026-03-19", 12, "2027-03-20"),
        ("2024-02-28", 12, "2025-02-28"),  # the day after is the 29th, which 2025 has not
        ("2025-10", 36, "2028-11-01"),
    ],
)
def test_stale_on_the_day_and_not_on_the_day_before(date: str, months: int, first: str) -> None:
    day = dt.date.fromisoformat(first)
    assert stale_from(date, months) == day
    assert is_stale(date, months, day)
    assert not is_stale(date, months, day - dt.timedelta(days=1))


def test_a_line_is_stale_on_the_day_that_is_given(tiny: Register) -> None:
    answer = Chosen(document=None, headline="", changes=(), checks=(), moves=(), rows=tiny)
    before, after = dt.date(2026, 9, 30), dt.date(2026, 10, 1)
    assert not any(line.stale for line in register_entries(answer, before))
    assert all(line.stale for line in register_entries(answer, after))


# Every number once.


@pytest.fixture(scope="module", params=EVERYTHING)
def found(request: pytest.FixtureRequest) -> EvidenceResult:
    """The log of each case, and of the register by itself."""
    return log_of(Question(about=request.param), DAY)


def test_every_entry_of_the_register_stands_there_once(found: EvidenceResult) -> None:
    ids = [entry.id for entry in found.entries]
    assert len(ids) == len(set(ids))
    assert [each for each in ids if each in register()] != []
    assert {entry.id for entry in found.entries if entry.what == "assumption"} == set(register())


def test_every_effect_of_every_measure_stands_there(found: EvidenceResult) -> None:
    ids = {entry.id for entry in found.entries if entry.what == "effect"}
    document = next(d for key, d in documents() if (d.name if d else "") == found.about)
    here = document.measures if isinstance(document, Plan) else ()
    expected = {
        f"measures.{index}.effects.{place}"
        for index, measure in enumerate(here)
        for place in range(len(measure.effects))
    }
    others = set(catalogue()) - {measure.kind for measure in here}
    expected |= {
        f"catalogue.{kind}.effects.{place}"
        for kind in others
        for place in range(len(catalogue()[kind].quality))
    }
    assert ids == expected


def documents() -> list[tuple[str, Scenario | Plan | None]]:
    return [(REGISTER, None), *case_documents().items()]


def test_headline_and_matrix_count_what_the_table_holds(found: EvidenceResult) -> None:
    log = found.frame("log")
    matter = log[log["impact"].isin(["high", "medium", "low"])]
    weak = matter[matter["quality"].isin(["weak", "none"])]
    if not found.about:
        none, poor = (log["quality"] == "none").sum(), (log["quality"] == "weak").sum()
        assert found.headline == (
            f"{len(log)} assumptions: {poor} rest on weak evidence, and {none} on none."
        )
    elif len(matter) > 1:
        assert found.headline.startswith(
            f"Of {len(log)} assumptions, {len(matter)} matter to this answer; "
        )
        assert found.headline.split("; ")[1].startswith(f"{len(weak) or 'none'} of those")
    elif not len(matter):
        assert found.headline == f"Of {len(log)} assumptions none moves this answer."
    matrix = found.frame("matrix").set_index("quality")
    counted = pd.crosstab(log["quality"], log["impact"])
    for impact in ("high", "medium", "low", "not_drawn", "none"):
        for short, quality in zip(
            ("Strong", "Fair", "Weak", "No source"), ("strong", "fair", "weak", "none"), strict=True
        ):
            there = counted.get(impact, {}).get(quality, 0)
            assert matrix.loc[short, impact] == there
    assert matrix.loc["All", "all"] == len(log)
    assert len(found.frame("no_source")) == (log["quality"] == "none").sum()
    assert len(found.frame("stale")) == (log["stale"] == "yes").sum()


def test_every_line_says_where_it_comes_from_and_what_it_does(found: EvidenceResult) -> None:
    for entry in found.entries:
        assert entry.label
        assert entry.value
        assert entry.why
        assert entry.source_words
        assert entry.has_source == (entry.quality != "none")
        assert entry.matters == (entry.pounds is not None)
        assert entry.has_source or entry.note, "how it was set"
        words = (entry.value, entry.value_from, entry.why, entry.range_text)
        assert not [one for one in words for no in ("None", "nan", "..") if no in one]
        if entry.pounds is not None:
            assert 0 < float(entry.share or 0) <= 1
    widths = [entry.pounds for entry in found.entries if entry.pounds is not None]
    assert widths == sorted(widths, reverse=True)
    assert [entry.impact for entry in found.entries] == sorted(
        (entry.impact for entry in found.entries),
        key=("high", "medium", "low", "not_drawn", "none").index,
    )


def test_every_bar_stands_behind_a_line(found: EvidenceResult) -> None:
    document = next(d for _, d in documents() if (d.name if d else "") == found.about)
    moves = moves_of(document)
    assert len({entry.id for entry in found.entries if entry.matters}) <= len(moves)
    pounds = {entry.pounds for entry in found.entries if entry.matters}
    assert pounds <= {move.pounds for move in moves}
    if moves:
        assert max(pounds, key=float) == max(move.pounds for move in moves)  # type: ignore[arg-type]  # each matters


def test_sentences_name_the_corner_first(found: EvidenceResult) -> None:
    corner = [e for e in found.entries if e.impact == "high" and e.quality in {"weak", "none"}]
    assert [entry.id for entry in found.weakest] == [entry.id for entry in corner]
    for entry in found.weakest[:4]:
        assert entry.label in found.sentences[0]


def test_the_log_can_be_kept_as_json(found: EvidenceResult) -> None:
    kept = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert kept["headline"] == found.headline
    assert len(kept["tables"]["log"]) == len(found.entries)


# What was changed, and why.


def test_a_changed_number_shows_what_it_was_and_why() -> None:
    changed = OFFER.but({"leaver_cost": 25_000}).with_reasons({"leaver_cost": "Counted by HR"})
    found = log_of(Question.from_dict(changed.to_dict()), DAY)
    line = next(entry for entry in found.entries if entry.id == "replacement_cost_per_leaver")
    assert line.value == "£25,000"
    assert line.value_from == "Changed from £20,000. Counted by HR."
    assert [(c.was, c.now, c.reason) for c in line.changes] == [
        ("£20,000", "£25,000", "Counted by HR")
    ]
    assert found.frame("changes").values.tolist() == [
        ["Cost of each leaver", "£20,000", "£25,000", "Counted by HR"]
    ]
    assert found.sentences[-1] == "1 thing was changed, with a reason."
    assert found.provenance.scenario_digest == changed.digest


def test_a_plans_changed_effect_and_prices_show_too() -> None:
    plan = case_documents()["north-somerset-2025"]
    assert isinstance(plan, Plan)
    place = next(i for i, m in enumerate(plan.measures) if m.kind == "recognition")
    field = f"measures.{place}.effects.0.central"
    changed = plan.but({field: 0.03, "prices.pay_award": [0.05]}).with_reasons({field: "A pilot"})
    found = {e.id: e for e in log_of(Question.from_dict(changed.to_dict()), DAY).entries}
    line = found[f"measures.{place}.effects.0"]
    assert line.value == "3%"
    assert "Changed from 4.5%. A pilot." in line.value_from
    assert line.in_general == "4.5%"
    growth = found["average_earnings_growth"]
    assert growth.value.startswith("5%, ")
    assert "Changed from" in growth.value_from
    assert growth.impact == "not_drawn"


def test_a_scenario_of_no_case_keeps_its_reasons() -> None:
    own = OFFER.but({"case.preset": None, "leaver_cost": 9_000})
    found = log_of(Question.from_dict(own.with_reasons({"leaver_cost": "Ours"}).to_dict()), DAY)
    line = next(entry for entry in found.entries if entry.id == "replacement_cost_per_leaver")
    assert line.value_from == "Set here. Ours."
    assert len(found.changes) == 1


def test_a_measure_of_ones_own_has_no_source() -> None:
    plan = Plan.from_dict(
        {
            "schema": 1,
            "kind": "invest_to_save",
            "council": "802",
            "measures": [
                {
                    "kind": "own",
                    "name": "Ours",
                    "effects": [{"on": "leaving", "low": 0, "central": 0.1, "high": 0.2}],
                }
            ],
        }
    )
    found = log_of(Question.from_dict(plan.to_dict()), DAY)
    line = next(entry for entry in found.entries if entry.id == "measures.0.effects.0")
    assert not line.has_source
    assert line.quality == "none"
    assert line.matters
    assert "without a source" in line.note
    assert not line.stale


# What is searched for.


def test_a_search_finds_every_word_in_any_order() -> None:
    entries = log_of(Question(), DAY).entries
    some = matched(entries, Question(search="AGENCY premium"))
    assert [e.id for e in some] != []
    assert all("agency" in e.words and "premium" in e.words for e in some)
    assert matched(entries, Question(search="no such thing")) == ()
    assert matched(entries, Question()) == entries
    assert [each.id for each in matched_studies(studies(), "sims benhenda")] != []


@pytest.mark.parametrize("only", ["used", "changed", "stale", "no_source"])
def test_what_alone_is_shown_is_so(only: str) -> None:
    changed = OFFER.but({"leaver_cost": 25_000})
    asked = Question.from_dict(changed.to_dict()).but({"only": only})
    entries = log_of(asked, DAY).entries
    kinds: dict[str, Callable[[Entry], bool]] = {
        "used": lambda e: e.impact != "none",
        "changed": lambda e: e.id == "replacement_cost_per_leaver",
        "stale": lambda e: e.stale,
        "no_source": lambda e: e.quality == "none",
    }
    is_so = kinds[only]
    assert matched(entries, asked) == tuple(entry for entry in entries if is_so(entry))
    assert matched(entries, asked) != ()


def test_both_ratings_can_be_asked_for_at_once() -> None:
    asked = Question(quality="weak", impact="high")
    entries = log_of(asked, DAY).entries
    assert [entry.id for entry in matched(entries, asked)] == ["leaving_reduction"]


# The question.


@pytest.mark.parametrize("key", EVERYTHING)
def test_a_question_comes_back_from_its_link_and_its_file(key: str) -> None:
    asked = Question(about=key, search="£ pay", quality="weak", impact="low", only="stale")
    assert Question.from_link(asked.to_link()) == asked
    assert Question.from_json(asked.to_json()) == asked


@pytest.mark.parametrize("key", case_documents())
def test_a_link_or_file_of_an_answer_is_a_question_about_it(key: str) -> None:
    document = case_documents()[key]
    assert Question.from_link(document.to_link()) == Question(about=key)
    moved = document.but({"appraisal.discount_rate": 0.05})
    asked = Question.from_link(moved.to_link())
    assert (asked.about, asked.document) == (OPENED, moved)
    assert Question.from_link(asked.to_link()) == asked
    again = Question.from_json(asked.to_json()).but({"search": "pay"})
    assert again.document == moved


def test_a_link_carries_no_reasons_and_a_file_does() -> None:
    changed = OFFER.but({"leaver_cost": 1.0}).with_reasons({"leaver_cost": "Secret"})
    asked = Question.from_json(changed.to_json())
    assert asked.document == changed
    assert Question.from_json(asked.to_json()).document == changed
    there = Question.from_link(asked.to_link()).document
    assert there == changed.with_reasons({})


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another kind": (comparisons()[0].comparison.to_dict(), "kind is"),
    "no such case": ({"schema": 1, "kind": "evidence", "about": "x"}, "It must be register or a"),
    "no such rating": (
        {"schema": 1, "kind": "evidence", "quality": "good"},
        "quality is",
    ),
    "a long search": ({"schema": 1, "kind": "evidence", "search": "a" * 101}, "search is"),
    "an answer of another kind": (
        {"schema": 1, "kind": "evidence", "answer": {"schema": 1, "kind": "benchmark"}},
        "answer.kind is",
    ),
    "an answer that cannot be": (
        {"schema": 1, "kind": "evidence", "answer": {**OFFER.to_dict(), "leaver_cost": -1}},
        "leaver_cost is -1",
    ),
    "opened, and nothing there": ({"schema": 1, "kind": "evidence", "about": OPENED}, "about is"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_asked_is_refused_in_words(what: str) -> None:
    given, said = WRONG[what]
    with pytest.raises(ScenarioError) as refused:
        Question.from_dict(given)
    assert said in str(refused.value)


# The data log and the checks.


def test_data_log_names_every_published_table_and_its_licence() -> None:
    found = log_of(Question(), DAY).frame("data_log")
    for name in ("workforce", "neighbours_2021", "neighbours_2025", "judgements"):
        known = provenance(name)
        here = found[found["what"] == known["publication"]]
        assert len(here) == 1
        assert here.iloc[0]["licence"] == known["licence"]
        assert str(known["source_sha256"])[:12] in here.iloc[0]["made_from"]


def test_checks_say_what_is_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    from retention_lib import checking

    assert log_of(Question(), DAY).passed
    monkeypatch.setattr(checking, "leaving_in", lambda code, year: None)
    found = log_of(Question(), DAY)
    assert not found.passed
    rows = found.frame("checks").set_index("name")
    assert rows.loc["Published figures are as published", "passed"] == "NOT PASSED"
    assert "should be 20.8%" in rows.loc["Published figures are as published", "says"]


def test_the_same_question_on_the_same_day_gives_the_same_log() -> None:
    assert log_of(Question(), DAY) == log_of(Question(search="pay"), DAY)
    assert chosen(OFFER).moves == moves_of(OFFER)


def test_every_measure_of_the_catalogue_is_named_by_what_it_does() -> None:
    labels = [e.label for e in log_of(Question(about=REGISTER), DAY).entries if e.what == "effect"]
    assert len(labels) == len(set(labels))
    assert len(labels) == sum(
        len(Measure.model_validate({"kind": kind}).effects) for kind in catalogue()
    )


# The command line.


def test_command_prints_the_log_of_a_file_or_the_register(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "offer.json"
    changed = OFFER.but({"leaver_cost": 25_000}).with_reasons({"leaver_cost": "Counted"})
    file.write_text(changed.to_json(), encoding="utf-8")
    assert main(["evidence", str(file)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.splitlines()[0].startswith("Of ")
    assert "Changed from £20,000. Counted." in printed.out
    assert "Impact: High" in printed.out
    assert main(["evidence", str(file), "--json"]) == 0
    kept = json.loads(capsys.readouterr().out)
    assert {line["id"] for line in kept["tables"]["log"]} > set(register())
    assert main(["evidence"]) == 0
    alone = capsys.readouterr().out
    assert all(each.label in alone for each in register().values())
    assert "Impact:" not in alone.split("\nChecks\n")[0].split("\nQuality of evidence and")[0]


def test_command_refuses_a_file_of_another_kind(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "comparison.json"
    file.write_text(comparisons()[0].comparison.to_json(), encoding="utf-8")
    assert main(["evidence", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "kind" in printed.err
