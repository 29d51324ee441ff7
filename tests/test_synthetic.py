"""What happened after: known answers, a second way to each fit, and the words that may not be."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from retention_lib.answering import answer_file
from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.cli import main
from retention_lib.figures import FIGURES, all_years, councils
from retention_lib.outputs.tables_csv import answer_csv
from retention_lib.outputs.terminal import readable
from retention_lib.problems import ScenarioError
from retention_lib.synthetic import kept, placebo
from retention_lib.synthetic.actions import actions, known_actors
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import case, cases
from retention_lib.synthetic.control import distance, fit, is_best, rounded
from retention_lib.synthetic.panel import Floats, followed, panel
from retention_lib.synthetic.placebo import as_far
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Comparison

MIDDLESBROUGH, GLOUCESTERSHIRE, NORTH_SOMERSET, SOMERSET = "806", "916", "802", "933"


def asking(code: str, year: int, measure: str = "turnover", **more: Any) -> Question:
    """Ask of one council."""
    given = {"council": code, "year": year, "measure": measure, **more}
    return Question.from_dict({"schema": 1, "kind": "what_happened", **given})


def comparison(asked: Question) -> Comparison:
    """Answer a question that has an answer."""
    found = what_happened(asked).found
    assert found is not None
    return found


# The fit


def test_mean_of_two_is_half_and_half_and_its_gap_is_nothing() -> None:
    others = np.array([[10.0, 12.0, 9.0, 11.0], [20.0, 16.0, 21.0, 17.0]])
    own = others.mean(axis=0)
    weights = fit(own[:3], others[:, :3], 10.0)
    assert weights.tolist() == [0.5, 0.5]
    assert (own - weights @ others).tolist() == [0.0] * 4


def test_added_step_is_found_as_the_gap() -> None:
    others = np.array([[10.0, 12.0, 9.0, 11.0, 13.0], [20.0, 16.0, 21.0, 17.0, 15.0]])
    own = others.mean(axis=0) + np.array([0.0, 0.0, 0.0, -2.5, -2.5])
    weights = fit(own[:3], others[:, :3], 10.0)
    assert own - weights @ others == pytest.approx([0.0, 0.0, 0.0, -2.5, -2.5])


@pytest.mark.parametrize("years", [2, 3, 6])
@pytest.mark.parametrize("spread", [0.1, 10.0])
def test_weights_agree_with_a_general_search(years: int, spread: float) -> None:
    """SciPy's own search on the simplex, given slopes, is the second way."""
    chance = np.random.default_rng(years)
    others = chance.normal(6.0, 2.0, (40, years))
    own = chance.normal(6.0, 2.0, years)
    weights = fit(own, others, spread)
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0
    assert is_best(weights, own, others, spread)

    def missed(w: Floats) -> float:
        return float(((own - w @ others) ** 2).sum() + spread * (w @ w))

    def slope(w: Floats) -> Floats:
        result: Floats = 2 * others @ (w @ others - own) + 2 * spread * w
        return result

    other = minimize(
        missed,
        np.full(40, 1 / 40),
        jac=slope,
        method="SLSQP",
        bounds=[(0, 1)] * 40,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"maxiter": 2000, "ftol": 1e-13},
    )
    assert missed(weights) == pytest.approx(other.fun, abs=1e-4)
    assert weights @ others == pytest.approx(other.x @ others, abs=0.02)


def test_council_beyond_all_others_leans_on_the_nearest() -> None:
    others = np.array([[5.0, 5.0], [9.0, 9.0], [1.0, 1.0]])
    weights = fit(np.array([14.0, 14.0]), others, 0.01)
    assert weights.tolist() == [0.0, 1.0, 0.0]
    assert distance(np.array([14.0, 14.0]), weights @ others) == 5.0


def test_rounded_weights_are_a_whole() -> None:
    for seed in range(20):
        weights = np.random.default_rng(seed).dirichlet(np.full(120, 0.3))
        whole = rounded(weights)
        assert whole.sum() == pytest.approx(1.0, abs=1e-12)
        assert np.abs(whole - weights).max() <= 1e-6


