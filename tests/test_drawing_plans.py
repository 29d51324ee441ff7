"""Pictures of plans: marks stand where their values say, and words stay on the paper and apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.pictures.drawing import fan, stacks, timeline, yearly
from retention_lib.pictures.drawing.canvas import BACK, BAND, COST, GRID, INK, SAVE, SOFT
from tests.drawn import (
    SLACK,
    SVG,
    check_apart,
    check_inside,
    number,
    parts,
    points_of,
    text_box,
    words_of,
)

NASTY = '<img src=x onerror="alert(1)"> & </text>'
LONG = "A measure for newly qualified social workers with a name that goes on and on for ever"
WIDTHS = (280, 320, 520, 640, 1400)
YEARS = ((0, "Start"), (12, "2026/27"), (24, "2027/28"), (36, "2028/29"))

Drawer = Callable[[float], str]


def tenth(value: float) -> str:
    """Write a value so that a test can tell who wrote it."""
    return f"~{value:.1f}"


def straight(start: float, end: float, months: int = 36) -> list[float]:
    return [start + (end - start) * month / months for month in range(months + 1)]


def fan_chart(
    without: Sequence[float] | None = None,
    with_plan: Sequence[float] | None = None,
    *,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    thresholds: Sequence[tuple[str, float]] = (),
    start: float | None = 0.0,
    words: str = "",
) -> fan.FanChart:
    without = straight(20, 22) if without is None else without
    return fan.FanChart(
        key="f",
        title=words or "Title",
        reading=words or "Reading",
        months=range(len(without)),
        without=without,
        with_plan=straight(20, 16) if with_plan is None else with_plan,
        low=low,
        high=high,
        thresholds=[fan.Threshold(words or label, value) for label, value in thresholds],
        years=[(month, words or label) for month, label in YEARS],
        text=tenth,
        axis=words,
        start=start,
        without_label=words or "Without the plan",
        with_label=words or "With the plan",
        band_label=words or "The band",
    )


def stack_chart(
    segments: Sequence[stacks.Segment] | None = None, times: int = 3, words: str = ""
) -> stacks.StackChart:
    """Make a chart whose bars are 100 high, without and with."""
    kinds: tuple[tuple[str, float, float, stacks.Kind], ...] = (
        ("Seniors", 20, 30, "staff"),
        ("Social workers", 40, 50, "staff"),
        ("Newly qualified", 10, 15, "staff"),
        ("Agency", 20, 3, "agency"),
        ("Uncovered posts", 10, 2, "uncovered"),
    )
    if segments is None:
        segments = [
            stacks.Segment(words or label, [without] * times, [with_plan] * times, kind)
            for label, without, with_plan, kind in kinds
        ]
    return stacks.StackChart(
        key="s",
        title=words or "Title",
        reading=words or "Reading",
        times=[words or label for _, label in YEARS[:times]],
        segments=segments,
        without_label=words or "without",
        with_label=words or "with",
    )


MEASURES = (
    timeline.Measure("Retention payment", 0, 23, 0, ("£60,000", "£240,000", "")),
    timeline.Measure("Smaller caseloads", 6, None, 12, ("£120,000", "£180,000", "£180,000")),
    timeline.Measure("Never whole", 12, 17, 12, ("", "£5,000", "")),
    timeline.Measure("Much later", 40, None, 3, ()),
)


def timeline_chart(
    measures: Sequence[timeline.Measure] = MEASURES, words: str = ""
) -> timeline.TimelineChart:
    if words:
        money = [words] * 3
        measures = [timeline.Measure(words, m.first, m.last, m.ramp, money) for m in measures]
    return timeline.TimelineChart(
        key="t",
        title=words or "Title",
        reading=words or "Reading",
        years=[(month, words or label) for month, label in YEARS],
        measures=measures,
        ramp_label=words or "builds up",
        open_label=f"{words}." if words else "goes on",
        later_label=words or "begins later",
    )


NETS = (-900_000.0, -300_000.0, 600_000.0)


def year_nets(
    nets: Sequence[float] = NETS, spread: float | None = 100_000.0, words: str = ""
) -> list[yearly.YearNet]:
    return [
        yearly.YearNet(
            label=words or f"{2026 + index}/{27 + index}",
            net=net,
            low=None if spread is None else net - spread,
            high=None if spread is None else net + spread,
            cumulative=sum(nets[: index + 1]),
        )
        for index, net in enumerate(nets)
    ]


def yearly_chart(years: Sequence[yearly.YearNet], words: str = "") -> yearly.YearlyChart:
    title = words or "Title"
    if not words:
        return yearly.YearlyChart("y", title, title, years)
    return yearly.YearlyChart("y", title, title, years, words, words, words, words)


def worded(words: str) -> dict[str, Drawer]:
    """Give each kind of picture with the words wherever words go."""
    low, high = straight(19, 14), straight(21, 19)
    levels = (("Limit", 18.0), ("Guide", 17.5), ("Low", 2.0))
    full = fan_chart(low=low, high=high, thresholds=levels, words=words)
    return {
        "fan": lambda w: fan.draw(full, w),
        "stacks": lambda w: stacks.draw(stack_chart(words=words), w),
        "timeline": lambda w: timeline.draw(timeline_chart(words=words), w),
        "yearly": lambda w: yearly.draw(yearly_chart(year_nets(words=words), words), w),
    }


KINDS = tuple(worded("x"))


def text_of(svg: ET.Element, words: str) -> ET.Element:
    (found,) = [part for part in svg.iter(f"{SVG}text") if part.text == words]
    return found


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
    svg = ET.fromstring(drawn)
    assert svg.findtext(f"{SVG}title") == NASTY
    assert "<img" not in drawn
    assert any(words.startswith("<img") for words in words_of(svg))


@pytest.mark.parametrize("kind", KINDS)
def test_equal_input_gives_equal_pictures(kind: str) -> None:
    assert worded("Leeds")[kind](640) == worded("Leeds")[kind](640)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_to_draw_is_said_in_words(width: int) -> None:
    nan = float("nan")
    none = timeline.TimelineChart("t", "Title", "Reading", [(0, "Start")], MEASURES)
    for drawn in (
        fan.draw(fan_chart([], []), width),
        fan.draw(fan_chart([nan], [nan], low=[1.0], high=[2.0]), width),
        stacks.draw(stack_chart(times=0), width),
        stacks.draw(stack_chart([]), width),
        stacks.draw(stack_chart([stacks.Segment("Seniors", [0.0, nan], [-1.0])]), width),
        timeline.draw(timeline_chart([]), width),
        timeline.draw(none, width),
        yearly.draw(yearly_chart([]), width),
        yearly.draw(yearly_chart(year_nets([nan])), width),
    ):
        assert words_of(check_inside(drawn)) == ["No figures to draw."]


# A measure with and without.


def line_of(svg: ET.Element, stroke: str, width: str) -> list[tuple[float, float]]:
    (line,) = parts(svg, "polyline", stroke=stroke, stroke_width=width)
    return points_of(line)


@pytest.mark.parametrize("width", WIDTHS)
def test_fan_stands_where_the_values_say(width: int) -> None:
    chart = fan_chart(low=straight(20, 15), high=straight(20, 18), thresholds=[("Limit", 10.0)])
    svg = checked(fan.draw(chart, width))
    plan, without = line_of(svg, SAVE, "3"), line_of(svg, SOFT, "2.5")
    assert plan[0] == without[0]
    (zero,) = parts(svg, "line", stroke=INK)
    one = (number(zero, "y1") - plan[0][1]) / 20
    assert plan[-1][1] - plan[0][1] == pytest.approx(4 * one, abs=2 * SLACK)
    assert without[0][1] - without[-1][1] == pytest.approx(2 * one, abs=2 * SLACK)
    limit = next(p for p in parts(svg, "line", stroke=COST) if number(p, "x1") > 0)
    assert number(zero, "y1") - number(limit, "y1") == pytest.approx(10 * one, abs=2 * SLACK)
    assert limit.get("stroke-dasharray")
    (area,) = parts(svg, "polygon", fill=BAND)
    ends = [y for x, y in points_of(area) if x == plan[-1][0]]
    assert max(ends) - min(ends) == pytest.approx(3 * one, abs=2 * SLACK)
    steps = [b[0] - a[0] for a, b in pairwise(plan)]
    assert steps == pytest.approx([steps[0]] * 36, abs=2 * SLACK)


@pytest.mark.parametrize("width", WIDTHS)
def test_fan_names_lines_with_their_last_values(width: int) -> None:
    chart = fan_chart(low=straight(19, 15), high=straight(21, 18), thresholds=[("Limit", 10.0)])
    svg = ET.fromstring(fan.draw(chart, width))
    said = words_of(svg)
    if width < 520:
        assert {"With the plan, ~16.0", "Without the plan, ~22.0"} <= set(said)
    else:
        for name, value in (("With the plan", "~16.0"), ("Without the plan", "~22.0")):
            assert said[said.index(name) + 1] == value
    assert {"The band", "Limit, ~10.0", "Start"} <= set(said)
    assert "2028/29" in said or "28/29" in said


@pytest.mark.parametrize("width", WIDTHS)
def test_fan_names_years_under_their_months(width: int) -> None:
    svg = ET.fromstring(fan.draw(fan_chart(), width))
    plan = line_of(svg, SAVE, "3")
    label = next(p for p in svg.iter(f"{SVG}text") if (p.text or "").endswith("27/28"))
    assert number(label, "x") == pytest.approx(plan[24][0], abs=SLACK)
    rules = [p for p in parts(svg, "line", stroke=GRID) if p.get("x1") == p.get("x2")]
    assert [number(p, "x1") for p in rules] == [plan[m][0] for m in (0, 12, 24, 36)]


def test_fan_without_a_band_is_two_lines() -> None:
    svg = checked(fan.draw(fan_chart(), 640))
    assert not parts(svg, "polygon")
    assert not parts(svg, "polyline", stroke=BACK)
    assert len(parts(svg, "polyline")) == 2
    assert "The band" not in words_of(svg)
    assert not parts(svg, "line", stroke=COST)


def test_fan_tells_its_lines_apart_without_colour() -> None:
    svg = ET.fromstring(fan.draw(fan_chart(thresholds=[("A", 3.0), ("B", 9.0)]), 640))
    lines = [*parts(svg, "polyline"), *parts(svg, "line", stroke=COST)]
    assert len({part.get("stroke-dasharray") for part in lines}) == 4


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("gap", [0.0, 0.1, -0.1])
def test_fan_names_close_lines_apart(width: int, gap: float) -> None:
    line = straight(20, 20)
    near = [value + gap for value in line]
    levels = [("Limit", 20.0), ("Another limit", 20.1), ("A third", 19.9)]
    svg = checked(fan.draw(fan_chart(line, near, low=line, high=line, thresholds=levels), width))
    assert {"Limit, ~20.0", "Another limit, ~20.1", "A third, ~19.9"} <= set(words_of(svg))


@pytest.mark.parametrize(("start", "least"), [(0.0, "~0.0"), (10.0, "~10.0"), (None, "~16.0")])
def test_fan_axis_starts_where_it_is_told(start: float | None, least: str) -> None:
    svg = checked(fan.draw(fan_chart(start=start), 640))
    said = [words for words in words_of(svg) if words.startswith("~")]
    assert said[0] == least


def test_fan_breaks_where_a_month_has_no_figure() -> None:
    svg = ET.fromstring(fan.draw(fan_chart([1.0, 2.0, float("nan"), 4.0], [1.0] * 4), 640))
    assert len(line_of(svg, SOFT, "2.5")) == 2
    assert len(parts(svg, "circle", fill=SOFT)) == 1


# Staff by experience.


def bars_of(svg: ET.Element, along: str, fill: str) -> list[float]:
    """Give the sizes of the bars' parts of one fill, without the samples beside their names."""
    return [number(p, along) for p in parts(svg, "rect", fill=fill) if number(p, "height") != 14]


