"""The section about a golden hello or a retention payment."""

from __future__ import annotations

import datetime as dt

from retention_lib import words
from retention_lib.documents import leaves
from retention_lib.labels import label_of, value_text
from retention_lib.origins import of_id
from retention_lib.outputs.word.grid import chosen
from retention_lib.outputs.word.paper import DRAWN, Paper
from retention_lib.outputs.word.shared import (
    ONE_AT_A_TIME,
    changed,
    key_figures,
    log_annex,
    summary,
    text_table,
    worked_out,
)
from retention_lib.pictures import incentives as pictures
from retention_lib.presets import presets
from retention_lib.results import Column, IncentiveResult, Table
from retention_lib.scenario import Scenario
from retention_lib.units import count, money, percent

_ABOUT = "It says what the payment costs, whether it pays for itself, and what the risks are."
_OFFER = (
    "scheme.kind",
    "scheme.amount.",
    "groups.",
    "scheme.take_up",
    "scheme.tie_in_months",
    "scheme.clawback.",
    "effect.",
    "leaver_cost",
    "vacancy.",
    "bidding.match_chance",
    "appraisal.months",
    "appraisal.discount_rate",
    "appraisal.optimism",
)
"""What describes the offer, in the order in which it is told; nothing is said of what is 0."""
_WORDS_OF_A_GROUP = (".grade", ".service", ".role", ".name")
_OWED = "scheme.clawback.recovery_rate"
_HELD = ("effect.leaving_reduction", "effect.pay_elasticity")


def write(paper: Paper, scenario: Scenario, result: IncentiveResult, on: dt.date) -> None:
    """Write the whole section."""
    start = of_id(presets(), scenario.case.preset)
    case = (start.summary, start.source) if start else None
    summary(paper, scenario, result, _ABOUT, case)
    key_figures(paper, result)
    is_paid = result.payments + result.hiring >= words.NOTHING and scenario.paid_too_late == 0
    *how, timing = pictures.formula_words(scenario, result.npv, result.excel_npv)
    paper.section("Financial implications")
    _offer(paper, scenario)
    if is_paid:
        _cost(paper, scenario, result)
        _worth(paper, result, timing)
        _needed(paper, scenario, result)
        _for_whom(paper, result)
        _risks(paper, scenario, result)
        _fairness(paper, result)
    elif scenario.paid_too_late > 0:
        paper.say(*result.sentences)
    else:
        paper.say("Nothing is paid, so there is no cost, no saving and no risk to set out.")
    changed(paper, result, has_case=scenario.case.preset in {each.id for each in presets()})
    worked_out(paper, (*how, timing, *result.notes))
    paper.about()
    log_annex(paper, scenario, on)
    if is_paid:
        _studies(paper, result)


def _offer(paper: Paper, scenario: Scenario) -> None:
    """Write what is offered to whom, and what is assumed of it."""
    paper.part("What was appraised")
    given = [
        (path, value)
        for path, value in leaves(scenario.to_dict())
        if value not in (0, "none") and not path.endswith(_WORDS_OF_A_GROUP)
    ]
    rows = [
        (_name(scenario, path), value_text(path, value))
        for start in _OFFER
        for path, value in given
        if path == start or (path.startswith(start) and start.endswith("."))
    ]
    paper.table(text_table("offer", "The offer and what is assumed of it", ("What", "Value"), rows))


def _name(scenario: Scenario, path: str) -> str:
    """Name a field, with its group where there are several."""
    label = label_of(path)
    if not path.startswith("groups.") or len(scenario.groups) == 1:
        return label
    return f"{label}: {scenario.groups[int(path.split('.')[1])].name}"


def _cost(paper: Paper, scenario: Scenario, result: IncentiveResult) -> None:
    paper.part("What it costs, by financial year")
    paper.say(pictures.budget_reading(result))
    paper.table(result.table("budget"))
    paper.figure(pictures.money_by_year(scenario, result, DRAWN), "years")
    paper.table(result.table("years"))


def _worth(paper: Paper, result: IncentiveResult, timing: str) -> None:
    paper.part("Whether it pays for itself")
    paper.say(_payback(result))
    paper.say(timing)
    paper.table(result.table("bridge"))
    if result.deadweight_share is not None:
        paper.say(
            f"Of the {count(result.people_paid)} people who are paid, "
            f"{percent(result.deadweight_share)} would have stayed to the end of what holds them "
            f"without it. They are paid {money(result.deadweight_payments)} (deadweight)."
        )
    paper.part("If the evidence is weak")
    paper.table(result.table("optimism"))


def _payback(result: IncentiveResult) -> str:
    """Say when the money is back, and the most that could be paid."""
    when = (
        "The money is not back within the period looked at."
        if result.payback_month is None
        else f"The money is back by the end of month {result.payback_month}."
    )
    if result.break_even.payment:
        return when
    return f"{when} On these inputs nothing is left to pay: no payment, however small, breaks even."


def _needed(paper: Paper, scenario: Scenario, result: IncentiveResult) -> None:
    paper.part("What would have to be true, and what studies found")
    paper.figure(pictures.evidence(scenario, result, DRAWN), "evidence")


def _for_whom(paper: Paper, result: IncentiveResult) -> None:
    paper.part("On whom the saving falls")
    paper.say(pictures.viewpoints_reading(result))
    paper.table(result.table("viewpoints"))


def _risks(paper: Paper, scenario: Scenario, result: IncentiveResult) -> None:
    paper.section("Risk management")
    if result.ranges is not None:
        paper.figure(pictures.how_sure(scenario, result, DRAWN), "ranges")
    paper.table(result.table("ranges"))
    if result.tornado:
        paper.say(*ONE_AT_A_TIME, "The last column says what the offer itself has against it.")
    table = result.table("tornado")
    against = tuple(_against(scenario, bar.path) for bar in result.tornado)
    columns = (*table.columns, Column("against", "What the offer has against it", "text"))
    rows = tuple((*row, said) for row, said in zip(table.rows, against, strict=True))
    paper.table(Table(table.key, table.title, columns, rows))
    paper.say(*words.bidding(result.bidding))
    paper.say(words.MEMORANDUM)


def _against(scenario: Scenario, path: str) -> str:
    """Say what of the offer itself bears on a risk."""
    tie, owed = "scheme.tie_in_months", "scheme.clawback.taper"
    months, taper = scenario.scheme.tie_in_months, scenario.scheme.clawback.taper
    if path in _HELD and months:
        return f"{label_of(tie)}: {value_text(tie, months)}"
    if path in (*_HELD, _OWED) and taper != "none":
        return f"{label_of(owed)}: {value_text(owed, taper)}"
    return "Nothing"


def _fairness(paper: Paper, result: IncentiveResult) -> None:
    paper.section("Equalities and fairness")
    paper.list(pictures.fairness_sentences(result))
    keys = ("who", "role", "offered", "why", "people", "each", "per_head")
    paper.table(chosen(result.table("fairness"), keys), pounds=("each", "per_head"))
    paper.table(result.table("parity"))


def _studies(paper: Paper, result: IncentiveResult) -> None:
    paper.annex("What studies found")
    keys = ("study", "fall", "low", "high", "nearness", "quality", "source")
    paper.table(chosen(result.table("evidence"), keys))
    paper.say("A dash is a study that gave no figure on this footing.")
