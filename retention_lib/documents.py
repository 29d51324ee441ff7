"""What a user can save, send as a link and open again: a document, to and from JSON.

A file may hold anything that is possible; the sliders' narrower bounds bind only the sliders. What
cannot be right is refused with the field's path, the value, and what would be right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)

from retention_lib.assumptions import register
from retention_lib.links import Unpacked, packed, token_in, unpacked
from retention_lib.opening import (
    ANOTHER,
    LOST,
    NEWER,
    NOT_WHOLE,
    NOTHING,
    WITH_LATER_WORDS,
    Instead,
    Opened,
    opened,
)
from retention_lib.problems import Problem, ScenarioError, problems_from

SCHEMA = 1

LARGEST_FILE = 1_000_000
"""Bytes that a saved scenario may have; none is so large."""

_STANDS_IN = "It could not be read in the link. What “{name}” has stands instead."


def whole(value: object) -> object:
    """Let 36.0 stand for 36, as JSON writers differ; leave everything else to be judged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[float, Strict(), AllowInfNan(False)]
Share = Annotated[Number, Field(ge=0, le=1)]
Money = Annotated[Number, Field(ge=0, le=1e12)]
SignedMoney = Annotated[Number, Field(ge=-1e12, le=1e12)]
People = Annotated[Number, Field(ge=0, le=1e9)]
Factor = Annotated[Number, Field(ge=0, le=1e6)]
Months = Annotated[int, BeforeValidator(whole), Strict(), Field(ge=0, le=1_000_000)]
Duration = Annotated[Number, Field(ge=0, le=1_000_000)]
Switch = Annotated[bool, Strict()]
Name = Annotated[str, StringConstraints(strict=True, max_length=200)]
Reason = Annotated[str, StringConstraints(strict=True, max_length=1_000, min_length=1)]


def central(path: str) -> Any:
    """Make a field filled with the register's value."""
    return Field(default_factory=lambda: register().default(path))


