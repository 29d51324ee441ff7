"""Pictures of many councils: marks stand where their values say, and words stay on the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.pictures.drawing import band, scatter, small, spread, strip
from retention_lib.pictures.drawing.canvas import BAND, INK, SAVE, SOFT
from retention_lib.pictures.drawing.places import PALE, Place
from tests.drawn import SLACK, SVG, check_apart, check_inside, number, parts, points_of, words_of

NASTY = '<img src=x onerror="alert(1)"> & </text>'
LONG = "Bournemouth, Christchurch and Poole with a name that goes on and on for ever and ever"
WIDTHS = (280, 320, 520, 800)
YEARS = (2020, 2021, 2022, 2023)

Drawer = Callable[[float], str]


def tenth(value: float) -> str:
    """Write a value so that a test can tell who wrote it."""
    return f"~{value:.1f}"


def marks(*values: float, place: Place = "other") -> list[strip.Mark]:
    return [strip.Mark(value, place) for value in values]


def strip_chart(
    given_marks: Sequence[strip.Mark],
    *,
    low: float | None = 18.0,
    high: float | None = 24.0,
    median: float | None = 15.0,
    words: str = "",
    lower_is_better: bool = True,
) -> strip.StripChart:
    return strip.StripChart(
        key="s",
        title=words or "Title",
        reading=words or "Reading",
        axis=words or "Axis",
        marks=given_marks,
        low=low,
        high=high,
        median=median,
        median_label=words or "median",
        text=tenth,
        lower_is_better=lower_is_better,
    )


def band_chart(
    own: Sequence[float | None] = (1.0, 2.0, 3.0, 4.0),
    *,
    middle: Sequence[float | None] | None = (4.0, 4.0, 4.0, 4.0),
    low: Sequence[float | None] = (2.0, 2.0, 2.0, 2.0),
    high: Sequence[float | None] = (6.0, 6.0, 6.0, 6.0),
    others: Sequence[Sequence[float | None]] = ((5.0, 5.0, 5.0, 5.0), (3.0, 3.0, 3.0, 3.0)),
    later: Sequence[tuple[int, float]] = (),
    words: str = "",
) -> band.BandChart:
    return band.BandChart(
        key="b",
        title=words or "Title",
        reading=words or "Reading",
        years=YEARS,
        own=band.Line(words or "Bristol", own),
        middle=None if middle is None else band.Line(words or "median", middle),
        band_low=low,
        band_high=high,
        band_label=words or "middle half",
        others=[
            band.Line(words or name, line)
            for name, line in zip(("South West", "England"), others, strict=False)
        ],
        later=[(year, value, words or "own count") for year, value in later],
        text=tenth,
    )


def small_chart(panels: Sequence[small.Panel], words: str = "") -> small.SmallChart:
    title = words or "Title"
    return small.SmallChart("m", title, title, YEARS, panels, title, words or "median", 0)


def scatter_chart(points: Sequence[scatter.Point], words: str = "") -> scatter.ScatterChart:
    title = words or "Title"
    return scatter.ScatterChart(
        "c", title, title, words or "Across", words or "Up", points, tenth, tenth
    )


def spread_chart(
    bins: Sequence[spread.Bin],
    claim: float | None = None,
    mean: float | None = None,
    words: str = "",
) -> spread.SpreadChart:
    return spread.SpreadChart(
        key="d",
        title=words or "Title",
        reading=words or "Reading",
        bins=bins,
        claim=claim,
        claim_label=words or "claimed",
        mean=mean,
        mean_label=words or "mean",
        axis=words or "Change",
        text=tenth,
    )


def worded(words: str) -> dict[str, Drawer]:
    """Give each kind of picture with the words wherever words go."""
    places: tuple[Place, ...] = ("own", "neighbour", "neighbour", "other")
    some = [strip.Mark(10.0 + i, place, words) for i, place in enumerate(places)]
    dots = [scatter.Point(i, 2.0 * i, place, words) for i, place in enumerate(places)]
    panels = [small.Panel(words, (1, None, 3, 4), (1, 2, 3, 4), tenth, words)] * 4
    panels.append(small.Panel(words, (None,), (None,), tenth, words))
    bins = [spread.Bin(-2, 0, 3), spread.Bin(0, 2, 5)]
    later = ((2023, 3.0), (2025, 5.0))
    return {
        "strip": lambda w: strip.draw(strip_chart(some, words=words), w),
        "band": lambda w: band.draw(band_chart(later=later, words=words), w),
        "small": lambda w: small.draw(small_chart(panels, words), w),
        "scatter": lambda w: scatter.draw(scatter_chart(dots, words), w),
        "spread": lambda w: spread.draw(spread_chart(bins, -1.0, -0.5, words), w),
    }


KINDS = tuple(worded("x"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("words", ["Leeds", LONG, "x" * 200], ids=["short", "long", "unbroken"])
def test_words_stay_on_the_paper_and_apart(kind: str, width: int, words: str) -> None:
    svg = check_inside(worded(words)[kind](width))
    check_apart(svg)
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == words
    assert svg.findtext(f"{SVG}desc") == words


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_escape_what_they_are_given(kind: str) -> None:
    drawn = worded(NASTY)[kind](800)
    svg = ET.fromstring(drawn)
    assert svg.findtext(f"{SVG}title") == NASTY
    assert "<img" not in drawn
    assert any(words.startswith("<img") for words in words_of(svg))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_to_draw_is_said_in_words(width: int) -> None:
    none = (None, None, None, None)
    nothing = band_chart(none, middle=none, low=none, high=none, others=())
    for drawn in (
        strip.draw(strip_chart([]), width),
        strip.draw(strip_chart(marks(float("nan"))), width),
        band.draw(nothing, width),
        small.draw(small_chart([]), width),
        scatter.draw(scatter_chart([]), width),
        spread.draw(spread_chart([], -1.0, 0.0), width),
        spread.draw(spread_chart([spread.Bin(0, 1, 0)]), width),
    ):
        assert words_of(check_inside(drawn)) == ["No figures to draw."]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_written_by_the_given_function(kind: str) -> None:
    if kind == "spread":
        expected = {"0", "2", "4", "6"}  # counts are whole numbers of cases
    else:
        expected = {str(year) for year in range(2020, 2026)}
    svg = ET.fromstring(worded("name")[kind](800))
    numbers = [words for words in words_of(svg) if any(each.isdigit() for each in words)]
    assert numbers
    for words in numbers:
        assert "~" in words or words in expected


def test_strip_stands_where_the_values_say() -> None:
    own = strip.Mark(20.0, "own", "Bristol")
    chart = strip_chart([*marks(10.0, 30.0), own, *marks(15.0, place="neighbour")])
    svg = ET.fromstring(strip.draw(chart, 800))
    ticks = sorted(number(part, "x1") for part in parts(svg, "line", stroke=PALE))
    (dot,) = parts(svg, "circle", fill=SAVE)
    (neighbour,) = parts(svg, "circle", fill=INK)
    x = number(dot, "cx")
    assert len(ticks) == 2
    assert x == pytest.approx(sum(ticks) / 2, abs=SLACK)
    assert number(neighbour, "cx") == pytest.approx((ticks[0] + x) / 2, abs=SLACK)
    (bar,) = [p for p in parts(svg, "line", stroke=SAVE) if p.get("y1") == p.get("y2")]
    one = (ticks[1] - ticks[0]) / 20
    assert number(bar, "x1") == pytest.approx(x - 2 * one, abs=SLACK)
    assert number(bar, "x2") == pytest.approx(x + 4 * one, abs=SLACK)
    (median,) = [p for p in parts(svg, "line", stroke=INK) if p.get("stroke-dasharray")]
    assert number(median, "x1") == pytest.approx(x - 5 * one, abs=SLACK)
    assert {"Bristol ~20.0", "median ~15.0"} <= set(words_of(svg))


@pytest.mark.parametrize(("lower", "left"), [(True, "← better"), (False, "← worse")])
def test_strip_says_which_end_is_better(lower: bool, left: str) -> None:
    svg = ET.fromstring(strip.draw(strip_chart(marks(1.0), lower_is_better=lower), 320))
    (at_left,) = [part for part in svg.iter(f"{SVG}text") if part.text == left]
    assert at_left.get("x") == "0"
    assert ("worse →" if lower else "better →") in words_of(svg)


def test_strip_seats_equal_neighbours_apart() -> None:
    same = [strip.Mark(5.0, "neighbour", f"Council {i}") for i in range(30)]
    for width in WIDTHS:
        svg = check_inside(strip.draw(strip_chart(same, median=5.0), width))
        check_apart(svg)
        dots = [(number(p, "cx"), number(p, "cy")) for p in parts(svg, "circle")]
        assert len(set(dots)) == 30
        heights = sorted(y for _, y in dots)
        assert all(b - a >= 9 for a, b in pairwise(heights))
        assert not parts(svg, "circle", fill=SAVE)
        assert 0 < sum(words.startswith("Council") for words in words_of(svg)) < 30


@pytest.mark.parametrize("at", [0.0, 100.0])
@pytest.mark.parametrize("width", WIDTHS)
def test_strip_names_the_own_council_at_either_end(at: float, width: int) -> None:
    own = strip.Mark(at, "own", "Bournemouth, Christchurch and Poole")
    others = marks(*range(1, 100))
    chart = strip_chart([*others, own], low=None, high=None, median=None)
    svg = check_inside(strip.draw(chart, width))
    assert tenth(at) in " ".join(words_of(svg))
    assert len(parts(svg, "circle", fill=SAVE)) == 1


def own_line(svg: ET.Element) -> list[list[tuple[float, float]]]:
    return [points_of(part) for part in parts(svg, "polyline", stroke=SAVE)]


@pytest.mark.parametrize("width", WIDTHS)
def test_band_stands_where_the_values_say(width: int) -> None:
    svg = check_inside(band.draw(band_chart(), width))
    check_apart(svg)
    (line,) = own_line(svg)
    dots = [(number(p, "cx"), number(p, "cy")) for p in parts(svg, "circle", fill=SAVE)]
    assert set(line) <= set(dots)
    steps = [b[0] - a[0] for a, b in pairwise(line)]
    rises = [a[1] - b[1] for a, b in pairwise(line)]
    assert steps == pytest.approx([steps[0]] * 3, abs=2 * SLACK)
    assert rises == pytest.approx([rises[0]] * 3, abs=2 * SLACK)
    (zero,) = parts(svg, "line", stroke=INK, stroke_width="1")
    assert number(zero, "y1") - line[0][1] == pytest.approx(rises[0], abs=2 * SLACK)
    (area,) = parts(svg, "polygon", fill=BAND)
    heights = {y for _, y in points_of(area)}
    assert max(heights) - min(heights) == pytest.approx(4 * rises[0], abs=4 * SLACK)
    names = " ".join(words_of(svg))
    for words in ("Bristol, ~4.0", "median, ~4.0", "England, ~3.0", "middle half"):
        assert words in names


def test_band_breaks_where_a_year_has_no_figure() -> None:
    chart = band_chart((1.0, None, 3.0, None), low=(1.0, None, 1.0, 1.0), others=())
    svg = ET.fromstring(band.draw(chart, 800))
    assert own_line(svg) == []
    assert len(parts(svg, "circle", fill=SAVE)) == 2
    assert len(parts(svg, "polygon", fill=BAND)) == 2
    whole = ET.fromstring(band.draw(band_chart((1.0, 2.0, None, 4.0)), 800))
    assert [len(line) for line in own_line(whole)] == [2]
    assert len(parts(whole, "circle", fill=SAVE)) == 3


def test_band_grows_for_later_figures() -> None:
    svg = check_inside(band.draw(band_chart(later=((2025, 3.0),), others=()), 800))
    (hollow,) = parts(svg, "circle", stroke=SAVE)
    (line,) = own_line(svg)
    step = line[1][0] - line[0][0]
    assert number(hollow, "cx") == pytest.approx(line[-1][0] + 2 * step, abs=4 * SLACK)
    assert number(hollow, "cy") == pytest.approx(line[2][1], abs=SLACK)
    assert {"own count, ~3.0", "2025"} <= set(words_of(svg))


def test_band_says_where_the_own_council_has_no_figure() -> None:
    svg = check_inside(band.draw(band_chart((None,) * 4), 320))
    assert "Bristol: not published" in words_of(svg)


def test_other_lines_are_dashed_each_in_its_way() -> None:
    svg = ET.fromstring(band.draw(band_chart(), 800))
    dashes = {part.get("stroke-dasharray") for part in parts(svg, "polyline", stroke=SOFT)}
    assert len(dashes) == 2
    assert None not in dashes


@pytest.mark.parametrize(("width", "columns"), [(280, 1), (419, 1), (420, 2), (639, 2), (640, 3)])
def test_panels_stand_in_columns(width: int, columns: int) -> None:
    panels = [small.Panel(f"Panel {i}", (1, 2, 3, 4), (2, 2, 2, 2), tenth) for i in range(6)]
    svg = check_inside(small.draw(small_chart(panels), width))
    check_apart(svg)
    titles = [p for p in svg.iter(f"{SVG}text") if (p.text or "").startswith("Panel")]
    assert len({part.get("x") for part in titles}) == columns
    assert len({part.get("y") for part in titles}) == 6 // columns


def test_panel_starts_at_nought_and_names_its_last_value() -> None:
    panel = small.Panel("Rate", (1.0, 2.0, 3.0, 4.0), (None, None, 2.0, None), tenth)
    svg = ET.fromstring(small.draw(small_chart([panel]), 320))
    (line,) = own_line(svg)
    (base,) = parts(svg, "line", stroke=SOFT)
    rise = line[0][1] - line[1][1]
    assert number(base, "y1") - line[0][1] == pytest.approx(rise, abs=2 * SLACK)
    assert parts(svg, "circle", fill=INK)  # a single figure is a dot
    assert {"Rate", "~4.0", "~2.0", "2020", "2023"} <= set(words_of(svg))


def test_panel_breaks_and_says_what_is_not_published() -> None:
    panels = [
        small.Panel("Gap", (1.0, 2.0, None, 4.0), (), tenth),
        small.Panel("None", (None,) * 4, (None,) * 4, tenth),
    ]
    svg = ET.fromstring(small.draw(small_chart(panels), 800))
    assert [len(line) for line in own_line(svg)] == [2]
    assert words_of(svg).count("not published") == 1


def test_chosen_panel_is_underlined() -> None:
    panels = [small.Panel(name, (1, 2), (), tenth) for name in ("One", "Two")]
    chart = small.SmallChart("k", "t", "r", YEARS, panels, "own", "", 1)
    svg = ET.fromstring(small.draw(chart, 800))
    (mark,) = parts(svg, "line", stroke=SAVE, stroke_width="3")
    (title,) = [part for part in svg.iter(f"{SVG}text") if part.text == "Two"]
    assert mark.get("x1") == title.get("x")


def test_scatter_stands_where_the_values_say() -> None:
    dots = [
        scatter.Point(0.0, 0.0, "other"),
        scatter.Point(10.0, 20.0, "other"),
        scatter.Point(5.0, 5.0, "own", "Bristol"),
        scatter.Point(2.5, 10.0, "neighbour", "Leeds"),
    ]
    for width in WIDTHS:
        svg = check_inside(scatter.draw(scatter_chart(dots), width))
        first, last = parts(svg, "circle", fill=PALE)
        (own,) = parts(svg, "circle", fill=SAVE)
        (near,) = parts(svg, "circle", fill=INK)
        wide = number(last, "cx") - number(first, "cx")
        high = number(first, "cy") - number(last, "cy")
        assert number(own, "cx") == pytest.approx(number(first, "cx") + wide / 2, abs=SLACK)
        assert number(own, "cy") == pytest.approx(number(first, "cy") - high / 4, abs=SLACK)
        assert number(near, "cx") == pytest.approx(number(first, "cx") + wide / 4, abs=SLACK)
        assert number(near, "cy") == pytest.approx(number(first, "cy") - high / 2, abs=SLACK)
        assert {"Bristol", "Leeds", "~0.0", "~10.0", "Up", "Across"} <= set(words_of(svg))


def test_scatter_leaves_out_names_without_room() -> None:
    crowd = [scatter.Point(5.0, 5.0, "neighbour", f"Neighbour {i}") for i in range(40)]
    svg = check_inside(scatter.draw(scatter_chart([*crowd, scatter.Point(5, 5, "own", "Us")]), 320))
    check_apart(svg)
    assert "Us" in words_of(svg)
    assert 0 < sum(words.startswith("Neighbour") for words in words_of(svg)) < 40


BINS = [spread.Bin(low, low + 2.0, 4) for low in (-4.0, -2.0, 0.0, 2.0)]


def filled(svg: ET.Element) -> tuple[float, float]:
    """Tell from where to where bars are filled."""
    bars = parts(svg, "rect", fill=SAVE)
    ends = [(number(p, "x"), number(p, "x") + number(p, "width")) for p in bars]
    return min(start for start, _ in ends), max(end for _, end in ends)


@pytest.mark.parametrize("claim", [-1.0, 1.0])
@pytest.mark.parametrize("width", WIDTHS)
def test_spread_fills_the_side_of_the_claim(claim: float, width: int) -> None:
    svg = check_inside(spread.draw(spread_chart(BINS, claim, 0.5), width))
    check_apart(svg)
    grey = parts(svg, "rect", fill=PALE)
    start = min(number(part, "x") for part in grey)
    end = max(number(part, "x") + number(part, "width") for part in grey)
    one = (end - start) / 8
    middle = (start + end) / 2
    (line,) = parts(svg, "line", stroke=SAVE)
    assert number(line, "x1") == pytest.approx(middle + claim * one, abs=1)
    expected = (start, middle - one) if claim < 0 else (middle + one, end)
    assert filled(svg) == pytest.approx(expected, abs=1.1)
    (mean,) = [p for p in parts(svg, "line", stroke=INK) if p.get("stroke-dasharray")]
    assert number(mean, "x1") == pytest.approx(middle + 0.5 * one, abs=1)
    assert "no change" in words_of(svg)
    assert f"claimed {tenth(claim)}" in words_of(svg)
    assert "mean ~0.5" in words_of(svg)


def test_spread_fills_whole_bars_at_the_claim_itself() -> None:
    svg = ET.fromstring(spread.draw(spread_chart(BINS, -2.0), 800))
    whole = [part for part in parts(svg, "rect", fill=SAVE) if number(part, "width") > 2]
    assert len(whole) == 1


@pytest.mark.parametrize("claim", [None, 0.0, -9.0, 9.0])
def test_spread_fills_nothing_without_a_case_beyond_the_claim(claim: float | None) -> None:
    svg = check_inside(spread.draw(spread_chart(BINS, claim), 320))
    assert not parts(svg, "rect", fill=SAVE)


def test_spread_bars_are_as_high_as_their_counts() -> None:
    bins = [spread.Bin(-1, 0, 2), spread.Bin(0, 1, 6)]
    svg = ET.fromstring(spread.draw(spread_chart(bins), 800))
    low, high = (number(part, "height") for part in parts(svg, "rect", fill=PALE))
    assert high == pytest.approx(3 * low, abs=0.3)
    assert {"0", "2", "4", "6"} <= set(words_of(svg))


# Any numbers at all: drawing never raises and never leaves the paper.

EDGES = st.sampled_from([0.0, -0.0, 1.0, 1e-12, 5e-324, 1e12, -1e12, float("nan"), float("inf")])
NUMBER = st.one_of(EDGES, st.floats(-1e12, 1e12), st.floats(0, 1))
MAYBE = st.one_of(st.none(), NUMBER)
PLACES: st.SearchStrategy[Place] = st.sampled_from(("own", "neighbour", "other"))
LABEL = st.sampled_from(["", "Leeds", LONG, "x" * 90])
WIDTH = st.sampled_from((280, 320, 419, 520, 760, 800))
SERIES = st.lists(MAYBE, min_size=0, max_size=4)
ANY = settings(max_examples=150, deadline=None)


@ANY
@given(st.lists(st.builds(strip.Mark, NUMBER, PLACES, LABEL), max_size=25), MAYBE, MAYBE, WIDTH)
def test_any_strip_is_drawn(some: list[strip.Mark], low: float, median: float, width: int) -> None:
    check_inside(strip.draw(strip_chart(some, low=low, high=low, median=median), width))
    chart = strip_chart(some, low=low, high=median, median=low, words=LONG)
    check_apart(check_inside(strip.draw(chart, width)))


@ANY
@given(
    st.lists(SERIES, min_size=6, max_size=6),
    st.lists(st.tuples(st.integers(2018, 2030), NUMBER), max_size=4),
    LABEL,
    WIDTH,
)
def test_any_band_is_drawn(
    lines: list[list[float | None]], later: list[tuple[int, float]], words: str, width: int
) -> None:
    own, middle, low, high, *others = lines
    chart = band_chart(
        own, middle=middle, low=low, high=high, others=others, later=later, words=words
    )
    check_apart(check_inside(band.draw(chart, width)))


@ANY
@given(st.lists(st.tuples(SERIES, SERIES, LABEL, LABEL), max_size=7), WIDTH)
def test_any_panels_are_drawn(
    some: list[tuple[list[float | None], list[float | None], str, str]], width: int
) -> None:
    panels = [small.Panel(label, own, middle, tenth, note) for own, middle, label, note in some]
    check_apart(check_inside(small.draw(small_chart(panels, LONG), width)))


@ANY
@given(st.lists(st.builds(scatter.Point, NUMBER, NUMBER, PLACES, LABEL), max_size=25), WIDTH)
def test_any_scatter_is_drawn(some: list[scatter.Point], width: int) -> None:
    check_apart(check_inside(scatter.draw(scatter_chart(some, LONG), width)))


@ANY
@given(
    st.lists(st.builds(spread.Bin, NUMBER, NUMBER, st.integers(0, 10**9)), max_size=12),
    MAYBE,
    MAYBE,
    LABEL,
    WIDTH,
)
def test_any_spread_is_drawn(
    bins: list[spread.Bin], claim: float | None, mean: float | None, words: str, width: int
) -> None:
    check_apart(check_inside(spread.draw(spread_chart(bins, claim, mean, words), width)))
