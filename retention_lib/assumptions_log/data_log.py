"""The data log: every published table that is used, and the checks that were passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retention_lib.assumptions import register
from retention_lib.assumptions_log.chosen import Chosen
from retention_lib.checking import CHECKS_OF_DATA
from retention_lib.evidence import studies
from retention_lib.figures import FIGURES, provenance
from retention_lib.plans.cases import cases
from retention_lib.plans.catalogue import catalogue
from retention_lib.presets import presets
from retention_lib.results import Provenance

_DIGEST = 12  # characters of a digest that name a file


@dataclass(frozen=True, kw_only=True)
class Source:
    """One thing that answers are made from: where it is from, when, and under which licence."""

    what: str
    publisher: str
    release: str
    published: str
    licence: str
    checks: tuple[str, ...]
    made_from: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A check, whether it was passed, and what it found."""

    name: str
    passed: bool
    says: str


def published_tables() -> tuple[str, ...]:
    """Name the published tables that the product ships.

    Example:
        >>> published_tables()
        ('judgements', 'neighbours_2021', 'neighbours_2025', 'workforce')
    """
    return tuple(sorted(file.stem for file in (FIGURES / "provenance").glob("*.toml")))


def sources(made: Provenance) -> tuple[Source, ...]:
    """List every published table, then what the project itself keeps.

    Args:
        made: what the answer was made from.
    """
    return (*(_published(table) for table in published_tables()), *_ours(made))


def _published(table: str) -> Source:
    known = provenance(table)
    return Source(
        what=str(known["publication"]),
        publisher=str(known["publisher"]),
        release=str(known["release"]),
        published=str(known["published"]),
        licence=str(known["licence"]),
        checks=_texts(known),
        made_from=f"{known['source_file']}, SHA-256 {str(known['source_sha256'])[:_DIGEST]}",
    )


def _texts(known: Mapping[str, object]) -> tuple[str, ...]:
    checks = known["checks"]
    return tuple(str(each) for each in checks) if isinstance(checks, list) else ()


def _ours(made: Provenance) -> tuple[Source, ...]:
    """List what is kept with the project: the register, the studies, the measures, the cases."""
    kept = (
        (f"The register: {len(register())} assumptions", f"digest {made.register_digest}"),
        (f"Studies: {len(studies())} findings", "studies.toml"),
        (f"Measures of four-year plans: {len(catalogue())}", "measures.toml"),
        (f"Cases to start from: {len(presets())} offers, {len(cases())} plans", "presets, plans"),
        (f"The library, version {made.version}", made.library),
    )
    return tuple(
        Source(
            what=what,
            publisher="This project",
            release=f"version {made.version}",
            published="",
            licence="MIT",
            checks=("each figure has a source or a reason",) if place < len(kept) - 1 else (),
            made_from=made_from,
        )
        for place, (what, made_from) in enumerate(kept)
    )


def checked(answer: Chosen) -> tuple[Checked, ...]:
    """Run the checks of the data that `retention check` runs, and those of the answer.

    Example:
        >>> from retention_lib.assumptions_log.chosen import chosen
        >>> [each.name for each in checked(chosen(None)) if not each.passed]
        []
    """
    found = []
    for name, look in CHECKS_OF_DATA:
        try:
            says, passed = " ".join(look()), True
        except ValueError as problem:
            says, passed = str(problem), False
        found.append(Checked(name=name, passed=passed, says=says or "Nothing to note."))
    identities = (
        Checked(
            name=each.name,
            passed=each.passed,
            says="An identity of this answer: it holds."
            if each.passed
            else f"An identity of this answer: it is out by {each.difference:g}.",
        )
        for each in answer.checks
    )
    return (*found, *identities)