@pytest.mark.parametrize(("width", "along"), [(320, "width"), (640, "height"), (1400, "height")])
def test_stacks_are_as_long_as_their_values(width: int, along: str) -> None:
    svg = checked(stacks.draw(stack_chart(times=2), width))
    seniors = bars_of(svg, along, SAVE)
    workers = bars_of(svg, along, BACK)
    assert len(seniors) == 4
    one = seniors[0] / 20
    assert seniors == pytest.approx([20 * one, 30 * one] * 2, abs=0.3)
    assert workers == pytest.approx([40 * one, 50 * one] * 2, abs=0.3)
    across = "x" if along == "width" else "y"
    starts = [p for p in parts(svg, "rect", fill=SAVE) if number(p, "height") != 14]
    if across == "x":
        assert len({number(p, "x") for p in starts}) == 1
    else:
        assert len({round(number(p, "y") + number(p, "height")) for p in starts}) == 1


@pytest.mark.parametrize("times", [1, 2, 4])
@pytest.mark.parametrize("width", WIDTHS)
def test_stacks_name_every_part_and_time(width: int, times: int) -> None:
    svg = checked(stacks.draw(stack_chart(times=times), width))
    said = words_of(svg)
    for label in ("Seniors", "Social workers", "Newly qualified", "Agency", "Uncovered posts"):
        assert sum(words.split(",")[0] == label for words in said) == 1
    assert {label for _, label in YEARS[:times]} <= set(said)
    assert said.count("without") == said.count("with") == times
    assert {"20", "30", "40", "50"} <= set(said)