class Part(BaseModel):
    """A part of a document: cannot be changed in place, and knows no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Document(Part):
    """What was chosen, with a name and the reasons for what was changed.

    A subclass says which `KIND` it is; it may have a `case`, where it started.
    """

    KIND: ClassVar[str]
    WORDS: ClassVar[tuple[str, ...]] = ("name", "reasons", "case")
    """Fields that are words about the document, and change no answer."""

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    kind: str
    name: Name = ""
    reasons: dict[Name, Reason] = Field(default_factory=dict)

    @classmethod
    def from_dict(cls, given: object) -> Self:
        """Check parsed JSON and make a scenario of it.

        Raises:
            ScenarioError: with every problem found: the field, its value, what would be right.
        """
        if not isinstance(given, Mapping):
            raise ScenarioError([Problem("", given, "A scenario is a JSON object: { … }.")])
        _refuse_other_schemas(given, cls.KIND)
        try:
            scenario = cls.model_validate(given)
        except ValidationError as refused:
            raise ScenarioError(problems_from(refused, given, cls)) from None
        _refuse_reasons_for_nothing(scenario)
        return scenario

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Make a scenario from JSON text.

        Raises:
            ScenarioError: where the text is not JSON, or not a scenario.
        """
        if not text.strip():
            raise ScenarioError([Problem("", None, "The file is empty.")])
        try:
            given = json.loads(text, object_pairs_hook=_once_each)
        except (ValueError, RecursionError) as problem:
            if isinstance(problem, ScenarioError):
                raise
            raise ScenarioError([Problem("", None, f"This is not JSON: {problem}.")]) from None
        return cls.from_dict(given)

    @classmethod
    def from_file(cls, file: str | Path) -> Self:
        """Read a scenario file.

        Raises:
            ScenarioError: where the file cannot be read or is not a scenario.
        """
        return cls.from_json(text_of(file))

    @classmethod
    def from_link(cls, link: str) -> Self:
        """Make a scenario from a link, or from the part of it behind `s=`.

        Raises:
            ScenarioError: where the link is damaged, or holds anything that cannot be read.
        """
        found = cls.opened_link(link)
        if found.unread:
            raise ScenarioError(found.unread)
        return found.document

    @classmethod
    def opened_link(cls, link: str, start: Self | None = None) -> Opened[Self]:
        """Open whatever can be read of a link, and say what cannot.

        What is read is exactly what was sent: each part of a link has its own checksum. The rest
        has its usual value.

        Args:
            link: the link, or the part of it behind `s=`.
            start: stands in for what has no usual value, such as whom a payment is offered to.

        Raises:
            ScenarioError: where nothing usable is left, or the link is of another kind.
        """
        try:
            return cls._opened(unpacked(token_in(link)), start)
        except RecursionError:
            raise ScenarioError([Problem("", None, NOTHING)]) from None

    @classmethod
    def _opened(cls, found: Unpacked, start: Self | None = None) -> Opened[Self]:
        """Open the fields of a link, as :meth:`opened_link` does."""
        if not found.fields:
            why = WITH_LATER_WORDS if found.is_newer else NOTHING
            raise ScenarioError([Problem("", None, why)])
        given, unread = dict(found.fields), []
        if found.is_damaged:
            models = {each.KIND: each for each in Document.__subclasses__()}
            known = models.get(str(given.get("kind")), cls).field_names()
            if "kind" not in given and not set(known).issuperset(given):
                raise ScenarioError([Problem("", None, ANOTHER)])
            given = {"schema": SCHEMA, "kind": cls.KIND, **given}
            lost = [*(field for field in known if field not in given), *found.lost]
            unread = [Problem("", None, NOT_WHOLE)]
            unread += [Problem(path, None, LOST) for path in sorted(lost)]
        schema = given.get("schema")
        if isinstance(schema, int) and schema > SCHEMA:
            given["schema"] = SCHEMA
            unread.append(Problem("", None, NEWER))
        needed = {} if start is None else start._needed
        says = "" if start is None else _STANDS_IN.format(name=start.name)
        return opened(given, cls.from_dict, Instead(needed, says), unread)

    @property
    def _needed(self) -> dict[str, Any]:
        """The fields that have no usual value, as parsed JSON."""
        fields = type(self).model_fields.items()
        needed = {field.alias or name for name, field in fields if field.is_required()}
        return {name: value for name, value in self._given.items() if name in needed}

    def to_dict(self) -> dict[str, Any]:
        """Give the scenario as parsed JSON, every field included."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def to_json(self) -> str:
        """Give the scenario as the text of a file."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    def to_link(self) -> str:
        """Give the scenario as a query string for a link; reasons, being free text, stay behind.

        Names go along, for an answer cannot be read without them.
        """
        return "s=" + packed(self.linked())

    def linked(self) -> dict[str, Any]:
        """Give what a link holds as parsed JSON: every field but the reasons, set or not."""
        given = {**dict.fromkeys(self.field_names()), **self.to_dict()}
        return {key: value for key, value in given.items() if key != "reasons"}

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """List the fields of such a document as a file names them, reasons apart."""
        names = (field.alias or name for name, field in cls.model_fields.items())
        return tuple(name for name in names if name != "reasons")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Give a copy with some parts changed, and nothing that was remembered of this one."""
        copied = super().model_copy(update=update, deep=deep)
        for remembered in ("digest", "_given"):
            copied.__dict__.pop(remembered, None)
        return copied

    @cached_property
    def digest(self) -> str:
        """Twelve characters that name exactly these inputs, whatever their name and reasons."""
        given = self.to_dict()
        for words in self.WORDS:
            given.pop(words, None)
        canonical = json.dumps(given, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def at(self, path: str) -> Any:
        """Give the value of a field, None where it is not set.

        Example:
            >>> from retention_lib.presets import preset
            >>> preset("middlesbrough-2019").scenario.at("groups.0.headcount")
            82.0
        """
        return value_at(self._given, path)

    @cached_property
    def _given(self) -> dict[str, Any]:
        """The document as parsed JSON, made once, to be read and not to be changed."""
        return self.to_dict()

    def but(self, changes: Mapping[str, Any]) -> Self:
        """Give the same scenario with some fields changed; None takes a field out.

        Raises:
            ScenarioError: where it would not be possible.
        """
        given = self.to_dict()
        for path, value in changes.items():
            try:
                _set(given, path, value)
            except (IndexError, TypeError, ValueError, AttributeError):
                raise ScenarioError([Problem(path, value, "There is no such field.")]) from None
        return type(self).from_dict(given)

    def with_reasons(self, reasons: Mapping[str, str]) -> Self:
        """Give the same scenario with these reasons for what was changed, by field.

        Raises:
            ScenarioError: where a reason names no field, or is too long.
        """
        if reasons == self.reasons:
            return self
        return type(self).from_dict({**self.to_dict(), "reasons": dict(reasons)})

    def differences(self, other: Document) -> tuple[str, ...]:
        """List the fields in which two scenarios differ, names, case and reasons apart."""
        mine, theirs = dict(leaves(self.to_dict())), dict(leaves(other.to_dict()))
        paths = dict.fromkeys([*mine, *theirs])
        return tuple(
            path
            for path in paths
            if mine.get(path) != theirs.get(path) and path.split(".")[0] not in self.WORDS
        )


def text_of(file: str | Path) -> str:
    """Read the text of a file.

    Raises:
        ScenarioError: where it cannot be read, is too large, or is not text.
    """
    path = Path(file)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ScenarioError([Problem("", None, "The file is over 1 MB; none is so large.")])
        return path.read_text(encoding="utf-8-sig")
    except ScenarioError:
        raise
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "it is not text in UTF-8"
        raise ScenarioError([Problem("", None, f"{path} cannot be read: {why}.")]) from None


def leaves(given: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk parsed JSON and give each single value with its path.

    Example:
        >>> list(leaves({"a": [{"b": 1}], "c": "x"}))
        [('a.0.b', 1), ('c', 'x')]
    """
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from leaves(value, f"{path}.{index}" if path else str(index))
    else:
        yield path, given


