"""The command line: serve the workbooks, answer, compare and export scenarios, check, import."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from retention_lib.figures import FIGURES
from retention_lib.outputs.files import OUTPUTS
from retention_lib.outputs.terminal import plain_table, readable, readable_sides
from retention_lib.paths import DATA
from retention_lib.results import BrokenIdentityError

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

    _add_serve(commands)

    run = commands.add_parser("run", help="answer a scenario file")
    run.add_argument("file", type=Path, help="a scenario, in JSON")
    run.add_argument("--json", action="store_true", help="print the whole result as JSON")
    run.set_defaults(command=_run)

    _add_comparing(commands)

    log = commands.add_parser("evidence", help="the assumptions log of a scenario or a plan")
    log.add_argument("file", type=Path, nargs="?", help="the register by itself unless told")
    log.add_argument("--json", action="store_true", help="print the whole log as JSON")
    log.set_defaults(command=_evidence)

    check = commands.add_parser("check", help="verify the figures, the register and the presets")
    check.set_defaults(command=_check)

    _add_every_council(commands)
    _add_benchmarks(commands)
    _add_happened(commands)
    _add_import(commands)

    past = commands.add_parser(
        "hindcast", help="what the four-year model would have forecast, beside what came"
    )
    past.add_argument("--json", action="store_true", help="print it as JSON")
    past.set_defaults(command=_hindcast)
    return parser


def _add_comparing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    beside = commands.add_parser("compare", help="two to four scenarios side by side: what differs")
    beside.add_argument("files", type=Path, nargs="+", metavar="FILE", help="scenarios, in JSON")
    beside.add_argument("--ranges", action="store_true", help="chances and ranges too; slower")
    beside.add_argument("--all", action="store_true", help="also the figures that are the same")
    beside.add_argument("--json", action="store_true", help="print it as JSON")
    beside.set_defaults(command=_compare)

    export = commands.add_parser("export", help="write an answer to a file to take away")
    export.add_argument("file", type=Path, help="a scenario, in JSON")
    export.add_argument(
        "--as",
        dest="output",
        required=True,
        choices=[each.key for each in OUTPUTS],
        help="; ".join(f"{each.key}: {each.label}" for each in OUTPUTS),
    )
    export.add_argument("--to", type=Path, help="a file or a folder; here unless told")
    export.add_argument("--overwrite", action="store_true", help="replace a file already there")
    export.set_defaults(command=_export)


def _add_every_council(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    everywhere = commands.add_parser(
        "every-council", help="the same offer or plan in every council: where would it pay?"
    )
    everywhere.add_argument("file", type=Path, help="an offer or a plan, in JSON")
    everywhere.add_argument("--year", type=int, help="of the figures; the latest unless told")
    everywhere.add_argument(
        "--draws", type=int, default=0, help="for the chance that it pays; none unless told"
    )
    everywhere.add_argument("--json", action="store_true", help="print it as JSON")
    everywhere.set_defaults(command=_every_council)


def _add_benchmarks(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    standing = commands.add_parser("standing", help="where a council stands, in one year")
    standing.add_argument("code", help="DfE's three-digit code of the council, such as 806")
    standing.add_argument("--year", type=int, help="the latest unless told")
    standing.add_argument(
        "--beside",
        choices=["neighbours_2025", "neighbours_2021", "region", "england"],
        default="neighbours_2025",
        help="the councils to compare with; the 2025 model's neighbours unless told",
    )
    standing.add_argument("--json", action="store_true", help="print it as JSON")
    standing.set_defaults(command=_standing)

    reference = commands.add_parser(
        "reference-class", help="what became of the councils that started alike"
    )
    reference.add_argument("measure", help="turnover, vacancy, agency, caseload or absence")
    for name, what in (("--at-least", "the least"), ("--at-most", "the largest")):
        reference.add_argument(
            name, type=float, help=f"{what} start, in percent (caseload: in cases)"
        )
    reference.add_argument("--years-on", type=int, default=1, help="1 unless told")
    reference.add_argument(
        "--neighbours-of", default="", metavar="CODE", help="only these neighbours and itself"
    )
    reference.add_argument("--json", action="store_true", help="print it as JSON")
    reference.set_defaults(command=_reference_class)


def _add_happened(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    happened = commands.add_parser(
        "what-happened", help="what came after a year in a council, beside a mix of others"
    )
    happened.add_argument("code", help="DfE's three-digit code of the council, such as 806")
    happened.add_argument("--year", type=int, required=True, help="the last year before")
    happened.add_argument(
        "--measure",
        default="turnover",
        help="turnover (unless told), vacancy, agency, caseload or absence",
    )
    happened.add_argument("--until", type=int, help="the year to look at; three on unless told")
    happened.add_argument("--json", action="store_true", help="print it as JSON")
    happened.set_defaults(command=_what_happened)

    mixes = commands.add_parser(
        "fit-controls", help="make the kept mixes of councils again, with pysyncon; a minute or so"
    )
    mixes.add_argument("--to", type=Path, default=DATA / "controls", help="our data unless told")
    mixes.add_argument("--workers", type=int, default=2, help="at a time; 2 unless told")
    mixes.set_defaults(command=_fit_controls)


def _add_import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = commands.add_parser("import", help="turn a published table into our figures")
    importing.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="DfE's workforce table, a statistical neighbour model or Ofsted's judgements, as CSV",
    )
    importing.add_argument("--to", type=Path, default=FIGURES, help="our figures unless told")
    importing.add_argument("--overwrite", action="store_true", help="replace figures already there")
    importing.add_argument("--published", default="", help="when it was published: 2026-03-19")
    importing.add_argument(
        "--from-dfe", action="store_true", help="ask DfE's statistics service instead of a file"
    )
    importing.add_argument("--data-set", default="", help="the id of DfE's data set")
    importing.add_argument(
        "--seconds", type=_seconds, default=30, help="how long to wait for DfE; 30 unless told"
    )
    importing.set_defaults(command=_import)


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command that serves the workbooks, and what can be chosen of it."""
    serve = commands.add_parser(
        "serve", help="serve the workbooks to this computer's browser, or to a network"
    )
    serve.add_argument("--port", type=int, default=8866, help="8866 unless told")
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="127.0.0.1 alone unless told"
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that pages may be asked under; may be given again",
    )
    serve.add_argument(
        "--max-open",
        type=int,
        metavar="N",
        help="pages at once; 60, or 16 if nothing forks",
    )
    serve.add_argument(
        "--warm", type=int, default=1, metavar="N", help="pages of each kept ready; 1 unless told"
    )
    serve.add_argument(
        "--base-url", default="/", metavar="PATH", help="what every address starts with"
    )
    serve.add_argument(
        "--behind-proxy",
        action="store_true",
        help="believe the proxy before it that says how pages are asked for",
    )
    serve.add_argument("--log", metavar="FILE", help="write a line for each request; - for here")
    serve.add_argument(
        "--no-fork", action="store_true", help="start every page afresh; slower, and larger"
    )
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.set_defaults(command=_serve)


