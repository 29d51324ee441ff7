"""The bridge from a service without a plan to one with it, and the identities of every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retention_lib.plans import budget_tables
from retention_lib.plans.optimism import NOTHING, Allowance
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.rates import FloatArray
from retention_lib.results import Check, Step
from retention_lib.workforce.engine import BANDS, sum_of


def bridge(found: Played, off: Allowance = NOTHING) -> tuple[Step, ...]:
    """Lead from what the service costs without the plan to what it costs with it.

    Each measure's step is what it does alone; what they do together beyond that is a step of its
    own (interaction). An allowance for optimism is the last step.
    """
    spent = found.ledger.total()[:, 0].sum(axis=-1)
    measures = found.numbers.plan.measures
    alone = [float(spent[2 + i] - spent[WITHOUT]) for i in range(len(measures))]
    together = float(spent[WITH] - spent[WITHOUT])
    steps = [Step("without", "Without the plan", float(spent[WITHOUT]), total=True)]
    for index, (measure, pounds) in enumerate(zip(measures, alone, strict=True)):
        steps.append(Step(f"measure_{index}", measure.name, pounds))
    steps.append(Step("interaction", "What they do together (interaction)", together - sum(alone)))
    if off.on:
        steps.append(Step("optimism", budget_tables.ALLOWANCE, float(off.cash.sum())))
    whole = float(spent[WITH]) + float(off.cash.sum())
    steps.append(Step("with", "With the plan", whole, total=True))
    return tuple(steps)


def checks(found: Played, steps: Sequence[Step], off: Allowance = NOTHING) -> tuple[Check, ...]:
    """List the identities that hold in every answer, and by how much each is missed."""
    path, ledger = found.path, found.ledger
    staff, leavers = path.in_post, path.all_leavers
    people = np.diff(staff, axis=-1) + leavers[..., 1:] - path.joined[..., 1:]
    posts = path.posts + path.over - staff - path.covered - path.uncovered
    lines = sum_of(line.pounds for line in ledger.lines if line.cash and line.by_council)
    total = ledger.total()
    scale = max(1.0, float(np.abs(total).sum()) * 1e-9)
    head = max(1.0, float(staff.max()) * 1e-9)
    mtfs = budget_tables.mtfs_rows(found, off)
    mtfs_missed = sum_of(row for _, row, is_total in mtfs if not is_total) - mtfs[-1][1]
    parts = [step.pounds for step in steps[:-1]]
    case = {label: row for label, row, _ in budget_tables.invest_to_save_rows(found, off)}
    return (
        Check("Staff are staff before, less leavers, and joiners", _worst(people) / head),
        Check("The bands add up to staff", _worst(_bands(found)) / head),
        Check("Posts are filled, covered or not", _worst(posts) / head),
        Check("The lines add up to the spending", _worst(lines - total) / scale),
        Check(
            "Years add up to months",
            _worst(found.net_by_year.sum(axis=-1) - found.net_monthly.sum(axis=-1)) / scale,
        ),
        Check("The bridge adds up", (sum(parts) - steps[-1].pounds) / scale),
        Check("The MTFS table adds up", _worst(mtfs_missed) / scale),
        Check(
            "The invest-to-save table gives the same net",
            _worst(case[budget_tables.NET_COST] + found.net_by_year[WITH, 0] - off.by_year[0])
            / scale,
        ),
        Check("Cost less saving is the net", _worst(_net_missed(case)) / scale),
    )


def _worst(differences: FloatArray) -> float:
    return float(np.abs(differences).max()) if differences.size else 0.0


def _bands(found: Played) -> FloatArray:
    """Give by how much the moves between bands are missed."""
    path = found.path
    moved = {
        "newly_qualified": path.joined_newly_qualified - path.progressed,
        "social_worker": path.progressed
        - path.promoted
        + path.joined_groups
        + path.joined_ordinary,
        "senior": path.promoted,
    }
    missed = [
        np.diff(path.staff[band], axis=-1) + path.leavers[band][..., 1:] - moved[band][..., 1:]
        for band in BANDS
    ]
    return np.stack(missed)


def _net_missed(case: Mapping[str, FloatArray]) -> FloatArray:
    """Give by how much the invest-to-save table's rows miss its net."""
    parts = (
        budget_tables.TOTAL_COST,
        budget_tables.SAVING,
        budget_tables.MORE_COST,
        budget_tables.ALLOWANCE,
    )
    there = [case[name] for name in parts if name in case]
    return sum_of(there) - case[budget_tables.NET_COST]