def test_stacks_lie_down_where_they_have_too_little_room() -> None:
    many = stacks.StackChart("s", "t", "r", ["2026/27"] * 9, stack_chart(times=9).segments)
    for width in (320, 640):
        svg = checked(stacks.draw(many, width))
        assert len({number(p, "y") for p in parts(svg, "rect", fill=SAVE)}) == 19
    svg = checked(stacks.draw(many, 1400))
    assert len({number(p, "x") for p in parts(svg, "rect", fill=SAVE)}) == 18


@pytest.mark.parametrize("width", [320, 640])
def test_stacks_hatch_agency_and_uncovered_posts_each_in_its_way(width: int) -> None:
    svg = ET.fromstring(stacks.draw(stack_chart(times=1), width))
    leans = set()
    for part in parts(svg, "polyline"):
        points = points_of(part)
        slopes = [(b[0] - a[0]) * (b[1] - a[1]) for a, b in pairwise(points)]
        if len(points) != 5:
            leans.add((part.get("stroke"), sum(slopes) < 0))
    assert len(leans) == 2
    assert {lean for _, lean in leans} == {True, False}


def test_stacks_write_small_numbers_beside_the_name() -> None:
    svg = ET.fromstring(stacks.draw(stack_chart(times=2), 640))
    assert {"Agency, 3", "Uncovered posts, 2"} <= set(words_of(svg))


