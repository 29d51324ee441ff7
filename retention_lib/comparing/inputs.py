"""What documents hold, field by field, so that the same field of each can stand in one row.

A lever is what a council chooses; an assumption is what nobody knows, or what holds for everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retention_lib.answering import AnyDocument
from retention_lib.assumptions import register
from retention_lib.assumptions_log.chosen import as_register
from retention_lib.comparing.result import LETTERS, NONE, NOT_OF, Row, Side
from retention_lib.documents import leaves
from retention_lib.fairness import is_word
from retention_lib.labels import label_of, value_text
from retention_lib.origins import Origins, of_id
from retention_lib.plans.cases import cases
from retention_lib.plans.differences import AS_PUBLISHED, measure_label, measure_text
from retention_lib.plans.numbers import FIELDS, value_of
from retention_lib.plans.plan import CHOSEN, YEARS, Measure, Plan
from retention_lib.plans.prices import yearly_growth
from retention_lib.presets import presets
from retention_lib.results import Cell
from retention_lib.scenario import Scenario
from retention_lib.units import UNITS, count, payment_text, percent

_NOT_INPUTS = ("schema", "kind", "seed", "name", "reasons", "case", "council", "studies")
"""Words about the document; the council, at the head of the answers; studies, told by name."""
_BASELINE = ("baseline", "prices")
_REGISTER = "the register's value"
IN_IT = "in it"
NOT_IN_IT = "not in it"
_MONEY = ".money."
_FIRST_YEARS = "money in year 1"
_TOLD = (
    "money.",
    "per_staff_year",
    "per_recruit",
    "incentive.scheme.amount.",
    "incentive.effect.leaving_reduction",
    "incentive.effect.pay_elasticity",
    "incentive.effect.extra_hires",
)
"""What is told of a measure that only one plan has."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One field of a document: its path there, its label, its value, and whether it is chosen."""

    path: str
    label: str
    value: Cell
    text: str
    is_lever: bool


def inputs_of(document: AnyDocument) -> dict[str, Input]:
    """Give the fields of a document by a key that is the same in others like it.

    The measures of a plan are told apart by their kind, and not by their place.
    """
    found = {each.path: each for each in _plain(document)}
    if isinstance(document, Plan):
        found |= {each.path: each for each in _prices(document)}
        found |= dict(_measures(document))
    if isinstance(document, (Scenario, Plan)):
        names = ", ".join(each.label for each in document.studies or ()) or "none"
        found["studies"] = Input(
            path="studies", label="Studies added", value=names, text=names, is_lever=False
        )
    return found


def _plain(document: AnyDocument) -> Iterator[Input]:
    """Give the fields that stand at the same path in every document that has them."""
    given = dict(_leaves(document))
    if isinstance(document, Plan):
        given |= dict.fromkeys((*FIELDS, "staffing_budget")) | given
    for path, value in given.items():
        if path.split(".")[0] in _NOT_INPUTS or is_word(path) or path.endswith(".name"):
            continue
        text = value if isinstance(value, str) else value_text(path, value)
        if isinstance(document, Plan) and path in FIELDS and value is None:
            value = value_of(document, path)
            text = f"{value_text(path, value)} ({AS_PUBLISHED})"
        elif path == "staffing_budget":
            text = "estimated" if value is None else UNITS["pounds"].text(float(value))
        elif isinstance(value, str) and not path.startswith("scheme.instalments"):
            text = value_text(path, value)
        yield Input(path=path, label=_label(path), value=value, text=text, is_lever=_is_lever(path))


def _leaves(document: AnyDocument) -> Iterator[tuple[str, Cell]]:
    """Walk a document; a list of plain values is one value, and so is when a payment is made."""
    joined: dict[str, list[str]] = {}
    for path, value in leaves(document.to_dict()):
        name, _, last = path.rpartition(".")
        if path.startswith(("measures.", "prices.", "scheme.instalments.")):
            continue
        if last.isdigit():
            joined.setdefault(name, []).append(value_text(path, value))
        else:
            yield path, value
    yield from ((path, ", ".join(values)) for path, values in joined.items())
    if isinstance(document, Scenario):
        paid = (
            f"{percent(each.share)} in month {each.month}" for each in document.scheme.instalments
        )
        yield "scheme.instalments", ", ".join(paid)