def test_where_nothing_was_done_every_rank_is_as_likely() -> None:
    """On random walks, each put in the place of the council asked about."""
    chance = np.random.default_rng(1)
    walks = 6 + np.cumsum(chance.normal(0, 1, (40, 7)), axis=1)
    gaps = []
    for row in range(40):
        others = np.delete(walks, row, axis=0)
        weights = fit(walks[row, :4], others[:, :4], 10.0)
        gaps.append(float(walks[row, 6] - weights @ others[:, 6]))
    shares = [
        (as_far(gap, [each for i, each in enumerate(gaps) if i != row]) + 1) / 40
        for row, gap in enumerate(gaps)
    ]
    assert 0.3 < np.mean([share <= 0.25 for share in shares]) < 0.7  # in either direction
    assert np.mean([share <= 0.05 for share in shares]) <= 0.15
    rises = sum(gap > 0 for gap in gaps)
    assert 10 <= rises <= 30


# What is kept


@pytest.fixture(scope="module")
def mixes() -> Mapping[kept.Key, kept.Weights]:
    """The kept mixes."""
    return kept.kept()


def test_kept_mixes_belong_to_the_figures_and_cover_every_question(
    mixes: Mapping[kept.Key, kept.Weights],
) -> None:
    assert kept.made()["made_from"] == kept.made_from()
    assert set(mixes) == set(kept.mixes_to_make())
    assert kept.made()["mixes"] == len(mixes)


def test_every_kept_mix_is_proven_to_be_the_best(
    mixes: Mapping[kept.Key, kept.Weights],
) -> None:
    for (measure, year, code), mix in mixes.items():
        pool = panel(measure)
        assert code not in mix
        assert sum(mix.values()) == pytest.approx(1.0, abs=1e-9)
        assert min(mix.values()) > 0
        places = [i for i, each in enumerate(pool.codes) if each != code]
        weights = np.array([mix.get(pool.codes[i], 0.0) for i in places])
        others = kept.scaled(measure, pool.values[places, : pool.column(year) + 1])
        own = kept.scaled(measure, kept.own_until(measure, code, year))
        assert is_best(weights, own, others, kept.spread()), (measure, year, code)


def test_sample_made_anew_is_what_is_kept(
    mixes: Mapping[kept.Key, kept.Weights],
) -> None:
    keys = [*list(mixes)[::701], ("turnover", 2019, MIDDLESBROUGH)]
    for key in keys:
        again = kept.mix_of(*key)
        for code in {*again, *mixes[key]}:
            assert again.get(code, 0) == pytest.approx(mixes[key].get(code, 0), abs=2e-5), key


def test_other_figures_make_the_kept_mixes_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.kept.cache_clear()
    monkeypatch.setattr(kept, "made_from", lambda: "something else")
    result = what_happened(asking(MIDDLESBROUGH, 2019))
    assert result.found is None
    assert "Run: retention fit-controls" in result.headline
    kept.kept.cache_clear()


def test_table_of_mixes_reads_as_it_was_written(
    mixes: Mapping[kept.Key, kept.Weights],
) -> None:
    some = dict(list(mixes.items())[:3])
    text = kept.written(some)
    rows = list(csv.DictReader(text.splitlines()))
    assert [kept._read(row["mix"]) for row in rows] == list(some.values())
    assert text.splitlines()[1] in (kept.CONTROLS / "weights.csv").read_text(encoding="utf-8")


# Who is in a mix


def test_nobody_known_to_have_acted_is_in_a_mix(
    mixes: Mapping[kept.Key, kept.Weights],
) -> None:
    for measure in MEASURES:
        acted = {each.area.code for each in known_actors(measure)}
        assert not acted & set(panel(measure).codes)
        used = {code for key, mix in mixes.items() if key[0] == measure for code in mix}
        assert used <= set(panel(measure).codes)


def test_every_action_has_a_source_a_council_and_what_it_aimed_at() -> None:
    codes = {area.code for area in councils()}
    for each in actions():
        assert each.area.code in codes
        assert each.source
        assert each.what.endswith(".")
        assert each.measures
        assert each.until is None or each.until >= each.began


# The answers, against the published table itself


@cache
def published() -> pd.DataFrame:
    """The table of figures, read by pandas."""
    return pd.read_csv(FIGURES / "workforce.csv", dtype={"area": str})


def by_council(measure: str) -> pd.DataFrame:
    """A measure by council and year."""
    table = published()
    table = table[(table["measure"] == measure) & table["area"].isin([c.code for c in councils()])]
    return table.pivot(index="area", columns="year", values="value")