def test_more_staff_than_tones_are_still_drawn() -> None:
    some = [stacks.Segment(f"Kind {i}", [5.0], [5.0]) for i in range(12)]
    for width in WIDTHS:
        svg = checked(stacks.draw(stack_chart(some, times=1), width))
        assert sum(words.startswith("Kind") for words in words_of(svg)) == 12


# Who gets what when.


def spans(svg: ET.Element) -> tuple[float, float]:
    """Give where the months begin and how wide one is, from the rules between the years."""
    rules = [p for p in parts(svg, "line", stroke=GRID) if p.get("x1") == p.get("x2")]
    xs = sorted({number(p, "x1") for p in rules})
    assert len(xs) == 4
    return xs[0], (xs[-1] - xs[0]) / 36


@pytest.mark.parametrize("width", WIDTHS)
def test_timeline_bars_stand_at_their_months(width: int) -> None:
    svg = checked(timeline.draw(timeline_chart(), width))
    start, month = spans(svg)
    bar = next(p for p in parts(svg, "rect", fill=SAVE) if number(p, "width") > 20)
    assert number(bar, "x") == pytest.approx(start, abs=SLACK)
    assert number(bar, "width") == pytest.approx(24 * month, abs=2 * SLACK)
    slopes = [points_of(p) for p in parts(svg, "polygon", fill=SAVE)]
    rising = next(points for points in slopes if len(points) == 5 and points[0][0] > start)
    at = [(x - start) / month for x, _ in rising]
    assert at == pytest.approx([6, 6, 18, 36, 36], abs=0.1)
    assert rising[2][1] == rising[3][1] == rising[0][1] - 14
    never = slopes[-1]
    assert [(x - start) / month for x, _ in never] == pytest.approx([12, 12, 18, 18, 18], abs=0.1)
    assert never[0][1] - never[-2][1] == pytest.approx(7, abs=SLACK)


