"""Pictures of how sure an answer is: marks stand where they must, and words stay apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.pictures.drawing import bars, claims, dots, heat, outcomes, tornado
from retention_lib.pictures.drawing.canvas import COST, INK, PAYS, SAVE
from retention_lib.pictures.drawing.places import waiting
from tests.drawn import SLACK, SVG, check_apart, check_inside, number, parts, text_box, words_of

NASTY = '<img src=x onerror="alert(1)"> & </text>'
LONG = "A measure for newly qualified social workers with a name that goes on and on for ever"
WIDTHS = (280, 320, 520, 640, 800)

Drawer = Callable[[float], str]

SOME = [-410e3, -300e3, -250e3, -120e3, -60e3, -20e3, -5e3, 0.0, 30e3, 90e3]


def outcomes_chart(
    found: Sequence[float] = SOME,
    ends: tuple[float | None, float | None] = (-300e3, 30e3),
    now: float = -80e3,
    words: str = "",
) -> outcomes.OutcomesChart:
    title = words or "Title"
    waits = words or "They follow."
    return outcomes.OutcomesChart("o", title, title, found, now, *ends, waiting=waits)


def plane(across: Sequence[float], up: Sequence[float]) -> list[list[float]]:
    """Give what is gained where one more up is worth two fewer across, in £10,000."""
    return [[10e3 * (2 * y - x) for x in across] for y in up]


def heat_chart(
    values: Sequence[Sequence[float]] | None = None,
    size: int = 11,
    here: tuple[float, float] = (5.0, 1.0),
    words: str = "",
) -> heat.HeatChart:
    steps = [float(step) for step in range(size)]
    return heat.HeatChart(
        key="m",
        title=words or "Title",
        reading=words or "Reading",
        across=steps,
        up=steps,
        values=plane(steps, steps) if values is None else values,
        across_text=lambda value: words or f"a{value:g}",
        up_text=lambda value: words or f"u{value:g}",
        across_label=words or "payment",
        up_label=words or "effect",
        here=here,
        here_label=words or "this offer",
    )


MARKS = (
    claims.Mark(1, 0.04),
    claims.Mark(2, 0.0),
    claims.Mark(3, 0.042, 0.01, 0.09),
    claims.Mark(4, 0.0, filled=False),
)


def claim(
    needed: float | None = 0.11, words: str = "", marks: Sequence[claims.Mark] = MARKS
) -> claims.Claim:
    text = "needs 11%" if needed is not None else "no size is enough"
    return claims.Claim(
        words or "Recognition", 0.045, 0.0, 0.054, needed, words or text, marks, words or "none"
    )


def claims_chart(found: Sequence[claims.Claim] | None = None, words: str = "") -> claims.ClaimChart:
    found = [claim(words=words), claim(None, words)] if found is None else found
    names = [words or f"Study {number}" for number in range(1, 5)]
    title = words or "Title"
    return claims.ClaimChart("c", title, title, words or "fall", found, names, [words or "Note"])


def worded(words: str) -> dict[str, Drawer]:
    """Give each kind of picture with the words wherever words go."""
    return {
        "outcomes": lambda w: outcomes.draw(outcomes_chart(words=words), w),
        "outcomes to come": lambda w: outcomes.draw(outcomes_chart([], words=words), w),
        "heat": lambda w: heat.draw(heat_chart(words=words), w),
        "claims": lambda w: claims.draw(claims_chart(words=words), w),
        "waiting": lambda w: waiting("w", words or "T", words or "T", (w, 90), words or "Soon."),
    }


KINDS = tuple(worded("x"))


def checked(drawn: str) -> ET.Element:
    svg = check_inside(drawn)
    check_apart(svg)
    return svg


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("words", ["", "Leeds", LONG, "x" * 200])
def test_words_stay_on_the_paper_and_apart(kind: str, width: int, words: str) -> None:
    svg = checked(worded(words)[kind](width))
    assert svg.get("role") == "img"
    assert svg.get("width") == str(width)
    if words:
        assert svg.findtext(f"{SVG}title") == words
        assert svg.findtext(f"{SVG}desc") == words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_escape_what_they_are_given(kind: str, width: int) -> None:
    drawn = worded(NASTY)[kind](width)
    assert ET.fromstring(drawn).findtext(f"{SVG}title") == NASTY
    assert "<img" not in drawn


# Outcomes that are equally likely.


def zero_of(svg: ET.Element) -> float:
    (line,) = [
        part
        for part in parts(svg, "line", stroke=INK, stroke_width="2")
        if part.get("x1") == part.get("x2")
        and not part.get("stroke-dasharray")
        and abs(number(part, "y1") - number(part, "y2")) > 100
    ]
    return number(line, "x1")


@pytest.mark.parametrize("width", WIDTHS)
def test_each_outcome_is_one_dot_on_its_side_of_zero(width: int) -> None:
    svg = checked(outcomes.draw(outcomes_chart(), width))
    zero = zero_of(svg)
    lost = parts(svg, "circle", stroke=COST)
    gained = parts(svg, "circle", fill=SAVE)
    assert (len(lost), len(gained)) == (7, 3)
    # Told apart without colour too: a ring on the left, a filled dot on the right.
    assert {dot.get("fill") for dot in lost} == {"#fff"}
    assert all(number(dot, "cx") + number(dot, "r") < zero for dot in lost)
    assert all(number(dot, "cx") - number(dot, "r") > zero for dot in gained)
    said = words_of(svg)
    assert "◀ loses money: 7 of 10" in said
    assert "pays for itself: 3 of 10 ▶" in said
    assert "8 times in 10: −£300,000 to £30,000" in said
    assert "as it stands, −£80,000" in said


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "found", [[-1e5] * 20, [1e5] * 20, [0.0] * 20, [-1e-9] * 10 + [1e-9] * 10, [-1e9, *[5.0] * 19]]
)
def test_dots_lie_apart_however_they_are_piled(width: int, found: list[float]) -> None:
    svg = checked(outcomes.draw(outcomes_chart(found, (None, None), 0.0), width))
    placed = [(number(dot, "cx"), number(dot, "cy")) for dot in parts(svg, "circle")]
    assert len(placed) == len(set(placed)) == 20
    zero, gains = zero_of(svg), sum(value >= 0 for value in found)
    assert sum(x > zero for x, _ in placed) == gains
    assert not any(words.startswith("8 times") for words in words_of(svg))


@pytest.mark.parametrize("width", WIDTHS)
def test_place_of_the_outcomes_is_kept_until_they_come(width: int) -> None:
    before = ET.fromstring(outcomes.draw(outcomes_chart([]), width))
    after = ET.fromstring(outcomes.draw(outcomes_chart(), width))
    assert before.get("viewBox") == after.get("viewBox")
    assert words_of(before) == ["They follow."]


# An answer over two numbers.


@pytest.mark.parametrize("width", WIDTHS)
def test_every_cell_says_its_sign_and_its_number(width: int) -> None:
    svg = checked(heat.draw(heat_chart(), width))
    shown = {text: part for part in svg.iter(f"{SVG}text") if (text := part.text or "")}
    assert shown["+200"].get("font-weight") == "700"
    assert shown["−100"].get("font-weight") is None
    assert {"this offer", "▲ effect", "payment ▶", "£ thousand: + gains, − loses"} <= set(shown)
    assert "breaks even on this line" in shown
    # The highest effect is at the top, the highest payment at the right.
    assert number(shown["+200"], "y") < number(shown["−100"], "y")
    assert number(shown["+200"], "x") < number(shown["−100"], "x")
    cells = 6 if width < 520 else 11
    drawn = [part for part in svg.iter(f"{SVG}rect") if part.get("fill") != "#fff"]
    assert cells**2 - cells <= len(drawn) <= cells**2  # on the line itself a cell is white


@pytest.mark.parametrize("width", WIDTHS)
def test_line_of_breaking_even_runs_where_the_sign_turns(width: int) -> None:
    svg = checked(heat.draw(heat_chart(), width))
    pieces = [
        part
        for part in parts(svg, "line", stroke=INK, stroke_width="2.5")
        if number(part, "y1") > 40
    ]
    ends = [(number(p, f"x{i}"), number(p, f"y{i}")) for p in pieces for i in (1, 2)]
    labels = {part.text: part for part in svg.iter(f"{SVG}text")}
    left, right = (number(labels[name], "x") for name in ("+200", "−100"))
    bottom, top = (number(labels[name], "y") - 4 for name in ("−100", "+200"))
    for x, y in ends:
        across, up = 10 * (x - left) / (right - left), 10 * (y - bottom) / (top - bottom)
        assert 2 * up == pytest.approx(across, abs=0.1)
    assert max(x for x, _ in ends) == pytest.approx(right, abs=1)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("sign", "marks"), [(1, "+"), (-1, "−")])
def test_without_a_turn_there_is_no_line(width: int, sign: int, marks: str) -> None:
    values = [[sign * 20e3] * 11] * 11
    svg = checked(heat.draw(heat_chart(values), width))
    said = words_of(svg)
    assert "breaks even on this line" not in said
    assert f"{marks}20" in said
    assert not parts(svg, "line", stroke=INK)


def test_numbers_without_room_leave_their_sign() -> None:
    steps = [float(step) for step in range(7)]
    values = [[123_456_789_000.0 * (1 if x < 3 else -1) for x in steps] for _ in steps]
    chart = heat_chart(values, size=7)
    said = words_of(checked(heat.draw(chart, 280)))
    assert {"+", "−"} <= set(said)
    assert not any("123,456,789" in words for words in said)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("here", [(0.0, 0.0), (10.0, 10.0), (5.0, 99.0), (float("nan"), -3.0)])
def test_what_was_chosen_is_marked_on_the_map(width: int, here: tuple[float, float]) -> None:
    svg = checked(heat.draw(heat_chart(here=here), width))
    (mark,) = parts(svg, "circle", fill=INK)
    name = next(part for part in svg.iter(f"{SVG}text") if part.text == "this offer")
    start, _, end, _ = text_box(name)
    x = number(mark, "cx")
    assert min(abs(start - x), abs(end - x)) < 30
    assert abs(number(name, "y") - number(mark, "cy")) < 16


@pytest.mark.parametrize("width", WIDTHS)
def test_map_that_is_not_whole_is_not_drawn(width: int) -> None:
    nan = float("nan")
    for values in ([], [[1.0]], [[nan] * 11] * 11, [[1.0] * 10] * 11):
        assert words_of(check_inside(heat.draw(heat_chart(values), width))) == [
            "No figures to draw."
        ]


# What is claimed and what studies found.


@pytest.mark.parametrize("width", WIDTHS)
def test_claim_needed_and_studies_stand_on_one_axis(width: int) -> None:
    svg = checked(claims.draw(claims_chart([claim()]), width))
    (need,) = parts(svg, "line", stroke=SAVE)
    (assumed,) = [p for p in parts(svg, "line", stroke=COST) if p.get("stroke-dasharray")]
    found = {part.text: part for part in svg.iter(f"{SVG}text") if (part.text or "") in {*"1234"}}
    none, some = number(found["2"], "x"), number(found["1"], "x")
    one = (some - none) / 0.04
    assert number(need, "x1") == pytest.approx(none + 0.11 * one, abs=3 * SLACK)
    assert number(assumed, "x1") == pytest.approx(none + 0.045 * one, abs=3 * SLACK)
    (ground,) = parts(svg, "rect", fill=PAYS)
    assert number(ground, "x") == number(need, "x1")
    assert {"needs 11%", "assumes 4.5%", "1 Study 1", "4 Study 4", "Note"} <= set(words_of(svg))
    # One that found nothing is a ring at nothing, beside the others.
    assert number(found["4"], "x") == none
    assert len(parts(svg, "circle", fill="#fff")) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_studies_that_found_the_same_are_piled_up(width: int) -> None:
    marks = [claims.Mark(number, 0.05) for number in range(1, 10)]
    svg = checked(claims.draw(claims_chart([claim(marks=marks)]), width))
    placed = {(number(dot, "cx"), number(dot, "cy")) for dot in parts(svg, "circle")}
    assert len(placed) == 9
    assert len({x for x, _ in placed}) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_claim_without_a_study_or_a_size_says_so(width: int) -> None:
    svg = checked(claims.draw(claims_chart([claim(None, marks=())]), width))
    assert not parts(svg, "rect", fill=PAYS)
    assert {"no size is enough", "none"} <= set(words_of(svg))
    nothing = claims.draw(claims_chart([]), width)
    assert words_of(check_inside(nothing)) == ["No figures to draw."]


# What other pictures gained.


@pytest.mark.parametrize("width", WIDTHS)
def test_years_have_their_net_and_its_range(width: int) -> None:
    years = [
        bars.YearBars("2026/27", -100e3, 10e3, 40e3, net=-50e3, low=-140e3, high=20e3),
        bars.YearBars("2027/28", 0.0, 5e3, 20e3, net=25e3, low=5e3, high=70e3),
    ]
    svg = checked(bars.draw(bars.BarChart("b", "T", "R", years), width))
    assert "net, 8 times in 10" in words_of(svg)
    whiskers = [
        abs(number(part, "y1") - number(part, "y2"))
        for part in parts(svg, "line", stroke=INK, stroke_width="1.5")
        if part.get("x1") == part.get("x2") and abs(number(part, "y1") - number(part, "y2")) > 12
    ]
    assert whiskers[0] / whiskers[1] == pytest.approx(160 / 65, rel=0.02)
    bare = [bars.YearBars("2026/27", -100e3, 10e3, 40e3, net=-50e3)]
    plain = checked(bars.draw(bars.BarChart("b", "T", "R", bare), width))
    assert "net" in words_of(plain)
    assert not parts(plain, "line", stroke_width="1.5")


@pytest.mark.parametrize("width", WIDTHS)
def test_study_without_a_figure_has_its_remark_alone(width: int) -> None:
    found = [dots.Dot("Known", 0.1), dots.Dot("Unsure", None, remark="no figure given")]
    svg = check_inside(dots.draw(dots.DotChart("d", "T", "R", "fall", found, 0.2, 0.05), width))
    assert len(parts(svg, "circle")) == 1
    assert {"Unsure", "no figure given"} <= set(words_of(svg))


@pytest.mark.parametrize("width", WIDTHS)
def test_tornado_is_as_high_as_its_place(width: int) -> None:
    swings = [tornado.Swing(f"Number {i}", "low", "high", -1e5 / i, 1e5 / i) for i in range(1, 10)]
    chart = tornado.TornadoChart("t", "T", "R", swings, 0.0, axis="four years' net cash")
    svg = check_inside(tornado.draw(chart, width))
    assert number(svg, "height") == tornado.height_of(9, width)
    assert "four years' net cash" in words_of(svg)


# Any numbers at all: drawing never raises and never leaves the paper.

EDGES = st.sampled_from([0.0, -0.0, 1.0, 1e-12, 5e-324, 1e12, -1e12, float("nan"), float("inf")])
NUMBER = st.one_of(EDGES, st.floats(-1e12, 1e12), st.floats(0, 1))
MAYBE = st.one_of(st.none(), NUMBER)
SHARE = st.one_of(st.floats(0, 1), st.just(0.0))
LABEL = st.sampled_from(["", "Leeds", LONG, "x" * 90])
WIDTH = st.sampled_from((280, 320, 519, 520, 640, 800, 1400))
ANY = settings(max_examples=60, deadline=None)


@ANY
@given(st.lists(NUMBER, max_size=24), st.tuples(MAYBE, MAYBE), NUMBER, LABEL, WIDTH)
def test_any_outcomes_are_drawn(
    found: list[float],
    ends: tuple[float | None, float | None],
    now: float,
    words: str,
    width: int,
) -> None:
    checked(outcomes.draw(outcomes_chart(found, ends, now, words), width))


@ANY
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(NUMBER, min_size=n, max_size=n), min_size=n, max_size=n)
    ),
    st.tuples(NUMBER, NUMBER),
    LABEL,
    WIDTH,
)
def test_any_map_is_drawn(
    values: list[list[float]], here: tuple[float, float], words: str, width: int
) -> None:
    checked(heat.draw(heat_chart(values, len(values), here, words), width))


@ANY
@given(
    st.lists(
        st.builds(
            claims.Claim,
            LABEL,
            SHARE,
            st.one_of(st.none(), SHARE),
            st.one_of(st.none(), SHARE),
            st.one_of(st.none(), SHARE),
            LABEL,
            st.lists(
                st.builds(claims.Mark, st.integers(1, 30), SHARE, SHARE, SHARE, st.booleans()),
                max_size=6,
            ),
        ),
        max_size=4,
    ),
    LABEL,
    WIDTH,
)
def test_any_claims_are_drawn(found: list[claims.Claim], words: str, width: int) -> None:
    check_inside(claims.draw(claims_chart(found, words), width))
