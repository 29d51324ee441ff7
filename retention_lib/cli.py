"""The command line: serve the workbooks, run a scenario, check the data, import a table."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from retention_lib.figures import FIGURES
from retention_lib.importers.dfe import ImportRefusedError
from retention_lib.results import BrokenIdentityError, IncentiveResult
from retention_lib.units import count, money, payment_text, percent

_WRONG = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0, or 2 with one readable message on standard error where the input is wrong.
    """
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except BrokenPipeError:
        # Whoever was reading has read enough; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (ValueError, OSError, BrokenIdentityError) as problem:
        print(problem, file=sys.stderr)
        return _WRONG


def _speak_utf8() -> None:
    """Let a pipe take pound and minus signs: Windows gives it a code page that lacks them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="retention", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the workbooks in a browser on this machine")
    serve.add_argument("--port", type=int, default=8866, help="8866 unless told")
    serve.add_argument(
        "--warm", type=int, default=1, help="pages of each kept ready; 1 unless told"
    )
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.set_defaults(command=_serve)

    run = commands.add_parser("run", help="answer a scenario file")
    run.add_argument("file", type=Path, help="a scenario, in JSON")
    run.add_argument("--json", action="store_true", help="print the whole result as JSON")
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="verify the figures, the register and the presets")
    check.set_defaults(command=_check)

    importing = commands.add_parser("import", help="turn DfE's published table into our figures")
    importing.add_argument("file", type=Path, help="DfE's workforce indicators, as CSV")
    importing.add_argument("--to", type=Path, default=FIGURES, help="our figures unless told")
    importing.add_argument("--overwrite", action="store_true", help="replace figures already there")
    importing.set_defaults(command=_import)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from retention_lib.views.server import serve

    return serve(port=options.port, open_browser=not options.no_browser, warm=options.warm)


def _run(options: argparse.Namespace) -> int:
    from retention_lib import Scenario, evaluate

    result = evaluate(Scenario.from_file(options.file))
    print(json.dumps(result.to_dict(), allow_nan=False) if options.json else readable(result))
    return 0


def readable(result: IncentiveResult) -> str:
    """Write an answer for a terminal: the answer first, then the figures behind it."""
    found = [result.headline, *result.sentences, ""]
    facts = [
        ("People paid", count(result.people_paid)),
        ("Paid to people", money(result.payments, exact=True)),
        ("On-costs", money(result.on_costs, exact=True)),
        ("Hiring", money(result.hiring, exact=True)),
        ("Paid back by leavers", money(result.clawback, exact=True)),
        ("Net cost", money(result.net_cost, exact=True)),
        ("Saved", money(result.saving, exact=True)),
        ("Net benefit", money(result.net_benefit, exact=True)),
        ("In today's money (NPV)", money(result.npv, exact=True)),
        ("Leavers avoided", count(result.leavers_avoided)),
        ("For each leaver avoided", _or_none(result.cost_per_leaver_avoided)),
        ("Would have stayed anyway", _share_or_none(result.deadweight_share)),
        ("Back for each £1 of cost", _return(result)),
        ("Breaks even in month", _month_or_never(result.payback_month)),
        ("Most it could pay", _payment_or_none(result)),
        ("The region's net benefit", money(result.region.net_benefit, exact=True)),
        ("The budget's net benefit", money(result.budget.net_benefit, exact=True)),
    ]
    found += [f"{label:<26}{value:>14}" for label, value in facts]
    found += ["", "Change to the budget by financial year, cash only (savings are negative)"]
    budget = result.table("budget")
    for line in budget.rows:
        cells = "".join(f"{money(float(cell or 0), exact=True):>13}" for cell in line[1:])
        found.append(f"{line[0]!s:<40}{cells}")
    found += ["", "Net by financial year, everything counted (gains are positive)"]
    years = result.table("years").records()
    found += [
        f"{year['year']:<26}{money(float(year['net'] or 0), exact=True):>14}" for year in years
    ]
    if result.changes:
        found += ["", "Changed from the case it started from"]
        found += [
            f"{change.label}: {change.was} to {change.now}. {change.reason or 'No reason given.'}"
            for change in result.changes
        ]
    made = result.provenance
    return "\n".join(
        [
            *found,
            "",
            *result.notes,
            made.says,
            f"Version {made.version}, scenario {made.scenario_digest}, "
            f"assumptions {made.register_digest}. {made.figures_release}.",
        ]
    )


def _or_none(value: float | None) -> str:
    return "none" if value is None else money(value, exact=True)


def _return(result: IncentiveResult) -> str:
    return "none" if result.roi is None else f"£{1 + result.roi:.2f}"


def _payment_or_none(result: IncentiveResult) -> str:
    most = result.break_even_payment
    return "none" if most is None else payment_text(most, result.payment_is_percent)


def _month_or_never(month: int | None) -> str:
    return "never" if month is None else str(month)


def _share_or_none(value: float | None) -> str:
    return "none" if value is None else percent(value)


def _check(_: argparse.Namespace) -> int:
    from retention_lib.checking import check_everything

    for line in check_everything():
        print(line)
    return 0


def _import(options: argparse.Namespace) -> int:
    from retention_lib.importers.dfe import read_indicators, write_figures

    there = [name for name in ("workforce.csv", "areas.csv") if (options.to / name).exists()]
    if there and not options.overwrite:
        raise ImportRefusedError(
            f"{options.to} already holds {' and '.join(there)}. "
            "Name another folder, or add --overwrite to replace them."
        )
    imported = read_indicators(options.file)
    for file in write_figures(imported, options.to):
        print(f"Wrote {file}")
    print(f"{len(imported.areas)} areas, {len(imported.figures)} figures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