@pytest.mark.parametrize("width", WIDTHS)
def test_timeline_says_names_years_and_money(width: int) -> None:
    said = " | ".join(words_of(ET.fromstring(timeline.draw(timeline_chart(), width))))
    for measure in MEASURES:
        assert measure.label in said
        for words in measure.money:
            assert words in said
    for words in ("2026/27", "2028/29", "builds up", "goes on", "begins later"):
        assert words in said
    assert "Start" not in said


def test_timeline_writes_money_in_its_year() -> None:
    svg = ET.fromstring(timeline.draw(timeline_chart(), 640))
    start, month = spans(svg)
    x_0, _, x_1, _ = text_box(text_of(svg, "£240,000"))
    assert start + 12 * month < x_0 < x_1 < start + 24 * month
    much = "£1,234,567,890,123"
    narrow = words_of(ET.fromstring(timeline.draw(timeline_chart(words=much), 320)))
    assert f"{much}: {much}" in narrow


@pytest.mark.parametrize(
    ("last", "arrows"), [(None, 1), (36, 1), (99, 1), (35, 0), (10, 0)], ids=str
)
def test_timeline_arrow_goes_on_only_where_there_is_no_end(last: int | None, arrows: int) -> None:
    svg = checked(timeline.draw(timeline_chart([timeline.Measure("A", 3, last)]), 640))
    heads = parts(svg, "polygon", fill=SAVE)
    assert len(heads) == 2 * arrows  # the other is the sample
    assert ("goes on" in words_of(svg)) == bool(arrows)
    assert "builds up" not in words_of(svg)
    if arrows:
        start, month = spans(svg)
        assert max(x for x, _ in points_of(heads[-1])) > start + 36 * month


def test_timeline_puts_names_above_the_bars_where_it_is_narrow() -> None:
    for width, above in ((320, True), (640, False)):
        svg = ET.fromstring(timeline.draw(timeline_chart(MEASURES[:1]), width))
        bar = next(p for p in parts(svg, "rect", fill=SAVE) if number(p, "width") > 20)
        name = text_box(text_of(svg, "Retention payment"))
        assert (name[3] < number(bar, "y")) == above
        assert (name[2] < number(bar, "x")) != above


# Net money by year.


@pytest.mark.parametrize("width", WIDTHS)
def test_yearly_bars_and_ranges_stand_where_the_values_say(width: int) -> None:
    svg = checked(yearly.draw(yearly_chart(year_nets()), width))
    first, second = parts(svg, "rect", fill=COST)
    (gain,) = parts(svg, "rect", fill=SAVE)
    one = number(first, "height") / 9
    assert number(second, "height") == pytest.approx(3 * one, abs=0.2)
    assert number(gain, "height") == pytest.approx(6 * one, abs=0.2)
    (zero,) = [p for p in parts(svg, "line", stroke=INK) if p.get("stroke-width") == "1"]
    assert number(first, "y") == number(second, "y") == number(zero, "y1")
    assert number(gain, "y") + number(gain, "height") == pytest.approx(number(zero, "y1"), abs=0.2)
    whiskers = [
        p
        for p in parts(svg, "line", stroke=INK, stroke_width="1.5")
        if p.get("x1") == p.get("x2") and abs(number(p, "y1") - number(p, "y2")) > 10
    ]
    lengths = [abs(number(p, "y1") - number(p, "y2")) for p in whiskers]
    assert lengths == pytest.approx([2 * one] * 3, abs=0.2)
    middle = number(first, "x") + number(first, "width") / 2
    assert number(whiskers[0], "x1") == pytest.approx(middle, abs=SLACK)


