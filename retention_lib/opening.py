"""Opening what can be opened: a link that is damaged, old or newer gives whatever can be read.

What cannot be right is taken out, field by field, until the rest is a document; each is told.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from retention_lib.labels import label_of, value_text
from retention_lib.problems import Problem, ScenarioError


class Readable(Protocol):
    """A document whose fields can be read by their path."""

    def at(self, path: str) -> Any:
        """Give the value of a field, None where it is not set."""


D = TypeVar("D", covariant=True, bound=Readable)

NOT_WHOLE = "This link is damaged: part of it is missing or has been changed."
NOTHING = "This link is damaged: nothing in it can be read."
ANOTHER = "This link is damaged: which kind of scenario it holds cannot be read."
NEWER = "The link was made by a newer version. What this version does not know is left out."
WITH_LATER_WORDS = (
    "This link was made by a newer version, and this one cannot read it. Open it there, or ask for "
    "the saved scenario."
)
LOST = "It could not be read in the link."
_NOT_READ = "It could not be read"
_THE_REST = "All else is as it was sent."
_SEVERAL = frozenset(
    {"groups", "not_offered", "measures", "appraisal", "targets", "studies", "reasons"}
)
"""The parts that are spoken of as several things."""

_MOST_TOLD = 8
_LONGEST_LABEL = 80
_MOST_TRIES = 30
_WITHIN = "answer."  # the document that a question of the assumptions log holds
_NEVER_LEFT_OUT = ("", "schema", "kind")
_GONE = object()
_INDICES = frozenset(map(str, range(10_000)))
_PARTS = {
    "groups": "The people it is offered to",
    "not_offered": "The staff not offered it",
    "scheme": "The payment",
    "effect": "What the payment does",
    "vacancy": "The vacancy that is filled",
    "costs": "What leavers, vacancies and agency staff cost",
    "region": "The region",
    "bidding": "What neighbours do",
    "appraisal": "The years looked at",
    "service": "The service at the start",
    "baseline": "How the service would go anyway",
    "pay": "Pay",
    "prices": "Growth of prices",
    "targets": "The targets",
    "asked": "The sum asked for",
    "beside": "What it is compared with",
    "claim": "The claim",
    "studies": "Studies that were added",
    "case": "The case it started from",
    "name": "Its name",
    "seed": "The seed of the draws",
}


@dataclass(frozen=True)
class Opened(Generic[D]):
    """A document opened from a link, and what of the link could not be read."""

    document: D
    unread: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything was read: the document is exactly what was sent."""
        return not self.unread

    @property
    def says(self) -> tuple[str, ...]:
        """What could not be read, in plain words, each by what it is called on the page."""
        told = [
            f"{in_words(problem)} {_instead_of(problem, self.document)}".strip()
            for problem in self.unread[:_MOST_TOLD]
        ]
        more = len(self.unread) - len(told)
        if more > 0:
            told.append(f"And {more} more.")
        return (*told, *((_THE_REST,) if told else ()))


@dataclass(frozen=True)
class Instead:
    """What stands in for fields that cannot be done without, and how that is said."""

    fields: Mapping[str, Any]
    says: str = ""


def in_words(problem: Problem) -> str:
    """Say what could not be read, by its label.

    Example:
        >>> in_words(Problem("scheme.take_up", 83, "It must be a number from 0 to 1."))
        'Share who sign up is 83. It must be a number from 0 to 1.'
        >>> in_words(Problem("measures", None, LOST))
        'The measures could not be read in the link.'
    """
    path, right = problem.path, problem.right
    if not path:
        return right
    if problem.value is not None:
        return f"{label_for(path)}{str(problem).removeprefix(path)}"
    if right.startswith(_NOT_READ):
        subject = "The measures" if path == "measures" else label_for(path)
        return f"{subject}{right.removeprefix('It')}"
    return f"{label_for(path)}: {right[:1].lower()}{right[1:]}"


def _instead_of(problem: Problem, document: Readable) -> str:
    """Say what became of a field: that it is left out, or which value stands instead.

    Of an item of a list nothing stands for sure at its place, as those behind it move up.
    """
    path, right = problem.path, problem.right
    if not path or (right.startswith(_NOT_READ) and right != LOST):
        return ""
    inner = path.removeprefix(_WITHIN)
    names = inner.split(".")
    found = None if any(name.isdigit() for name in names) else document.at(path)
    if _is_empty(found):
        return "They are left out." if inner in _SEVERAL else "It is left out."
    if isinstance(found, (dict, list)):
        return "The usual values stand instead."
    return f"The usual value, {_cut_short(value_text(inner, found))}, stands instead."


