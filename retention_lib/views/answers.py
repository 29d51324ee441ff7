"""Answers of any kind for a page with several: each made once, its ranges little by little."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from retention_lib.answering import AnyDocument, AnyResult, answer
from retention_lib.plans.answer import appraise
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import BATCH, DRAWS, batch, ranges_of
from retention_lib.scenario import Scenario
from retention_lib.uncertainty import uniforms


class Answers:
    """The answers to the documents that are looked at now; those of others are forgotten."""

    def __init__(self) -> None:
        self._plain: dict[str, AnyResult] = {}
        self._drawn: dict[str, AnyResult] = {}

    def of(self, document: AnyDocument) -> AnyResult:
        """Give an answer without ranges.

        Raises:
            NoFiguresError: where a plan's council published no staff in its year.
        """
        key = document.to_json()
        if key not in self._plain:
            self._plain[key] = answer(document, ranges=False)
        return self._plain[key]

    def of_all(self, documents: Sequence[AnyDocument]) -> list[AnyResult]:
        """Give the answers to all; with ranges where all have theirs, else none with any."""
        keys = [document.to_json() for document in documents]
        self._plain = {key: made for key, made in self._plain.items() if key in keys}
        self._drawn = {key: made for key, made in self._drawn.items() if key in keys}
        if self.are_drawn(documents):
            return [
                self._drawn.get(key) or self.of(document)
                for key, document in zip(keys, documents, strict=True)
            ]
        return [self.of(document) for document in documents]

    def are_drawn(self, documents: Sequence[AnyDocument]) -> bool:
        """Whether every answer that can have ranges has them."""
        return not self._without(documents)

    async def draw(self, documents: Sequence[AnyDocument]) -> None:
        """Work out the ranges that are missing, in steps between which a slider can be answered."""
        # What makes draws takes a second or two to load, the first time.
        await asyncio.to_thread(uniforms, 1, 1)
        for document in self._without(documents):
            self._drawn[document.to_json()] = await _with_ranges(document)
            await asyncio.sleep(0)

    def _without(self, documents: Sequence[AnyDocument]) -> list[AnyDocument]:
        return [
            document
            for document in documents
            if isinstance(document, (Scenario, Plan)) and document.to_json() not in self._drawn
        ]


async def _with_ranges(document: AnyDocument) -> AnyResult:
    if not isinstance(document, Plan):
        return answer(document)
    found = []
    for number in range(-(-DRAWS // BATCH)):
        found.append(batch(document, number))
        await asyncio.sleep(0)
    return appraise(document, ranges_of(found))