def _label(path: str) -> str:
    """Name a field; those of a second group are told from those of the first."""
    name, _, rest = path.partition(".")
    index = rest.split(".")[0]
    label = label_of(path)
    return f"{label}: group {int(index) + 1}" if name == "groups" and index != "0" else label


def _is_lever(path: str) -> bool:
    """Tell whether a council chooses a field."""
    row = register().behind(as_register(path))
    if row is None:
        return not path.startswith(_BASELINE)
    return row.kind == "lever"


def _prices(plan: Plan) -> Iterator[Input]:
    """Give the growth of prices as it counts, year by year."""
    for name, growth in yearly_growth(plan).items():
        for year, value in enumerate(growth):
            path = f"prices.{name}.{year}"
            yield Input(
                path=path,
                label=f"{label_of(f'prices.{name}')}: year {year + 1}",
                value=value,
                text=UNITS["share"].text(value),
                is_lever=False,
            )


def _measures(plan: Plan) -> Iterator[tuple[str, Input]]:
    """Give each measure, and what is set in it."""
    seen: Counter[str] = Counter()
    for index, measure in enumerate(plan.measures):
        seen[measure.kind] += 1
        key, path = f"measures.{measure.kind}.{seen[measure.kind]}", f"measures.{index}"
        yield key, Input(path=path, label=measure.name, value=1, text=IN_IT, is_lever=True)
        for inner, value in _inside(measure):
            yield (
                f"{key}.{inner}",
                Input(
                    path=f"{path}.{inner}",
                    label=f"{measure.name}: {measure_label(measure, inner)}",
                    value=value,
                    text=measure_text(measure, inner, value),
                    is_lever=_is_chosen(measure, inner),
                ),
            )


def _inside(measure: Measure) -> Iterator[tuple[str, Cell]]:
    """Walk what is set in a measure, its kind and name apart."""
    for inner, value in leaves(measure.model_dump(mode="json", exclude_none=True)):
        if inner not in {"kind", "name"}:
            yield inner, value


def _is_chosen(measure: Measure, inner: str) -> bool:
    """Tell whether a council chooses what is set in a measure; what it does, nobody knows."""
    first, _, rest = inner.partition(".")
    if first == "effects":
        return measure.effects[int(rest.split(".")[0])].on in CHOSEN
    return first != "incentive" or _is_lever(as_register(f"measures.0.{inner}"))


def done(document: AnyDocument) -> str:
    """Say in a few words what a document proposes.

    Example:
        >>> from retention_lib.presets import preset
        >>> done(preset("middlesbrough-2019").scenario)
        'a retention payment of 15% of salary to 82 people'
    """
    if isinstance(document, Scenario):
        amount = document.scheme.amount
        is_percent = amount.flat is None
        paid = payment_text(amount.percent_of_salary or amount.flat or 0.0, is_percent)
        kind = value_text("scheme.kind", document.scheme.kind)
        people = count(sum(group.headcount for group in document.groups))
        return f"a {kind} of {paid} to {people} people"
    if isinstance(document, Plan):
        return ", ".join(measure.name for measure in document.measures) or "nothing yet"
    return "nothing: it only shows"


def input_rows(sides: Sequence[Side], *, levers: bool) -> tuple[Row, ...]:
    """List the fields in which the sides differ, with the reason for each.

    Where the sides are of one kind, a field that only some have is told too; across kinds only what
    at least two have can be set side by side.
    """
    found = [inputs_of(side.document) for side in sides]
    one_kind = len({side.document.kind for side in sides}) == 1
    keys = dict.fromkeys(key for each in found for key in each)
    rows = []
    for key in keys:
        inputs = [each.get(key) for each in found]
        there = [each for each in inputs if each is not None]
        tells = len(there) > 1 or (one_kind and _tells_alone(key, there[0]))
        if there[0].is_lever != levers or not tells:
            continue
        row = _row(key, there[0].label, inputs, sides)
        if row.differs:
            rows.append(row)
    return tuple(_money_once(rows))