def recounted(asked: Question) -> tuple[int, int, int, int]:
    """Count with pandas who moved as far: of all, and of those that started nearest."""
    rates, staff = by_council(asked.measure), by_council("in_post")
    whole = rates.notna().all(axis=1) & (staff.reindex(rates.index) >= 30).all(axis=1)
    acted = {each.area.code for each in known_actors(asked.measure)}
    others = rates[whole & ~rates.index.isin({*acted, asked.council})]
    own = rates.loc[asked.council]
    change = round(own[asked.looked_at] - own[asked.year], 6)
    moved = (others[asked.looked_at] - others[asked.year]).round(6)
    did = moved <= change if change <= 0 else moved >= change
    apart = (others[asked.year] - own[asked.year]).abs().round(6)
    nearest = apart.sort_values(kind="stable").iloc[:20]
    surely = apart < nearest.iloc[-1]
    return int(did.sum()), len(others), int(did[surely].sum()), int(surely.sum())


@pytest.mark.parametrize("story", [each for each in cases() if each.question.year >= 2017])
def test_counts_in_the_sentence_are_a_plain_recount(story: Any) -> None:
    asked = story.question
    result, found = what_happened(asked), comparison(asked)
    did, of, like_did, like_of = recounted(asked)
    later = found.looked_at
    assert (later.all_others.as_far, later.all_others.of) == (did, of)
    assert like_did <= later.like_starts.as_far <= like_did + 20 - like_of
    said = f"Of {of} councils not known to have acted, {did} saw as large a"
    assert any(each.startswith(said) for each in result.sentences)


PINNED = {
    "middlesbrough-2019": (2022, 0.208, 0.232),
    "gloucestershire-2018-agency": (2025, 0.399, 0.102),
    "north-somerset-2022": (2025, 0.338, 0.133),
}


@pytest.mark.parametrize("key", PINNED)
def test_three_councils_are_as_published_and_their_mix_is_its_parts(key: str) -> None:
    asked, (until, start, end) = case(key).question, PINNED[key]
    found = comparison(asked)
    rates = by_council(asked.measure)
    assert asked.looked_at == until
    assert rates.loc[asked.council, asked.year] == start
    assert rates.loc[asked.council, until] == found.looked_at.value == end
    weights = pd.Series(dict(found.own.weights))
    mix = rates.loc[weights.index].mul(weights, axis=0).sum()
    assert found.own.mix == pytest.approx(mix.to_numpy(), abs=1e-9)
    before = [year for year in all_years() if year <= asked.year]
    missed = (rates.loc[asked.council, before] - mix[before]) ** 2
    assert found.own.fit == pytest.approx(float(missed.mean()) ** 0.5)
    assert found.looked_at.gap == pytest.approx(end - mix[until])
    gap, place = found.looked_at.gap, all_years().index(until)
    gaps = np.array([each.gap(place) or 0.0 for each in found.counted])
    as_far_as = gaps <= gap + 1e-9 if gap <= 0 else gaps >= gap - 1e-9
    assert found.looked_at.beside_mix.as_far == int(as_far_as.sum())


def test_somerset_is_told_that_the_figures_begin_later() -> None:
    result = what_happened(case("somerset-2015").question)
    assert result.found is None
    assert result.headline.startswith("No comparison can be made. DfE's figures of each council")
    assert "8.1% in 2017, 27.5% in 2018, 18.9% in 2019" in result.sentences[0]
    assert "The highest is that of 2018." in result.sentences[0]
    assert [row["year"] for row in result.table("later").records()] == list(map(str, all_years()))
    assert result.notes == ("Years end on 30 September.",)


HEADLINES = {
    "middlesbrough-2019": "Middlesbrough's turnover rose from 2019 to 2022. Beside councils like "
    "it, that cannot be told apart from luck; 2023 stands out.",
    "gloucestershire-2018-agency": "Gloucestershire's agency rate fell from 2018 to 2025, and "
    "stood far below councils like it: that is rare.",
    "north-somerset-2022": "North Somerset's turnover fell from 2022 to 2025, but no fair "
    "comparison can be made.",
    "somerset-2015": "No comparison can be made. DfE's figures of each council begin in 2017, so "
    "there is nothing to match up to 2015.",
}


@pytest.mark.parametrize("story", cases(), ids=lambda story: str(story.id))
def test_headline_begins_with_the_verdict(story: Any) -> None:
    assert what_happened(story.question).headline == HEADLINES[story.id]