def value_at(given: object, path: str) -> Any:
    """Give what stands at a path in parsed JSON, None where nothing does.

    Example:
        >>> value_at({"a": [{"b": 1}]}, "a.0.b"), value_at({}, "a.b")
        (1, None)
    """
    for part in path.split("."):
        if isinstance(given, Mapping) and part in given:
            given = given[part]
        elif isinstance(given, list) and part.isdigit() and int(part) < len(given):
            given = given[int(part)]
        else:
            return None
    return given


def _set(given: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path in parsed JSON, in place; None takes the field out."""
    *parents, last = path.split(".")
    place: Any = given
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _refuse_other_schemas(given: Mapping[str, Any], expected: str) -> None:
    schema, kind = given.get("schema"), given.get("kind")
    if schema != SCHEMA or isinstance(schema, bool):
        raise ScenarioError([Problem("schema", schema, _why_not_schema(schema))])
    right = f"This version reads schema {SCHEMA}, kind {expected}."
    if kind is None:
        right = f'It is missing. Write "kind": "{expected}".'
    if kind != expected:
        raise ScenarioError([Problem("kind", kind, right)])


def _why_not_schema(schema: object) -> str:
    """Say why a document of another schema does not open. There has been no other so far."""
    if schema is None:
        return f'It is missing. Write "schema": {SCHEMA}.'
    if isinstance(schema, (int, float)) and not isinstance(schema, bool) and schema > SCHEMA:
        return f"It is from a newer version, and this one reads schema {SCHEMA}. Open it there."
    return f"There has never been such a schema. This version reads schema {SCHEMA}."


def _refuse_reasons_for_nothing(document: Document) -> None:
    given = document.to_dict()
    lost = [path for path in document.reasons if value_at(given, path) is None]
    if lost:
        raise ScenarioError(
            [
                Problem("reasons", path, "A reason must name a field that is set in the scenario.")
                for path in lost
            ]
        )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a field that is written twice, where JSON would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ScenarioError([Problem(key, value, "This field is written twice. Keep one.")])
        found[key] = value
    return found