@pytest.mark.parametrize("width", WIDTHS)
def test_yearly_writes_thousands_and_sums(width: int) -> None:
    said = words_of(ET.fromstring(yearly.draw(yearly_chart(year_nets()), width)))
    for words in ("−900", "−300", "600", "−1,200", "£ thousand", "All years so far"):
        assert words in said
    assert said.count("−600") == 1
    assert "▲ council gains" in said
    assert "▼ council pays" in said


def test_yearly_without_ranges_or_sums_says_neither() -> None:
    bare = [yearly.YearNet("2026/27", 5_230.0), yearly.YearNet("2027/28", -12_345.0, low=-1.0)]
    svg = checked(yearly.draw(yearly_chart(bare), 640))
    assert not parts(svg, "line", stroke_width="1.5")
    said = words_of(svg)
    assert {"5.2", "−12"} <= set(said)
    assert not any("8 times in 10" in words for words in said)
    assert "All years so far" not in said


def test_yearly_sums_add_up_to_the_thousand() -> None:
    said = words_of(ET.fromstring(yearly.draw(yearly_chart(year_nets([-912e3, -430e3])), 640)))
    assert {"−912", "−430", "−1,342"} <= set(said)


@pytest.mark.parametrize("width", WIDTHS)
def test_yearly_names_the_last_of_many_years(width: int) -> None:
    svg = checked(yearly.draw(yearly_chart(year_nets([-123_456.0 + i for i in range(30)])), width))
    assert {"2055/56", "55/56"} & set(words_of(svg))
    assert len([*parts(svg, "rect", fill=COST)]) == 30


# Any numbers at all: drawing never raises and never leaves the paper.

EDGES = st.sampled_from([0.0, -0.0, 1.0, 1e-12, 5e-324, 1e12, -1e12, float("nan"), float("inf")])
NUMBER = st.one_of(EDGES, st.floats(-1e12, 1e12), st.floats(0, 1))
MAYBE = st.one_of(st.none(), NUMBER)
LABEL = st.sampled_from(["", "Leeds", LONG, "x" * 90])
WIDTH = st.sampled_from((280, 320, 519, 520, 640, 800, 1400))
SERIES = st.lists(NUMBER, max_size=5)
LEVELS = st.lists(st.tuples(LABEL, NUMBER), max_size=3)
MONTH = st.integers(-5, 60)
ANY = settings(max_examples=100, deadline=None)


@ANY
@given(SERIES, SERIES, st.one_of(st.none(), SERIES), SERIES, LEVELS, MAYBE, LABEL, WIDTH)
def test_any_fan_is_drawn(
    without: list[float],
    with_plan: list[float],
    low: list[float] | None,
    high: list[float],
    levels: list[tuple[str, float]],
    start: float | None,
    words: str,
    width: int,
) -> None:
    chart = fan_chart(
        without, with_plan, low=low, high=high, thresholds=levels, start=start, words=words
    )
    checked(fan.draw(chart, width))


@ANY
@given(
    st.lists(
        st.builds(
            stacks.Segment,
            LABEL,
            SERIES,
            SERIES,
            st.sampled_from(("staff", "agency", "uncovered")),
        ),
        max_size=8,
    ),
    st.integers(0, 4),
    WIDTH,
)
def test_any_stacks_are_drawn(some: list[stacks.Segment], times: int, width: int) -> None:
    checked(stacks.draw(stack_chart(some, times), width))


@ANY
@given(
    st.lists(
        st.builds(
            timeline.Measure,
            LABEL,
            MONTH,
            st.one_of(st.none(), MONTH),
            st.integers(0, 50),
            st.lists(LABEL, max_size=4),
        ),
        max_size=6,
    ),
    WIDTH,
)
def test_any_timeline_is_drawn(some: list[timeline.Measure], width: int) -> None:
    checked(timeline.draw(timeline_chart(some), width))


@ANY
@given(
    st.lists(st.builds(yearly.YearNet, LABEL, NUMBER, MAYBE, MAYBE, MAYBE), max_size=12),
    LABEL,
    WIDTH,
)
def test_any_years_are_drawn(some: list[yearly.YearNet], words: str, width: int) -> None:
    checked(yearly.draw(yearly_chart(some, words), width))
