"""The fields of one measure of a plan: its money, its effects, when it works, who pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from retention_lib.assumptions import Assumption, register
from retention_lib.plans.adding import fresh
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.differences import case_of
from retention_lib.plans.plan import MONTHS, SHARES, YEARS, Effect, Measure, Plan, Quantity, Route
from retention_lib.plans.words import QUANTITY_WORDS
from retention_lib.plans.years import month_name, year_labels
from retention_lib.units import UNITS, Unit
from retention_lib.views.fields import Choice, Field, Known, choice_field, number_field
from retention_lib.workforce.engine import Band

MOST_LEVERS = 8
_NEVER = "never"
_NOTHING = "nothing"
_EFFECT_UNITS: Mapping[str, Unit] = {
    "posts": Unit("posts", after=" posts", decimals=1),
    "recruits": Unit("people a year", after=" people a year", decimals=1),
    "staff_per_manager": Unit("posts for each", after=" posts", decimals=1),
}
_EFFECT_ENDS: Mapping[str, tuple[float, float, float]] = {
    "posts": (0.0, 60.0, 1.0),
    "recruits": (0.0, 40.0, 0.5),
    "staff_per_manager": (3.0, 15.0, 0.5),
    "newly_qualified_load": (0.0, 1.0, 0.0125),
}
_SHARE_ENDS = (0.0, 0.5, 0.005)
_OWN_CHANGES: tuple[tuple[str, str, Quantity, Route | None], ...] = (
    ("leaving", "Fewer people leave", "leaving", None),
    ("recruits_experienced", "Experienced people join", "recruits", "experienced"),
    ("recruits_new", "Newly qualified people join", "recruits", "newly_qualified"),
    ("posts", "More posts", "posts", None),
    ("demand", "Fewer open cases", "demand", None),
    ("capacity", "Time is given back", "capacity", None),
    ("agency_cover", "Less of the vacancies is covered by agency staff", "agency_cover", None),
    ("agency_price", "Agency staff cost less", "agency_price", None),
)


@dataclass(frozen=True)
class Shown:
    """A number of a measure: its label, unit, the slider's ends and step, and what it is."""

    label: str
    unit: Unit
    ends: tuple[float, float, float]
    about: str
    source: str = ""


def drawn_field(path: str, shown: Shown, start: float, tag: str = "") -> Field:
    """Draw a number that no entry of the register stands behind."""
    unit = shown.unit
    low, high, step = shown.ends
    screen_step = unit.to_screen(step)
    decimals = len(f"{screen_step:.6f}".rstrip("0").split(".")[1])
    return {
        "kind": "number",
        "path": path,
        "label": shown.label,
        "before": unit.before,
        "after": unit.after,
        "min": unit.to_screen(min(low, start)),
        "max": unit.to_screen(max(high, start)),
        "step": screen_step,
        "decimals": max(unit.decimals, decimals),
        "start": unit.to_screen(start),
        "start_text": unit.text(start),
        "tag": tag,
        "source": shown.source,
        "holds": False,
        "about": [("What it is", shown.about)],
        "reasoned": True,
    }


def begun_measure(plan: Plan, begun: Plan, index: int) -> Measure:
    """Find what a measure was when the plan began, or when it was put in."""
    kind = plan.measures[index].kind
    before = sum(measure.kind == kind for measure in plan.measures[:index])
    same = [measure for measure in begun.measures if measure.kind == kind]
    return same[before] if before < len(same) else fresh(plan, kind)


def begun_number(plan: Plan, begun: Plan, path: str) -> float | None:
    """Give what a number of a measure was when the plan began, None where it had none."""
    place, inner = path.split(".", 2)[1:]
    index = int(place)
    started = begun_measure(plan, begun, index)
    if inner.startswith("effects."):
        effect = int(inner.split(".")[1])
        now, then = plan.measures[index].effects, started.effects
        if effect >= len(then) or now[effect].on != then[effect].on:
            return 0.0  # something else was chosen: it begins at nothing
    return number_in(started, inner)


def main_path(plan: Plan, index: int) -> str | None:
    """Name the one number of a measure that stands among the levers: how large it is."""
    measure = plan.measures[index]
    if measure.incentive is not None:
        flat = measure.incentive.scheme.amount.flat is not None
        name = "flat" if flat else "percent_of_salary"
        return f"measures.{index}.incentive.scheme.amount.{name}"
    return f"measures.{index}.effects.0.central" if measure.effects else None


