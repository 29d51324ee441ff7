"""Set documents side by side: one pure function from two to four documents to what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from retention_lib.answering import AnyDocument, AnyResult, answer
from retention_lib.comparing import words
from retention_lib.comparing.answer_rows import answer_rows, is_told
from retention_lib.comparing.inputs import done_row, input_rows, letters
from retention_lib.comparing.names import told_apart
from retention_lib.comparing.result import LETTERS, Row, Side, SideBySide
from retention_lib.problems import Problem, ScenarioError
from retention_lib.provenance import provenance_of
from retention_lib.results import Column, Table

SAYS = (
    "What would follow if the assumptions of each held. Not a forecast of any one year, and not "
    "advice."
)


def side_by_side(
    documents: Sequence[AnyDocument],
    names: Sequence[str] = (),
    *,
    ranges: bool = False,
    differences_only: bool = True,
) -> SideBySide:
    """Answer two to four documents and set what differs side by side.

    Pure: the same documents give the same comparison.

    Args:
        documents: of any kinds.
        names: what each is called; where nothing is said its own name, and in what it differs
            from others of that name.
        ranges: whether chances and ranges are drawn too, which takes up to a second each.
        differences_only: whether answers that are the same in all are left out.

    Raises:
        ScenarioError: where there are fewer than two or more than four.
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where an answer does not add up.

    Example:
        >>> from retention_lib.presets import preset
        >>> one = preset("middlesbrough-2019").scenario
        >>> found = side_by_side([one, one.but({"scheme.take_up": 1.0})], ["68 sign up", "All do"])
        >>> [(row.label, row.texts) for row in found.assumptions]
        [('Share who sign up', ('82.9%', '100%'))]
    """
    _require_some(documents)
    results = [answer(document, ranges=ranges) for document in documents]
    return compared(documents, results, names, differences_only=differences_only)


def compared(
    documents: Sequence[AnyDocument],
    results: Sequence[AnyResult],
    names: Sequence[str] = (),
    *,
    differences_only: bool = True,
) -> SideBySide:
    """Set answers side by side that are there already.

    Args:
        documents: of any kinds.
        results: the answer to each, with its ranges or without.
        names: what each is called; where nothing is said its own name, and in what it differs
            from others of that name.
        differences_only: whether answers that are the same in all are left out.

    Raises:
        ScenarioError: where there are fewer than two or more than four.
    """
    _require_some(documents)
    sides = told_apart(
        [
            Side(letter=letter, name=name, document=document, result=result)
            for letter, name, document, result in zip(
                LETTERS[: len(documents)],
                names or [document.name for document in documents],
                documents,
                results,
                strict=True,
            )
        ],
        are_given=bool(names),
    )
    answers = answer_rows(sides)
    if differences_only:
        answers = tuple(row for row in answers if is_told(row, sides))
    levers = (*(row for row in (done_row(sides),) if row.differs), *input_rows(sides, levers=True))
    assumptions = input_rows(sides, levers=False)
    reasons = words.not_alike(sides)
    digests = "".join(document.digest for document in documents)
    return SideBySide(
        headline=words.headline(sides, reasons, assumptions),
        sentences=tuple(f"{side.name}: {side.result.headline}" for side in sides),
        tables=(
            _table("answers", "The answers", sides, answers),
            _table("levers", "What is chosen", sides, levers, why="Why"),
            _table("assumptions", "What is assumed", sides, assumptions, why="Why"),
        ),
        notes=tuple(words.notes(sides, reasons, assumptions)),
        changes=(),
        provenance=replace(
            provenance_of(documents[0], SAYS),
            scenario_digest=hashlib.sha256(digests.encode()).hexdigest()[
                : len(documents[0].digest)
            ],
        ),
        sides=sides,
        answers=answers,
        levers=levers,
        assumptions=assumptions,
        not_alike=reasons,
    )


def _require_some(documents: Sequence[AnyDocument]) -> None:
    if not 2 <= len(documents) <= len(LETTERS):
        right = f"There must be 2 to {len(LETTERS)} to set side by side, not {len(documents)}."
        raise ScenarioError([Problem("", None, right)])


def _table(
    key: str, title: str, sides: Sequence[Side], rows: Sequence[Row], why: str = ""
) -> Table:
    columns = [Column("what", "What differs", "text")]
    columns += [Column(side.letter.lower(), side.name, "text") for side in sides]
    columns += [Column("why", why, "text")] if why else []
    lines = tuple((row.label, *row.texts, *((letters(row),) if why else ())) for row in rows)
    return Table(key, title, tuple(columns), lines)
