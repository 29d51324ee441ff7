"""The answer that the log is about: its document, its case, what was changed and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from retention_lib.assumptions import Register, register
from retention_lib.assumptions_log.impact import Move, moves_of, widest_of
from retention_lib.documents import leaves
from retention_lib.evaluation import evaluate
from retention_lib.origins import Origins, of_id
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import cases
from retention_lib.plans.numbers import FIELDS
from retention_lib.plans.plan import Plan
from retention_lib.presets import presets
from retention_lib.results import Change, Check
from retention_lib.scenario import Scenario

ALLOWANCES = tuple(f"optimism_{grade}" for grade in ("strong", "fair", "weak", "none"))
GROWTH: Mapping[str, str] = {"average_earnings_growth": "pay_award", "cpi_growth": "cpi"}
"""The register's entries behind the growth of prices in a plan, with the plan's own names."""
YEARS_LUCK = (
    "turnover_unexplained",
    "vacancy_unexplained",
    "agency_unexplained",
    "caseload_unexplained",
    "vacancy_with_turnover",
    "agency_with_vacancy",
)
"""How far a year departs from what is expected: drawn for a plan's ranges, all together."""

MOVED: Mapping[str, str] = {
    Scenario.KIND: "net present value",
    Plan.KIND: "the council's cash over four years",
}
"""What the bars of an answer are of, by its kind."""

NO_REASON = "No reason here (a link carries none)"

_AS_ELSEWHERE: Mapping[str, str] = {
    "eligible": "groups.0.headcount",
    "salary": "groups.0.salary",
    "hire_cost": "vacancy.hire_cost",
}
"""Fields of a plan's payment that are called something else in the incentives workbook."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One answer, or none: the document, what its own model says of it, and the register."""

    document: Scenario | Plan | None
    headline: str
    changes: tuple[Change, ...]
    checks: tuple[Check, ...]
    moves: tuple[Move, ...]
    rows: Register = field(default_factory=register)

    @property
    def title(self) -> str:
        """What the answer is called."""
        return "" if self.document is None else self.document.name

    @property
    def moved(self) -> str:
        """The figure that the bars are of."""
        return MOVED[Scenario.KIND if self.document is None else self.document.kind]

    @property
    def widest(self) -> float:
        """The width of the widest bar, in pounds."""
        widest = widest_of(self.moves)
        return 0.0 if widest is None else widest.pounds

    @cached_property
    def origins(self) -> Origins | None:
        """Where the figures of the case that it started from come from."""
        if self.document is None:
            return None
        key = self.document.case.preset
        return of_id(presets(), key) or of_id(cases(), key)

    @cached_property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """The fields of the document that stand behind each of the register's entries."""
        found: dict[str, list[str]] = {}
        for path in _paths(self.document):
            row = self.rows.behind(as_register(path))
            if row is not None:
                found.setdefault(row.id, []).append(path)
        return {key: tuple(paths) for key, paths in found.items()}

    @cached_property
    def without_a_field(self) -> frozenset[str]:
        """Entries that the answer takes straight from the register."""
        if isinstance(self.document, Plan):
            return frozenset({*ALLOWANCES, *GROWTH, *YEARS_LUCK})
        return frozenset(ALLOWANCES if self.document is not None else ())

    def changes_of(self, row_id: str) -> tuple[Change, ...]:
        """Give the changes in the fields behind a register's entry."""
        paths = self.fields.get(row_id, ())
        yearly = f"prices.{GROWTH[row_id]}." if row_id in GROWTH else None
        return tuple(
            each
            for each in self.changes
            if each.path in paths or (yearly is not None and each.path.startswith(yearly))
        )

    def moved_by(self, row_id: str) -> Move | None:
        """Give the widest of the bars that a register's entry stands behind."""
        paths = set(self.fields.get(row_id, ()))
        return widest_of(move for move in self.moves if move.path in paths)


def _paths(document: Scenario | Plan | None) -> tuple[str, ...]:
    """List the fields of a document; those left out for a published figure too.

    People who are not offered a payment are no part of its answer.
    """
    if document is None:
        return ()
    set_here = [path for path, _ in leaves(document.to_dict())]
    published = [path for path in FIELDS if isinstance(document, Plan) and path not in set_here]
    return tuple(path for path in (*set_here, *published) if not path.startswith("not_offered."))


def as_register(path: str) -> str:
    """Give the path under which the register knows a field of a plan's payment.

    Example:
        >>> as_register("measures.0.incentive.effect.extra_hires"), as_register("leaver_cost")
        ('effect.extra_hires', 'leaver_cost')
    """
    if not path.startswith("measures.") or ".incentive." not in path:
        return path
    inner = path.split(".incentive.", 1)[1]
    return _AS_ELSEWHERE.get(inner, inner)


def chosen(document: Scenario | Plan | None) -> Chosen:
    """Answer a document as far as its assumptions log needs it.

    Example:
        >>> from retention_lib.presets import preset
        >>> chosen(preset("middlesbrough-2019").scenario).moved_by("leaving_reduction").path
        'effect.leaving_reduction'
    """
    if document is None:
        return Chosen(document=None, headline="", changes=(), checks=(), moves=())
    if isinstance(document, Scenario):
        result = evaluate(document, draws=0)
        said, checks = result.headline, result.checks
        changed = result.changes
    else:
        plan = appraise(document)
        said, changed, checks = plan.headline, plan.changes, plan.checks
    return Chosen(
        document=document,
        headline=said,
        changes=changed,
        checks=checks,
        moves=moves_of(document),
    )
