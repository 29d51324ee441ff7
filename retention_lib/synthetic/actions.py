"""What councils are known to have done, and when: those that acted are in no mix of others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from retention_lib.benchmarks.measures import measure_of
from retention_lib.figures import Area, all_areas, all_years
from retention_lib.paths import DATA


@dataclass(frozen=True)
class Action:
    """One council's known action; `until` is None where no source gives an end."""

    area: Area
    began: int
    until: int | None
    what: str
    measures: tuple[str, ...]
    source: str
    year_note: str = ""

    @property
    def years(self) -> str:
        """When it was, in words.

        Example:
            >>> [each.years for each in actions() if each.area.code in {"806", "916"}]
            ['2019 to 2022', 'from 2018']
        """
        if self.until is None:
            return f"from {self.began}"
        return f"{self.began} to {self.until}"


@cache
def actions() -> tuple[Action, ...]:
    """Give every known action, in the order of the file.

    Raises:
        KeyError: where a council's code is unknown.
        ValueError: where a measure is.

    Example:
        >>> actions()[0].area.name, actions()[0].began
        ('Middlesbrough', 2019)
    """
    listed = tomllib.loads((DATA / "actions.toml").read_text(encoding="utf-8"))["action"]
    return tuple(
        Action(
            area=all_areas()[each["council"]],
            began=each["from"],
            until=each.get("until"),
            what=each["what"],
            measures=tuple(measure_of(key).key for key in each["measures"]),
            source=each["source"],
            year_note=each.get("year_note", ""),
        )
        for each in listed
    )


def actions_of(code: str) -> tuple[Action, ...]:
    """List what one council is known to have done, whatever it aimed at."""
    return tuple(each for each in actions() if each.area.code == code)


def known_actors(measure: str) -> tuple[Action, ...]:
    """List the actions that aimed at a measure and fall within the years of the figures.

    An action counts in every year from its first to its last; without a last one it counts to the
    end of the figures.

    Example:
        >>> "806" in {each.area.code for each in known_actors("turnover")}
        True
        >>> [each.area.name for each in known_actors("absence")]
        ['Torbay']
    """
    first, last = all_years()[0], all_years()[-1]
    return tuple(
        each
        for each in actions()
        if measure in each.measures and each.began <= last and (each.until or last) >= first
    )
