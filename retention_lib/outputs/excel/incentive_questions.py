"""What would have to be true for an offer to pay: live where money gives it, else proved."""

from __future__ import annotations

from retention_lib.outputs.excel.book import Rule, Sheet, Value
from retention_lib.outputs.excel.checks import as_exported
from retention_lib.outputs.excel.incentive_inputs import GOLDEN, KIND
from retention_lib.outputs.excel.incentive_played import WHAT_IF, Played
from retention_lib.outputs.excel.incentive_sides import npv_of
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of, quoted

SAYS = (
    "Each figure alone, all others as they are, for the answer in today's money (NPV) to be "
    "nothing: neither gain nor loss."
)
NOTHING, ANY = "nothing is enough", "any would do"
_ABOVE_0 = "needs a figure above 0"
_FOLLOWS = "follows the effect"
_NOT_GOLDEN = "golden hello only"

AMOUNT = (
    "IF(ISNUMBER(in_scheme_amount_flat),in_scheme_amount_flat,in_scheme_amount_percent_of_salary)"
)
_PAID = "(council_today_payments+council_today_on_costs-council_today_clawback)"
_WITHOUT_PAYMENT = f"(out_npv+{_PAID})"
_BY_EXTRA = (
    f"(council_today_extra_leaver_saving+council_today_vacancy_saving"
    f"+council_today_poached_saving-council_today_hiring"
    f"-{_PAID}*extra_for_each/(1+extra_for_each))"
)


def write_questions(page: Sheet, played: Played) -> None:
    """Write the sheet: live break-evens, what was solved, and the what-if that proves it."""
    page.row += 1
    _live(page, played)
    _solved(page, played)
    _what_if(page, played)


def _live(page: Sheet, played: Played) -> None:
    page.heading("Worked out from the inputs as they are now")
    page.header(("What", "Now", "How"), ("words", "number", "words"))
    payment = (
        f"=IF(NOT(ISNUMBER(in_effect_leaving_reduction)),{quoted(_FOLLOWS)},"
        f"IF({AMOUNT}<=0,{quoted(_ABOVE_0)},"
        f"IF({_PAID}<=0,IF({_WITHOUT_PAYMENT}>=0,{quoted(ANY)},{quoted(NOTHING)}),"
        f"IF({_WITHOUT_PAYMENT}<-0.005,{quoted(NOTHING)},"
        f"{AMOUNT}*MAX(0,{_WITHOUT_PAYMENT})/{_PAID}))))"
    )
    flat = played.scenario.scheme.amount.flat is not None
    page.line(
        "Most it could pay and break even",
        payment,
        "pounds" if flat else "of_salary",
        value=payment_value(played),
        name="out_most_payment",
        says=(
            f"{'£ each' if flat else '% of salary'}. The payment, times what the offer is worth "
            "without what is paid, over what is paid: both in today's money."
        ),
    )
    golden = f"{name_of(KIND)}={quoted(GOLDEN)}"
    extra = (
        f"=IF(NOT({golden}),{quoted(_NOT_GOLDEN)},"
        f"IF(in_effect_extra_hires<=0,{quoted(_ABOVE_0)},"
        f"IF(out_npv-{_BY_EXTRA}>=0,0,IF({_BY_EXTRA}<=0,{quoted(NOTHING)},"
        f"in_effect_extra_hires*({_BY_EXTRA}-out_npv)/{_BY_EXTRA}))))"
    )
    page.line(
        "Fewest extra people who must join, for each who would anyway",
        extra,
        "share",
        value=extra_value(played),
        name="out_fewest_extra",
        says="The extra people, times the loss without them, over what they bring.",
    )


def payment_value(played: Played) -> Value:
    """Give what the live formula gives: a figure, or why there is none; None if not known."""
    scenario, solved = played.scenario, played.result.break_even.payment
    amount = scenario.scheme.amount
    if scenario.effect.leaving_reduction is None:
        return _FOLLOWS
    if (amount.percent_of_salary if amount.flat is None else amount.flat) == 0:
        return _ABOVE_0
    return solved


def extra_value(played: Played) -> Value:
    """Give what the live formula for extra people gives: a share, or why there is none."""
    if played.scenario.scheme.kind != "golden_hello":
        return _NOT_GOLDEN
    if played.scenario.effect.extra_hires == 0:
        return _ABOVE_0
    solved = played.result.break_even.extra_hires
    return NOTHING if solved is None else solved


def _solved(page: Sheet, played: Played) -> None:
    page.heading("Solved by the library, as exported")
    page.header(("What", "As exported", "What it means"), ("words", "number", "words"))
    solved = played.result.break_even
    flat = played.scenario.scheme.amount.flat is not None
    fall: Value = NOTHING if solved.leaving_reduction is None else solved.leaving_reduction
    page.fixed(
        "Smallest fall in leaving at which it pays for itself",
        fall,
        "share",
        "0% means that it pays even if nobody stays because of it.",
    )
    page.fixed(
        "Most it could pay and break even",
        "None" if solved.payment is None else solved.payment,
        "pounds" if flat else "of_salary",
        "None: nothing, or anything, would break even.",
    )
    if played.scenario.scheme.kind == "golden_hello":
        page.fixed(
            "Fewest extra people who must join, for each who would anyway",
            NOTHING if solved.extra_hires is None else solved.extra_hires,
            "share",
        )
    page.text(0, "Do these belong to the inputs as they are?", "words", "label")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1


def _what_if(page: Sheet, played: Played) -> None:
    """Write the cells of the what-if and its answer, which prove what was solved."""
    page.heading("The proof, and any other what-if")
    page.note(
        "The offer again, with the figures below in place of those on the sheet Inputs. It starts "
        "from the fall that was solved, so the answer is £0 where there is one. Change a yellow "
        "cell to try another figure; an empty one takes what the sheet Inputs says. Nothing else "
        "in the file follows them."
    )
    page.note(
        "To solve again after changing inputs: Data, What-if analysis, Goal seek (in LibreOffice: "
        "Tools, Goal seek). Set the cell of the answer to 0 by changing one of the yellow cells."
    )
    page.header(("What if", "Figure", "What it means"), ("words", "number", "words"))
    flat = played.scenario.scheme.amount.flat is not None
    share = Rule(least=0, most=1)
    money: Kind = "pounds" if flat else "of_salary"
    cells: tuple[tuple[str, str, float | None, Kind, Rule, str], ...] = (
        ("Fall in leaving", "whatif_fall", played.what_if_fall, "share", share, "While it binds."),
        (
            "Payment to each",
            "whatif_payment",
            None,
            money,
            Rule(least=0, most=1e12),
            "In £, or in % of salary, as on the sheet Inputs.",
        ),
        (
            "Extra people, for each who would come anyway",
            "whatif_extra",
            None,
            "share",
            Rule(least=0, most=1e6),
            "Of a golden hello. 33% is one more for each three.",
        ),
    )
    for label, name, value, kind, rule, says in cells:
        page.text(0, label, "words")
        page.changeable(1, value, kind, name, rule)
        page.text(2, says, "words")
        page.row += 1
    net = played.net(WHAT_IF)
    worth = float((net * played.discount).sum())
    page.line(
        "Saved less cost, then",
        "=whatif_sum_net",
        "pounds",
        value=float(net.sum()),
        says="Over the months looked at.",
    )
    page.line(
        "In today's money (NPV), then",
        f"={npv_of(WHAT_IF)}",
        "pounds",
        value=worth,
        name="out_whatif_npv",
        role="total",
        says="£0 at a figure that breaks even.",
    )