def levers(plan: Plan, begun: Plan) -> list[Field]:
    """Draw one lever for each of the first measures."""
    found = []
    for index in range(min(MOST_LEVERS, len(plan.measures))):
        path = main_path(plan, index)
        if path is not None:
            name = plan.measures[index].name
            field = _measure_field(plan, begun, index, path)
            found.append({**field, "label": f"{name}: {_lower(field['label'])}"})
    return found


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def measure_fields(plan: Plan, begun: Plan, index: int) -> list[Field]:
    """Draw everything else that can be set of one measure."""
    measure = plan.measures[index]
    base = f"measures.{index}"
    main = main_path(plan, index) if index < MOST_LEVERS else None
    paths = [*(f"{base}.money.{year}" for year in range(YEARS))]
    if measure.per_staff_year or measure.kind == OWN:
        paths += [f"{base}.per_staff_year", f"{base}.staff_share"]
    if measure.per_recruit or measure.kind == OWN:
        paths.append(f"{base}.per_recruit")
    fields = [_text_field(plan, index)] if measure.kind == OWN else []
    if measure.kind == OWN:
        fields += [choice_field(own_change(index), plan)]
    for place in range(len(measure.effects)):
        paths += [f"{base}.effects.{place}.{end}" for end in ("central", "low", "high")]
    if measure.incentive is not None:
        paths += [path for _, path in _incentive_rows(plan, index)]
    fields += [_measure_field(plan, begun, index, path) for path in paths if path != main]
    return [*fields, *(choice_field(choice, plan) for choice in measure_choices(plan, index))]


def _incentive_rows(plan: Plan, index: int) -> Iterator[tuple[Assumption, str]]:
    """List the numbers of a payment, each with the entry that the incentives form has for it."""
    base = f"measures.{index}.incentive"
    pairs = [("groups.*.headcount", f"{base}.eligible"), ("groups.*.salary", f"{base}.salary")]
    pairs += [
        (row.path, f"{base}.{row.path}")
        for row in register().on_forms()
        if row.path and row.path.startswith(("scheme.", "effect."))
    ]
    for entry, path in pairs:
        row = register().behind(entry)
        if row is not None and isinstance(plan.at(path), (int, float)):
            yield row, path


def incentive_row(plan: Plan, index: int, path: str) -> Assumption | None:
    """Find the entry of the incentives form behind a number of a payment."""
    return {found: row for row, found in _incentive_rows(plan, index)}.get(path)


def _measure_field(plan: Plan, begun: Plan, index: int, path: str) -> Field:
    """Draw one number of a measure."""
    measure, start = plan.measures[index], begun_number(plan, begun, path)
    inner = path.split(".", 2)[2]
    case = case_of(plan)
    row = incentive_row(plan, index, path)
    if row is not None:
        now = number_in(measure, inner) or 0.0
        return number_field(row, path, now if start is None else start, Known(case))
    shown = shown_of(plan, path)
    origin = case.origin(path) if case else None
    if origin is not None:
        words, is_given = origin
        shown = replace(shown, source=words)
        return drawn_field(path, shown, start or 0.0, "Source" if is_given else "Our guess")
    return drawn_field(path, shown, start or 0.0)


def number_in(measure: Measure, inner: str) -> float | None:
    """Give a number of a measure by its field, None where it has none."""
    value: Any = measure.model_dump(mode="json")
    for part in inner.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
    return float(value) if isinstance(value, (int, float)) else None


def shown_of(plan: Plan, path: str) -> Shown:
    """Say how a number of a measure is shown."""
    index, inner = path.split(".", 2)[1:]
    measure = plan.measures[int(index)]
    first, _, rest = inner.partition(".")
    known = catalogue().get(measure.kind)
    if first == "money":
        label = year_labels(plan)[int(rest)]
        return Shown(
            f"Money in {label}",
            UNITS["pounds"],
            (0.0, 2_000_000.0, 1_000.0),
            "Cash of that year, beside what the model works out (the pay of posts, payments).",
            known.money_source if known else "Yours",
        )
    if first == "effects":
        return _effect_shown(measure, rest)
    return {
        "per_staff_year": Shown(
            "For each person in post, a year",
            UNITS["pounds a year"],
            (0.0, 10_000.0, 10.0),
            "Paid for as long as the measure runs, with on-costs.",
            known.money_source if known else "Yours",
        ),
        "staff_share": Shown(
            "Share of staff it reaches",
            UNITS["share"],
            (0.0, 1.0, 0.01),
            "Its effect on leaving is confined to them too.",
        ),
        "per_recruit": Shown(
            "For each person it brings",
            UNITS["pounds"],
            (0.0, 30_000.0, 100.0),
            "Beside advertising, selection and induction, which every joiner costs.",
            known.money_source if known else "Yours",
        ),
    }[first]


def _same(effect: Effect) -> tuple[Quantity, Route | None, tuple[Band, ...]]:
    """Say what makes two effects of a measure bear the same name."""
    return effect.on, effect.route, effect.bands