def _is_empty(found: object) -> bool:
    """Tell whether parsed JSON holds nothing."""
    if isinstance(found, dict):
        return all(_is_empty(value) for value in found.values())
    return found is None or found in ("", [])


def label_for(path: str) -> str:
    """Name a field for people, or the part of the document that it is.

    Example:
        >>> label_for("groups.1"), label_for("scheme.take_up")
        ('The people it is offered to, 2', 'Share who sign up')
    """
    path = path.removeprefix(_WITHIN)
    name, _, index = path.partition(".")
    if not index:
        return _PARTS.get(name) or _label(path)
    if index in _INDICES:
        return f"{_PARTS.get(name) or _label(name)}, {int(index) + 1}"
    return _label(path)


def _label(path: str) -> str:
    """Name a field that there may not be at all."""
    try:
        label = label_of(path)
    except (ValueError, IndexError):
        label = path
    return _cut_short(label)


def _cut_short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def opened(
    given: Mapping[str, Any],
    read: Callable[[object], D],
    instead: Instead,
    unread: Sequence[Problem] = (),
) -> Opened[D]:
    """Open whatever of these fields can be read.

    Args:
        given: the fields, as parsed JSON.
        read: makes a document of them, or raises a ScenarioError.
        instead: what stands in for fields that cannot be done without.
        unread: what is known to be missing.

    Raises:
        ScenarioError: where nothing usable is left.
    """
    left = dict(given)
    problems = {problem.path or problem.right: problem for problem in unread}
    for _ in range(_MOST_TRIES):
        try:
            document = read(left)
        except ScenarioError as refused:
            mended = [_mend(left, problem, instead, problems) for problem in refused.problems]
            if not any(mended):
                raise ScenarioError([*problems.values(), *refused.problems]) from None
            left = _cleaned(left)
        else:
            return Opened(document, tuple(problems.values()))
    raise ScenarioError(problems.values())


def _mend(
    given: dict[str, Any], problem: Problem, instead: Instead, told: dict[str, Problem]
) -> bool:
    """Take out, in place, what cannot be right, or put in what cannot be done without; tell it.

    Returns:
        whether there was anything to be done.
    """
    path = problem.path
    if path in _NEVER_LEFT_OUT:
        raise ScenarioError([*told.values(), problem])
    if path not in given and path in instead.fields:
        given[path] = copy.deepcopy(instead.fields[path])
        told[path] = Problem(path, None, instead.says)
        return True
    if not _cut(given, path):
        return False
    if problem.value is not None or _nothing_told(told, path):
        told.setdefault(path, problem)
    return True


def _nothing_told(problems: Mapping[str, Problem], path: str) -> bool:
    """Tell whether nothing was said yet of a field, or of what is in it."""
    return not any(told.startswith(path) or path.startswith(f"{told}.") for told in problems)


def _cut(given: dict[str, Any], path: str) -> bool:
    """Take out, in place, what stands at a path, or the nearest part that should have held it.

    A number out of a list of numbers would move the others to another year, so the list goes with
    it; an item of a list of objects goes alone, and is only marked until all are found.

    Returns:
        whether there was anything to take out.
    """
    if path in given:
        del given[path]
        return True
    name, _, rest = path.partition(".")
    inner = given.get(name)
    if isinstance(inner, dict) and rest:
        if not _cut(inner, rest):
            del given[name]
        return True
    if not isinstance(inner, list):
        return given.pop(name, _GONE) is not _GONE
    index, _, deeper = rest.partition(".")
    item = inner[int(index)] if index in _INDICES and int(index) < len(inner) else _GONE
    if isinstance(item, dict):
        if not (deeper and _cut(item, deeper)):
            inner[int(index)] = _GONE
    elif item is not _GONE or not any(each is _GONE for each in inner):
        del given[name]
    return True


def _cleaned(given: Any) -> Any:
    """Give parsed JSON without the items that were taken out of its lists."""
    if isinstance(given, dict):
        return {key: _cleaned(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_cleaned(item) for item in given if item is not _GONE]
    return given