def test_every_later_year_is_listed_and_the_one_that_stood_out_most_is_named() -> None:
    result = what_happened(asking(MIDDLESBROUGH, 2019))
    rows = {row["year"]: row for row in result.table("later").records()}
    assert list(rows) == ["2020", "2021", "2022", "2023", "2024", "2025"]
    assert rows["2023"]["value"] == 0.329
    assert rows["2023"]["beside_mix"] == "1 of 109"
    rates = by_council("turnover")
    weights = pd.Series(dict(comparison(asking(MIDDLESBROUGH, 2019)).own.weights))
    mix = float((rates.loc[weights.index, 2023] * weights).sum())
    assert rows["2023"]["gap"] == pytest.approx(0.329 - mix)
    said = " ".join(result.sentences)
    assert "It stood out most in 2023: 32.9%, 17 points above the mix (15.9%); 1 of 109" in said
    assert "stands out less, and is not rare" in said
    looked = what_happened(asking(MIDDLESBROUGH, 2019, until=2023))
    assert looked.headline.endswith("stood far above councils like it: that is rare.")
    assert not any("stood out most" in each for each in looked.sentences)


def test_few_others_are_neither_rare_nor_nothing_unusual() -> None:
    said = " ".join(what_happened(asking(GLOUCESTERSHIRE, 2018, "agency", until=2019)).sentences)
    assert "6 stood as far below theirs. That is few others, though not so few as to be" in said
    assert "nothing unusual" not in said
    for measure, year, code in list(kept.kept())[::97]:
        for each in what_happened(asking(code, year, measure)).sentences:
            assert not re.search(r"\b(no|0) (did|saw|stood|of \d+ others)\b", each), each


def test_nothing_after_is_one_message_without_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["what-happened", MIDDLESBROUGH, "--year", "2025"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("No comparison can be made. DfE's figures end in 2025")
    for words in ("Every year after", "Who the mix", "Year to September", "in no mix"):
        assert words not in said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (asking(MIDDLESBROUGH, 2025), "nothing after 2025 yet"),
        (asking(MIDDLESBROUGH, 2017), "there is one year of figures"),
        (asking("839", 2020), "no figure of it is published for 2017 and 2018"),
        (asking("857", 2020), "under 30 full-time equivalent staff"),
        (asking("207", 2022), "no figure of it is published for 2025"),
        (asking("942", 2024), "cannot be followed"),
    ],
)
def test_what_cannot_be_compared_is_said_plainly(asked: Question, words: str) -> None:
    result = what_happened(asked)
    assert result.found is None
    assert words in result.headline
    assert result.headline == f"No comparison can be made. {result.why_not}"
    assert json.dumps(result.to_dict(), allow_nan=False)
    assert answer_csv(asked, result)
    assert readable(result).startswith(result.headline)


def test_council_without_the_last_year_is_followed_as_far_as_it_goes() -> None:
    found = comparison(asking("207", 2019))
    assert [each.year for each in found.later] == [2020, 2021, 2022, 2023, 2024]


def test_poor_match_is_not_compared() -> None:
    poor = [
        (measure, code)
        for measure in MEASURES
        for code in followed(measure, 2022)
        if comparison_fit(measure, code, 2022) > placebo.poor_fit(measure)
    ]
    assert poor
    for measure, code in poor[:10]:
        asked = asking(code, 2022, measure)
        result = what_happened(asked)
        if result.found is None:
            continue
        assert result.found.match == "poor"
        assert result.headline.endswith(", but no fair comparison can be made.")
        assert "No mix of other councils went as it did before" in result.sentences[0]
        assert "mix" not in result.table("later").frame()
        path = result.table("path").frame()
        assert path.loc[path["when"] == "after", ["mix", "gap"]].isna().all(axis=None)
        assert result.area.name not in set(result.table("others").frame()["council"])
        assert not any("set beside a mix of their own" in each for each in result.sentences)


def comparison_fit(measure: str, code: str, year: int) -> float:
    """How far a council lay from its kept mix in the years before."""
    pool, mix = panel(measure), kept.kept()[measure, year, code]
    until = pool.column(year) + 1
    path = sum(weight * pool.values[pool.row(each), :until] for each, weight in mix.items())
    return distance(kept.own_until(measure, code, year), np.asarray(path))


def test_councils_left_out_are_in_no_mix_and_not_counted() -> None:
    whole = comparison(asking(MIDDLESBROUGH, 2019))
    largest = max(whole.own.weights, key=lambda code: whole.own.weights[code])
    without = comparison(asking(MIDDLESBROUGH, 2019, left_out=[largest]))
    assert largest not in without.own.weights
    assert len(without.others) == len(whole.others) - 1
    assert all(largest not in each.weights for each in without.others)
    assert without.own.fit == pytest.approx(whole.own.fit, abs=0.01)