def _seconds(text: str) -> float:
    """Read how long to wait: more than nothing, and an hour at most."""
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not a time to wait, such as 30")
    return seconds


def _serve(options: argparse.Namespace) -> int:
    from retention_lib.views.server import Options, serve

    return serve(
        Options(
            port=options.port,
            host=options.host,
            names=tuple(options.allow_host),
            max_open=options.max_open,
            warm=options.warm,
            base_url=options.base_url,
            behind_proxy=options.behind_proxy,
            log=options.log,
            fork=not options.no_fork,
            open_browser=not options.no_browser,
        )
    )


def _run(options: argparse.Namespace) -> int:
    from retention_lib.answering import answer_file

    result = answer_file(options.file)
    print(json.dumps(result.to_dict(), allow_nan=False) if options.json else readable(result))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from retention_lib.answering import read_file
    from retention_lib.comparing import side_by_side

    documents = [read_file(file) for file in options.files]
    found = side_by_side(documents, ranges=options.ranges, differences_only=not options.all)
    print(json.dumps(found.to_dict(), allow_nan=False) if options.json else readable_sides(found))
    return 0


def _export(options: argparse.Namespace) -> int:
    from retention_lib.answering import answer, read_file
    from retention_lib.outputs.exporting import export, place_for
    from retention_lib.outputs.files import output

    document, of = read_file(options.file), output(options.output)
    place = place_for(document, of, options.to, overwrite=options.overwrite)
    export(document, answer(document), of, place, dt.date.today())
    print(f"Wrote {place}")
    return 0


def _every_council(options: argparse.Namespace) -> int:
    from retention_lib.answering import read_file
    from retention_lib.every_council import every_council
    from retention_lib.plans.plan import Plan
    from retention_lib.scenario import Scenario

    asked = read_file(options.file)
    if not isinstance(asked, Scenario | Plan):
        raise ValueError(f"kind is {asked.kind}. It must be {Scenario.KIND} or {Plan.KIND}.")
    if options.draws < 0:
        raise ValueError(f"--draws is {options.draws}. It must be 0 or more.")
    found = every_council(asked, year=options.year, draws=options.draws)
    if options.json:
        print(json.dumps(found.to_dict(), allow_nan=False))
        return 0
    print(f"It pays for itself in {found.paying} of {len(found.rows)} councils.")
    print(plain_table(found.readable()))
    for name, why in found.left_out:
        print(f"Left out: {name}. {why}")
    return 0


