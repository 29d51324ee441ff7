"""Where the figures of a case come from: what its source gives, and what is ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from retention_lib.documents import leaves, value_at


class CaseError(ValueError):
    """A case's file says something that cannot be right."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


C = TypeVar("C", bound=_HasId)


def of_id(known: Iterable[C], key: str | None) -> C | None:
    """Find the case of an id among those there are; None where it is none of them."""
    return next((each for each in known if each.id == key), None)


def must_have(known: Iterable[C], key: str, what: str = "case") -> C:
    """Give the case of an id.

    Raises:
        KeyError: naming those there are.
    """
    there = tuple(known)
    found = of_id(there, key)
    if found is None:
        raise KeyError(f"No {what} {key!r}; there are {[each.id for each in there]}")
    return found


@dataclass(frozen=True, kw_only=True)
class Origins:
    """What a case's figures rest on.

    `given` says, by field, what the source gives; `ours` why a figure the source does not give is
    what it is, so that its reader may change it.
    """

    given: Mapping[str, str]
    ours: Mapping[str, str]

    def origin(self, path: str) -> tuple[str, bool] | None:
        """Tell where a field's figure comes from, and whether a source gives it.

        A note on a whole part ("scheme.instalments") stands for every field in it.
        """
        for known, is_given in ((self.given, True), (self.ours, False)):
            for note, words in known.items():
                if path == note or path.startswith(f"{note}."):
                    return words, is_given
        return None


def origins_in(table: Mapping[str, Any], chosen: str, not_figures: Iterable[str]) -> Origins:
    """Read the notes of a case's file, and check that every figure has one.

    Args:
        table: the file.
        chosen: the name of the part that holds the figures.
        not_figures: fields that are no figures and need no note.

    Raises:
        CaseError: where a figure has neither a source nor a reason, or a note names no figure.
    """
    found = Origins(given=table.get("given", {}), ours=table.get("ours", {}))
    skipped = tuple(not_figures)
    paths = {
        path
        for path, _ in leaves(table[chosen])
        if not any(path == name or path.startswith(f"{name}.") for name in skipped)
        and not path.endswith((".name", ".kind", ".grade", ".service", ".role", ".why"))
    }
    unexplained = sorted(path for path in paths if found.origin(path) is None)
    notes = [*found.given, *found.ours]
    dangling = [note for note in notes if value_at(table[chosen], note) is None]
    if unexplained or dangling:
        raise CaseError(
            f"{table.get('id')}: figures without a source or a reason: {unexplained}; "
            f"notes on figures that are not there: {dangling}"
        )
    return found