def test_without_pysyncon_only_what_needs_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysyncon", None)
    whole = what_happened(asking(MIDDLESBROUGH, 2019))
    assert whole.found is not None
    largest = max(whole.found.own.weights.items(), key=lambda each: each[1])[0]
    refused = what_happened(asking(MIDDLESBROUGH, 2019, left_out=[largest]))
    assert refused.found is None
    assert "needs pysyncon" in refused.headline


# Words

FORBIDDEN = re.compile(
    r"\b(caus\w*|because of (?:it|the|this)|due to|thanks to|worked|works|effect\w*|led to"
    r"|result\w*|achiev\w*|success(?:es|ful\w*)?|impact\w*|sav(?:ed|ing|es)|prov(?:es|ed|en)"
    r"|paid off"
    r"|brought down|owing to|attribut\w*|therefore)\b",
    re.IGNORECASE,
)


def sampled() -> Iterator[Question]:
    """Councils, measures and years from all over."""
    years = range(2015, 2026)
    for place, area in enumerate(councils()):
        measure = list(MEASURES)[place % 5]
        yield asking(area.code, years[place % len(years)], measure)
        yield asking(area.code, 2018 + place % 7, list(MEASURES)[(place + 2) % 5])


def said_of(asked: Question) -> list[str]:
    """What is said in our own words: what councils did is in theirs."""
    result = what_happened(asked)
    known = {each.what for each in result.known}
    ours = [each for each in result.sentences if not any(what in each for what in known)]
    headings = [column.heading for each in result.tables for column in each.columns]
    titles = [each.title for each in result.tables]
    return [result.headline, *ours, *result.notes, *headings, *titles, result.provenance.says]


def test_no_answer_says_that_anything_was_brought_about() -> None:
    answered = 0
    for asked in sampled():
        said = said_of(asked)
        bad = [each for each in said if FORBIDDEN.search(each.replace("because their own", ""))]
        bad += [each for each in said if re.search(r"\b(None|nan|inf)\b", each)]
        assert bad == [], (asked.council, asked.year, asked.measure)
        answered += what_happened(asked).found is not None
    assert answered > 200


def test_every_answer_says_that_others_may_have_acted_and_that_it_is_not_why() -> None:
    result = what_happened(case("middlesbrough-2019").question)
    assert result.sentences[-1] == "It shows what happened after, and not why."
    assert "48% of councils" in result.notes[0]
    assert any("comes back by itself" in note for note in result.notes)


def test_as_large_a_fall_is_counted_with_equals() -> None:
    assert as_far(-0.1, [-0.1, -0.1 + 1e-12, -0.2, 0.3]) == 3
    assert as_far(0.1, [0.1, 0.2, -0.5]) == 2
    assert as_far(0.0, [-0.1, 0.0, 0.1]) == 2


# Ways in


def test_command_line_the_file_and_python_give_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = asking(MIDDLESBROUGH, 2019)
    result = what_happened(asked)
    assert main(["what-happened", "806", "--year", "2019", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["headline"] == result.headline
    assert main(["what-happened", "806", "--year", "2019", "--until", "2020"]) == 0
    assert "from 2019 to 2020" in capsys.readouterr().out.splitlines()[0]
    file = tmp_path / "asked.json"
    file.write_text(asked.to_json(), encoding="utf-8")
    assert answer_file(file).to_dict() == result.to_dict()
    assert main(["run", str(file)]) == 0
    assert capsys.readouterr().out == readable(result) + "\n"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": 1901}, "up to the latest"),
        ({"year": 2040}, "up to the latest"),
        ({"until": 2019}, "It must be after 2019"),
        ({"until": 2030}, "2025 or before"),
        ({"council": "999"}, "no council's code"),
        ({"measure": "morale"}, "measure"),
        ({"left_out": ["000"]}, "no council's code"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(given: dict[str, Any], words: str) -> None:
    whole = {"council": MIDDLESBROUGH, "year": 2019, **given}
    with pytest.raises(ScenarioError, match=words):
        Question.from_dict({"schema": 1, "kind": "what_happened", **whole})


def test_thresholds_stand_in_the_register() -> None:
    for name in ("fewest_years", "spread", "close_fit", "poor_fit"):
        assert f"control_{name}" in register()
    for name in ("placebo_cut", "rare", "unusual", "like_starts"):
        assert f"control_{name}" in register()
