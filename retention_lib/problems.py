"""Bad input, answered in words: which field, which value, what would be right."""

from __future__ import annotations

import difflib
import json
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from retention_lib.assumptions import register

_LONGEST_VALUE = 60
_LONGEST_PATH = 120
_MOST_SAID = 20

_BOUNDS = {"greater_than_equal", "less_than_equal", "finite_number"}
_OBJECT = "It must be an object: { … }."
_LIST = "It must be a list: [ … ]."
_NUMBER = "It must be a number, written without quotes or commas."
_WHOLE = "It must be a whole number, written without quotes or commas."
_RIGHT = {
    "missing": "This field is missing. It has no default.",
    "float_type": _NUMBER,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": "It must be text.",
    "string_unicode": "It must be text: half a letter is in it.",
    "too_short": "There must be at least one.",
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "tuple_type": _LIST,
    "list_type": _LIST,
}
"""What would be right, by pydantic's name for what is wrong."""


@dataclass(frozen=True)
class Problem:
    """One thing that cannot be right: the field's path, its value, and what would be right.

    Where a bound was broken, `at_least` or `at_most` holds it, in code units.
    """

    path: str
    value: object
    right: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        """Say it in a sentence or two.

        Example:
            >>> str(Problem("groups.0.headcount", -3, "It must be 0 or more."))
            'groups.0.headcount is -3. It must be 0 or more.'
        """
        path = _cut(self.path, _LONGEST_PATH)
        said = path if self.value is None else f"{path} is {_shown(self.value)}"
        joint = ": " if self.value is None else ". "
        return writable(f"{said}{joint}{self.right}" if path else self.right)


class ScenarioError(ValueError):
    """A scenario that cannot be right, with every problem found in it; the first are said."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        said = [str(problem) for problem in self.problems[:_MOST_SAID]]
        more = len(self.problems) - len(said)
        super().__init__("\n".join([*said, *([f"And {more:,} more."] if more else [])]))


def problems_from(
    refused: ValidationError, given: Mapping[str, Any], model: type[BaseModel]
) -> list[Problem]:
    """Turn pydantic's findings into problems, one for each field, in the file's own terms."""
    found: dict[str, Problem] = {}
    for error in refused.errors():
        path, value = _place(error, given)
        if error["type"] == "too_short" and error["input"]:
            continue  # a list all of whose items are wrong, as their own problems say
        if path not in found:
            bounds = error.get("ctx", {})
            right = _right(error, path, model)
            found[path] = Problem(path, value, right, bounds.get("ge"), bounds.get("le"))
        elif error["type"] == "literal_error" and not isinstance(value, float | int):
            either = f"{found[path].right.rstrip('.')}, or {error['ctx']['expected']}."
            found[path] = replace(found[path], right=either)
    return list(found.values())


def _place(error: ErrorDetails, given: object) -> tuple[str, object]:
    """Find the path and the value in the file; parts that only pydantic knows are left out."""
    parts: list[str] = []
    for part in error["loc"]:
        if _holds(given, part):
            given = given[part]  # type: ignore[index]  # _holds has looked
        elif error["type"] == "missing":
            return ".".join([*parts, str(part)]), None
        else:
            break
        parts.append(str(part))
    simple = given is None or isinstance(given, (int, float, str))
    return ".".join(parts), given if simple else None


def _holds(given: object, part: int | str) -> bool:
    if isinstance(given, Mapping):
        return part in given
    return isinstance(given, list | tuple) and isinstance(part, int) and part < len(given)


def _right(error: ErrorDetails, path: str, model: type[BaseModel]) -> str:
    """Say what would be right."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _not_a_field([str(part) for part in error["loc"]], model)
    if kind in _BOUNDS:
        return f"It must be {_bounds(path, context)}."
    if kind == "literal_error":
        return f"It must be {context['expected']}."
    return _RIGHT.get(kind, error["msg"].rstrip(".") + ".")


def _bounds(path: str, context: Mapping[str, Any]) -> str:
    """Say the bounds, with the unit where the register knows the field."""
    row = register().behind(path)
    share = row is not None and row.unit_name == "share"
    if share or context.get("le") == 1:
        return "a number from 0 to 1 (20% is written 0.2)"
    unit = f", in {row.unit_name}" if row is not None else ""
    if "le" in context:
        return f"{context['le']:,.0f} or less{unit}"
    if "ge" in context:
        return f"{context['ge']:,.0f} or more{unit}"
    return f"an ordinary number{unit}, not NaN or infinity"


def _not_a_field(parts: Sequence[str], model: type[BaseModel]) -> str:
    """Say that there is no such field, and which there are; its own name may hold a dot."""
    *parents, last = parts
    names = _field_names(model, parents)
    near = difflib.get_close_matches(last, names, n=1)
    if near:
        return f"There is no such field. Did you mean {near[0]}?"
    return f"There is no such field. The fields here are: {', '.join(names)}."


def _field_names(model: type[BaseModel], parents: Sequence[str]) -> list[str]:
    """List the names of the fields below a path, as a file writes them."""
    for part in parents:
        if not part.isdigit():
            model = _model_within(model.model_fields[part].annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """Find the model inside a field's type: Scheme, tuple[Group, ...] or Amount | None."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    found = (_model_within(inner) for inner in get_args(annotation))
    return next((model for model in found if model), None)


def _shown(value: object) -> str:
    """Show a value as the file would, cut short where it is long."""
    return _cut(json.dumps(value, ensure_ascii=False), _LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def writable(text: str) -> str:
    r"""Write half letters, which JSON can hold and no file or page can, as JSON writes them.

    Example:
        >>> writable("£3 \ud800")
        '£3 \\ud800'
    """
    return text.encode("utf-8", "backslashreplace").decode()
