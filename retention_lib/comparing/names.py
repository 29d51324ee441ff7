"""Names that tell the sides of a comparison apart: by what differs, or by a letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from retention_lib.comparing.answer_rows import about_of
from retention_lib.comparing.inputs import done, input_rows
from retention_lib.comparing.result import Side

_LONGEST = 60  # characters that may stand behind a name
_OF_A_MEASURE = "measures."


def told_apart(sides: Sequence[Side], *, are_given: bool) -> tuple[Side, ...]:
    """Give sides of which no two have the same name.

    Args:
        sides: named as they are called.
        are_given: whether the names were chosen for this comparison: then only a letter is added.
    """
    names = [side.name for side in sides]
    if len(set(names)) == len(names):
        return tuple(sides)
    if not are_given:
        named = dict(_by_what_differs(sides))
        names = [named.get(side.letter, side.name) for side in sides]
    if len(set(names)) < len(names):
        names = [f"{side.letter}: {side.name}" for side in sides]
    return tuple(replace(side, name=name) for side, name in zip(sides, names, strict=True))


def _by_what_differs(sides: Sequence[Side]) -> Iterator[tuple[str, str]]:
    """Give by letter the names of those that share one, with the first thing that differs."""
    for name in dict.fromkeys(side.name for side in sides):
        same = [side for side in sides if side.name == name]
        if len(same) > 1:
            words = next((each for each in _differing(same) if len(set(each)) == len(same)), None)
            for side, said in zip(same, words or (), strict=False):
                yield side.letter, f"{name} ({said})"


def _differing(sides: Sequence[Side]) -> Iterator[list[str]]:
    """Give what may tell sides apart in a few words: council, years, what is done, what is set."""
    about = [about_of(side.document) for side in sides]
    for key in ("council", "years"):
        yield [each[key] for each in about]
    proposed = [done(side.document) for side in sides]
    if max(map(len, proposed)) <= _LONGEST:
        yield proposed
    for levers in (True, False):
        for row in input_rows(sides, levers=levers):
            told = [f"{row.label}: {text}" for text in row.texts]
            if not row.key.startswith(_OF_A_MEASURE) and max(map(len, told)) <= _LONGEST:
                yield told