def _evidence(options: argparse.Namespace) -> int:
    from retention_lib.assumptions_log import Question, log_of
    from retention_lib.assumptions_log.question import REGISTER
    from retention_lib.outputs.terminal import readable_log

    file = options.file
    asked = Question(about=REGISTER) if file is None else Question.from_file(file)
    found = log_of(asked, dt.date.today())
    print(json.dumps(found.to_dict(), allow_nan=False) if options.json else readable_log(found))
    return 0


def _check(_: argparse.Namespace) -> int:
    from retention_lib.checking import check_everything

    for line in check_everything():
        print(line)
    return 0


def _standing(options: argparse.Namespace) -> int:
    from retention_lib.benchmarks.comparison import Comparison
    from retention_lib.benchmarks.groups import council, group_of
    from retention_lib.benchmarks.result import standing_dict
    from retention_lib.benchmarks.standing import standings
    from retention_lib.benchmarks.tables import standing_table

    area = council(options.code)
    year = {} if options.year is None else {"year": options.year}
    asked = Comparison.from_dict({"schema": 1, "kind": "benchmark", "council": area.code, **year})
    found = standings(area, asked.year, group_of(area, options.beside))
    print(
        json.dumps(standing_dict(found), allow_nan=False)
        if options.json
        else plain_table(standing_table(found))
    )
    return 0


def _reference_class(options: argparse.Namespace) -> int:
    from retention_lib.benchmarks.groups import council, group_of
    from retention_lib.benchmarks.measures import measure_of
    from retention_lib.benchmarks.reference import reference_class
    from retention_lib.benchmarks.result import ReadClaim, reference_dict
    from retention_lib.benchmarks.tables import reference_table
    from retention_lib.benchmarks.words import claim_sentence

    measure = measure_of(options.measure)
    scale = 100 if measure.is_share else 1
    ends = {
        name: value / scale
        for name, value in (("at_least", options.at_least), ("at_most", options.at_most))
        if value is not None
    }
    for name, value in (("--at-least", options.at_least), ("--at-most", options.at_most)):
        if value is not None and measure.is_share and measure.key != "absence" and 0 < value < 1:
            raise ValueError(f"{name} is {value:g}. It must be in percent: 25 for 25%.")
    among = None
    if options.neighbours_of:
        area = council(options.neighbours_of)
        group = group_of(area, "neighbours_2025")
        among = {area.code, *(each.code for each in group.areas)}
    found = reference_class(measure.key, years_on=options.years_on, among=among, **ends)
    if options.json:
        print(json.dumps(reference_dict(found), allow_nan=False))
        return 0
    claims = [ReadClaim(points / scale, False, found, among is not None) for points in (-5, -10, 5)]
    for claim in claims:
        print(claim_sentence(claim))
    print(plain_table(reference_table(claims[0])))
    return 0


def _what_happened(options: argparse.Namespace) -> int:
    from retention_lib.synthetic.answer import what_happened
    from retention_lib.synthetic.question import Question

    given = {"council": options.code, "year": options.year, "measure": options.measure}
    until = {} if options.until is None else {"until": options.until}
    asked = Question.from_dict({"schema": 1, "kind": Question.KIND, **given, **until})
    result = what_happened(asked)
    print(json.dumps(result.to_dict(), allow_nan=False) if options.json else readable(result))
    return 0


def _fit_controls(options: argparse.Namespace) -> int:
    from retention_lib.synthetic.making import make_mixes

    try:
        for line in make_mixes(options.to, options.workers):
            print(line, flush=True)
    except ImportError as missing:
        raise ValueError(f"This needs pysyncon: pip install pysyncon. {missing}") from None
    return 0


def _hindcast(options: argparse.Namespace) -> int:
    from retention_lib.hindcast.scores import hindcast
    from retention_lib.hindcast.tables import NOTES, hindcast_dict, hindcast_table, starts_table

    found = hindcast()
    if options.json:
        print(json.dumps(hindcast_dict(found), allow_nan=False))
        return 0
    for table in (hindcast_table(found), starts_table(found)):
        print(f"{table.title}\n{plain_table(table)}\n")
    print("\n".join(NOTES))
    return 0


def _import(options: argparse.Namespace) -> int:
    from retention_lib.importers.dfe_api import fetch_workforce
    from retention_lib.importers.release import plan_for
    from retention_lib.importers.tables import ImportRefusedError, read_published

    if (options.file is None) == (not options.from_dfe):
        raise ImportRefusedError("Name a file, or give --from-dfe to ask DfE's service.")
    if options.from_dfe:
        published = fetch_workforce(options.data_set, seconds=options.seconds)
    else:
        published = read_published(options.file)
    plan = plan_for(published, options.to, options.published)
    for line in plan.told:
        print(line)
    replaced = plan.replaces(options.to)
    if replaced and not options.overwrite:
        raise ImportRefusedError(
            f"Nothing was written. {options.to} already holds {' and '.join(replaced)}. "
            "Name another folder with --to, or add --overwrite to replace them."
        )
    for file in plan.write(options.to):
        print(f"Wrote {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