def _effect_shown(measure: Measure, rest: str) -> Shown:
    place, _, end = rest.partition(".")
    effect = measure.effects[int(place)]
    unit = UNITS["share"] if effect.on in SHARES else _EFFECT_UNITS[effect.on]
    ends = _EFFECT_ENDS.get(effect.on, _SHARE_ENDS)
    what = QUANTITY_WORDS[effect.on]
    if effect.on == "leaving" and effect.bands:
        what += f" of the {' and '.join(effect.bands).replace('_', ' ')}"
    if effect.route is not None:
        what += f" ({effect.route.replace('_', ' ')})"
    alike = [e for e in measure.effects if (e.on, e.route, e.bands) == _same(effect)]
    if len(alike) > 1:
        what += f", from {effect.lag} months after it starts" if effect.lag else ", from its start"
    words = {"central": what, "low": f"{what}, at the least", "high": f"{what}, at the most"}[end]
    known = catalogue().get(measure.kind)
    has_source = known is not None and int(place) < len(known.sources)
    source = known.sources[int(place)] if known is not None and has_source else "Yours"
    about = "A share of what it would be without the measure, while it works in full."
    if effect.on not in SHARES or effect.on == "newly_qualified_load":
        about = "How many, while the measure works in full."
    return Shown(words[:1].upper() + words[1:], unit, ends, about, source)


def measure_choices(plan: Plan, index: int) -> tuple[Choice[Plan], ...]:
    """Make the choices of one measure: when it starts, builds up and ends, what kind of money."""
    base = f"measures.{index}"

    def months(label: str, name: str, options: list[tuple[str, str]]) -> Choice[Plan]:
        return Choice(
            f"{base}.{name}",
            label,
            lambda _: options,
            lambda now: (
                _NEVER if now.at(f"{base}.{name}") is None else str(now.at(f"{base}.{name}"))
            ),
            lambda now, value: now.but({f"{base}.{name}": None if value == _NEVER else int(value)}),
        )

    measure = plan.measures[index]
    starts = sorted({*range(0, MONTHS, 3), measure.start})
    builds = sorted({0, 3, 6, 12, 18, 24, 36, measure.ramp})
    ends = sorted({*range(6, MONTHS + 1, 6), *([measure.end] if measure.end else [])})
    return (
        months("It starts in", "start", [(str(m), month_name(plan, m)) for m in starts]),
        months(
            "It works in full after",
            "ramp",
            [(str(m), f"{m} months" if m else "at once") for m in builds],
        ),
        months(
            "It ends after",
            "end",
            [
                (_NEVER, "It goes on"),
                *((str(m), month_name(plan, m - 1)) for m in ends if m > measure.start),
            ],
        ),
        Choice(
            f"choose.{base}.money",
            "Its money is",
            lambda _: [
                ("continuing", "Revenue, every year"),
                ("one_off", "Revenue, one-off"),
                ("capital", "Capital"),
            ],
            lambda now: _money_kind(now.measures[index]),
            lambda now, kind: now.but(
                {f"{base}.capital": kind == "capital", f"{base}.one_off": kind == "one_off"}
            ),
        ),
        Choice(
            f"{base}.funded_by",
            "Paid by",
            lambda _: [("council", "The council"), ("elsewhere", "Somebody else: a grant")],
            lambda now: now.measures[index].funded_by,
            lambda now, who: now.but({f"{base}.funded_by": who}),
        ),
    )


def _money_kind(measure: Measure) -> str:
    return "capital" if measure.capital else "one_off" if measure.one_off else "continuing"


def own_change(index: int) -> Choice[Plan]:
    """Make the choice of what a measure of one's own changes."""
    base = f"measures.{index}.effects"

    def now(plan: Plan) -> str:
        effects = plan.measures[index].effects
        if not effects:
            return _NOTHING
        first = effects[0]
        return next(
            (
                key
                for key, _, on, route in _OWN_CHANGES
                if on == first.on and (route is None or route == first.route)
            ),
            _NOTHING,
        )

    def made(plan: Plan, key: str) -> Plan:
        chosen = next((each for each in _OWN_CHANGES if each[0] == key), None)
        if chosen is None:
            return plan.but({base: []})
        _, _, on, route = chosen
        effect = {"on": on, "route": route, "low": 0.0, "central": 0.0, "high": 0.0}
        return plan.but({base: [{k: v for k, v in effect.items() if v is not None}]})

    return Choice(
        f"choose.{base}",
        "What it changes",
        lambda _: [(_NOTHING, "Nothing that is counted"), *((k, t) for k, t, _, _ in _OWN_CHANGES)],
        now,
        made,
    )


def _text_field(plan: Plan, index: int) -> Field:
    return {
        "kind": "text",
        "path": f"measures.{index}.name",
        "label": "Its name",
        "start": plan.measures[index].name,
        "source": "",
        "about": [],
        "reasoned": False,
    }