def _money_once(rows: Sequence[Row]) -> Iterator[Row]:
    """Give the money of a measure in one row where it is the same in each year."""
    years: dict[str, list[Row]] = {}
    for row in rows:
        measure, is_money, _ = row.key.partition(_MONEY)
        if is_money:
            years.setdefault(measure, []).append(row)
    for row in rows:
        measure, is_money, year = row.key.partition(_MONEY)
        some = years.get(measure, [])
        if not is_money or len(some) < YEARS or len({(one.texts, one.why) for one in some}) > 1:
            yield row
        elif year == "0":
            label = row.label.removesuffix(_FIRST_YEARS)
            yield replace(row, key=f"{measure}.money", label=f"{label}money a year")


def _tells_alone(key: str, given: Input) -> bool:
    """Tell whether a field says something where only one side has it.

    Of a measure that is what it costs and what it does, where that is anything.
    """
    if not key.startswith("measures.") or given.text == IN_IT:
        return True
    inner = ".".join(given.path.split(".")[2:])
    return bool(given.value) and (inner.startswith(_TOLD) or inner.endswith(".central"))


def _row(key: str, label: str, inputs: Sequence[Input | None], sides: Sequence[Side]) -> Row:
    kinds = {side.document.kind for side, each in zip(sides, inputs, strict=True) if each}
    texts = []
    for side, each in zip(sides, inputs, strict=True):
        kind = side.document.kind
        absent = _absent(key, side) if kind in kinds else NOT_OF[kind]
        texts.append(each.text if each else absent)
    return Row(
        key=key,
        label=label,
        values=tuple(None if each is None else each.value for each in inputs),
        texts=tuple(texts),
        why=tuple(
            "" if each is None else _why(side.document, each)
            for side, each in zip(sides, inputs, strict=True)
        ),
    )


def _absent(key: str, side: Side) -> str:
    """Say that a field is not there; of a measure that is not there, in its own row alone."""
    if not key.startswith("measures."):
        return f"{NONE} (not set)"
    _, kind, place, *inner = key.split(".")
    if not inner:
        return NOT_IN_IT
    measures = side.document.measures if isinstance(side.document, Plan) else ()
    there = sum(each.kind == kind for each in measures)
    return f"{NONE} (not set)" if there >= int(place) else NONE


def done_row(sides: Sequence[Side]) -> Row:
    """Say what each side proposes."""
    texts = tuple(done(side.document) for side in sides)
    return Row(key="done", label="What is done", values=texts, texts=texts, why=("",) * len(texts))


def _why(document: AnyDocument, given: Input) -> str:
    """Say why a field is what it is: the reason given, the case's source, or the register's."""
    reason = _reason(document.reasons, given.path)
    if reason:
        return reason
    origins = _origins(document)
    start = None if origins is None else origins.at(given.path)
    if origins is not None and start == document.at(given.path):
        found = origins.origins.origin(given.path)
        if found is not None:
            return found[0]
    row = register().behind(as_register(given.path))
    if row is not None and row.default == given.value:
        return _REGISTER
    return "" if given.is_lever else "No reason given."


def _reason(reasons: Mapping[str, str], path: str) -> str:
    """Give the reason for a field, or for the part it is in."""
    parts = path.split(".")
    paths = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((reasons[each] for each in paths if each in reasons), "")


@dataclass(frozen=True)
class _Start:
    """The case that a document started from, and where its figures come from."""

    document: Scenario | Plan
    origins: Origins

    def at(self, path: str) -> object:
        """Give what the case has at a path."""
        return self.document.at(path)


def _origins(document: AnyDocument) -> _Start | None:
    key = document.case.preset
    if isinstance(document, Scenario):
        offer = of_id(presets(), key)
        return None if offer is None else _Start(offer.scenario, offer)
    plan = of_id(cases(), key)
    return None if plan is None else _Start(plan.plan, plan)


def letters(row: Row) -> str:
    """Put the reasons of a row into one text, each behind its letter; one that all share, once."""
    said = {letter: why for letter, why in zip(LETTERS, row.why, strict=False) if why}
    if len(set(said.values())) == 1 and len(said) == len(row.why):
        return next(iter(said.values()))
    return " ".join(f"{letter}: {why}" for letter, why in said.items())
