"""The command line: a readable answer, strict JSON, and one readable message where it is wrong."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from retention_lib import Scenario, checking, evaluate, first_look
from retention_lib.answering import answer, read_file
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.cli import main
from retention_lib.comparing import side_by_side
from retention_lib.outputs.files import file_name, output
from retention_lib.plans.cases import case as plan_case
from retention_lib.presets import preset
from retention_lib.results import BrokenIdentityError
from tests.test_importers import ENGLAND, MIDDLESBROUGH, indicators
from tests.worlds import ONE_MONTH, made

DATA = Path(__file__).parent / "data"
RETENTION = DATA / "incentive-retention.json"

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """The file of the one-month world: 100 people, 50 each, 3,000 lost."""
    file = tmp_path / "world.json"
    file.write_text(made(ONE_MONTH).to_json(), encoding="utf-8")
    return file


def test_run_prints_the_answer_first_and_then_the_figures(world: Path, capsys: Captured) -> None:
    assert main(["run", str(world)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert lines[0] == "No. It costs £3,000 more than it saves."
    figures = {line[:26].strip(): line[26:].strip() for line in lines if "  " in line}
    assert figures["People paid"] == "100"
    assert figures["Paid to people"] == "£5,000"
    assert figures["Net benefit"] == "−£3,000"
    assert figures["For each leaver avoided"] == "£25,000"
    assert figures["Breaks even in month"] == "never"
    assert figures["Year 1"] == "−£3,000"
    assert "Not a forecast" in printed.out


@pytest.mark.parametrize("name", ["incentive-retention", "incentive-golden-hello"])
def test_run_json_prints_what_evaluate_gives_to_the_last_digit(name: str, capsys: Captured) -> None:
    file = DATA / f"{name}.json"
    assert main(["run", str(file), "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert json.loads(printed.out) == evaluate(Scenario.from_file(file)).to_dict()
    assert printed.out.count("\n") == 1


def test_run_says_what_was_changed_and_why(tmp_path: Path, capsys: Captured) -> None:
    start = preset("middlesbrough-2019").scenario
    changed = start.but({"leaver_cost": 25_000, "scheme.take_up": 1})
    file = tmp_path / "changed.json"
    file.write_text(changed.with_reasons({"leaver_cost": "Counted"}).to_json(), encoding="utf-8")
    main(["run", str(file)])
    printed = capsys.readouterr().out
    assert "Cost of each leaver: £20,000 to £25,000. Counted" in printed
    assert "Share who sign up: 82.9% to 100%. No reason given." in printed


WRONG_FILES: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"schema = 1",
    "binary": bytes(range(256)),
    "a list": b"[]",
    "another schema": b'{"schema": 2, "kind": "incentive"}',
    "negative heads": RETENTION.read_bytes().replace(b'"headcount": 82', b'"headcount": -82'),
    "140% turnover": RETENTION.read_bytes().replace(b"0.208", b"1.4"),
    "NaN": RETENTION.read_bytes().replace(b"0.208", b"NaN"),
    "no end": RETENTION.read_bytes().replace(b"0.208", b"1e999"),
    "shares of nine tenths": RETENTION.read_bytes().replace(b'"share": 1.0', b'"share": 0.9'),
    "an unknown field": RETENTION.read_bytes().replace(b'"take_up"', b'"takeup"'),
    "brackets without end": b"[" * 100_000,
    "half a letter": RETENTION.read_bytes().replace(b"Middlesbrough's", b"\\ud800"),
    "huge": b" " * 1_000_001,
}


@pytest.mark.parametrize("json_too", [[], ["--json"]])
@pytest.mark.parametrize("what", WRONG_FILES)
def test_a_wrong_file_gets_one_message_on_standard_error_and_status_2(
    what: str, json_too: list[str], tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(WRONG_FILES[what])
    assert main(["run", str(file), *json_too]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert printed.err.strip()[-1] in ".?"


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read: No such file or directory." in capsys.readouterr().err
    assert main(["run", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_answer_that_does_not_add_up_is_a_message_and_no_traceback(
    world: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def broken(_: object) -> None:
        raise BrokenIdentityError("This answer does not add up.")

    monkeypatch.setattr(first_look, "require", broken)
    assert main(["run", str(world)]) == 2
    assert capsys.readouterr().err == "This answer does not add up.\n"


@pytest.mark.parametrize("coding", ["ascii", "cp1252", "utf-8"])
def test_a_pipe_that_lacks_a_pound_sign_gets_the_answer_all_the_same(
    coding: str, root: Path
) -> None:
    command = [sys.executable, "-m", "retention_lib.cli", "run"]
    surroundings = {**os.environ, "PYTHONIOENCODING": coding}
    good = subprocess.run(
        [*command, str(RETENTION)], cwd=root, env=surroundings, capture_output=True, check=False
    )
    assert (good.returncode, good.stderr) == (0, b"")
    assert "Net benefit" in good.stdout.decode("utf-8")
    assert "−£202,159" in good.stdout.decode("utf-8")
    bad = subprocess.run(
        [*command, "nicht da £ −.json"],
        cwd=root,
        env=surroundings,
        capture_output=True,
        check=False,
    )
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert "nicht da £ −.json cannot be read" in bad.stderr.decode("utf-8")


@pytest.mark.parametrize("arguments", [[], ["go"], ["run"], ["run", "a.json", "--xml"]])
def test_a_command_that_there_is_not_gets_usage_and_status_2(
    arguments: list[str], capsys: Captured
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: retention")


# Side by side.


@pytest.fixture
def kept(tmp_path: Path) -> list[str]:
    """Four kept files: an offer, the same with a reason, a plan and a comparison."""
    offer = preset("middlesbrough-2019").scenario
    counted = offer.but({"leaver_cost": 25_000}).with_reasons({"leaver_cost": "Counted"})
    documents = (offer, counted, plan_case("north-somerset-2025").plan, comparisons()[0].comparison)
    files = [tmp_path / f"{index}.json" for index in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_text(document.to_json(), encoding="utf-8")
    return [str(file) for file in files]


def test_compare_prints_what_differs_and_why(kept: list[str], capsys: Captured) -> None:
    assert main(["compare", *kept[:2]]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert lines[0].startswith("They cost the same, £383,000.")
    told_apart = "A. Middlesbrough's 2019 offer (Cost of each leaver: £20,000): No. It costs £361"
    assert any(line.startswith(told_apart) for line in lines)
    assert [line.split() for line in lines if line.startswith("Cost of each leaver ")] == [
        ["Cost", "of", "each", "leaver", "£20,000", "£25,000"]
    ]
    assert any(line.endswith("B: Counted") for line in lines)
    assert "What it costs" not in printed.out
    assert "Not a forecast" in printed.out
    assert main(["compare", *kept[:2], "--all"]) == 0
    assert "What it costs" in capsys.readouterr().out


def test_compare_of_all_kinds_prints_no_ranking(kept: list[str], capsys: Captured) -> None:
    assert main(["compare", *kept]) == 0
    assert capsys.readouterr().out.startswith("These cannot be ranked.")


def test_compare_json_prints_what_python_gives(kept: list[str], capsys: Captured) -> None:
    assert main(["compare", *kept[:3], "--json"]) == 0
    documents = [read_file(Path(file)) for file in kept[:3]]
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(side_by_side(documents).to_dict()))
    assert main(["compare", *kept[:2], "--json", "--ranges"]) == 0
    assert "range" in {row["key"] for row in json.loads(capsys.readouterr().out)["answers"]}


@pytest.mark.parametrize("number", [1, 5])
def test_compare_takes_two_to_four(number: int, kept: list[str], capsys: Captured) -> None:
    assert main(["compare", *[kept[0]] * number]) == 2
    assert capsys.readouterr().err == (f"There must be 2 to 4 to set side by side, not {number}.\n")


# Files to take away.


@pytest.mark.parametrize("key", ["csv", "json"])
def test_export_writes_what_the_page_hands_over_and_says_where(
    key: str, kept: list[str], tmp_path: Path, capsys: Captured
) -> None:
    of = output(key)
    document = read_file(Path(kept[0]))
    place = tmp_path / file_name(document, of)
    assert main(["export", kept[0], "--as", key, "--to", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Wrote {place}\n"
    today = dt.date.today()
    assert place.read_bytes() == of.make(document, answer(document), today)


def test_export_names_the_file_it_is_told_to_or_one_in_this_folder(
    kept: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    named = tmp_path / "mine.csv"
    assert main(["export", kept[3], "--as", "csv", "--to", str(named)]) == 0
    assert named.exists()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert main(["export", kept[3], "--as", "csv"]) == 0
    (written,) = here.iterdir()
    assert written.name == file_name(read_file(Path(kept[3])), output("csv"))
    assert str(written.name) in capsys.readouterr().out


def test_export_does_not_overwrite_a_file_unless_it_is_told_to(
    kept: list[str], tmp_path: Path, capsys: Captured
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("mine", encoding="utf-8")
    command = ["export", kept[0], "--as", "csv", "--to", str(mine)]
    assert main(command) == 2
    assert capsys.readouterr().err == (
        f"Nothing was written. {mine} is there already. Name another file with --to, or add "
        "--overwrite to replace it.\n"
    )
    assert mine.read_text(encoding="utf-8") == "mine"
    assert main([*command, "--overwrite"]) == 0
    assert mine.read_bytes() != b"mine"


def test_export_needs_a_folder_that_is_there_and_an_output_there_is(
    kept: list[str], tmp_path: Path, capsys: Captured
) -> None:
    gone = tmp_path / "gone" / "a.csv"
    assert main(["export", kept[0], "--as", "csv", "--to", str(gone)]) == 2
    assert f"There is no folder {gone.parent}." in capsys.readouterr().err
    assert main(["export", str(gone), "--as", "csv"]) == 2
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        main(["export", kept[0], "--as", "pdf"])
    assert left.value.code == 2
    assert "invalid choice: 'pdf'" in capsys.readouterr().err


# Check.


def test_check_finds_everything_sound(capsys: Captured) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "each with a source or a reason" in printed.out
    assert "Middlesbrough's 2019 offer: No." in printed.out


def test_check_stops_at_a_figure_that_is_not_what_was_published(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(checking, "leaving_in", lambda code, year: None)
    assert main(["check"]) == 2
    assert "Turnover of council 806 in 2019 should be 20.8%; found None." in capsys.readouterr().err


# Import.


def release_in(folder: Path, **changes: str) -> Path:
    """A small release of DfE's, with changes to Middlesbrough's row."""
    file = folder / "dfe.csv"
    file.write_bytes(indicators(ENGLAND, {**MIDDLESBROUGH, **changes}))
    return file


def test_import_tells_what_it_read_and_writes_our_tables(tmp_path: Path, capsys: Captured) -> None:
    ours = tmp_path / "ours"
    assert main(["import", str(release_in(tmp_path)), "--to", str(ours)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.splitlines() == [
        "dfe.csv: indicators, releases of 2023 to 2025, 2025 to 2025, 2 areas, 30 figures.",
        "There were no figures before.",
        f"Wrote {ours / 'workforce.csv'}",
        f"Wrote {ours / 'areas.csv'}",
        f"Wrote {ours / 'provenance' / 'workforce.toml'}",
    ]
    written = (ours / "workforce.csv").read_text(encoding="utf-8")
    assert "806,2025,turnover,0.086,\n" in written


def test_import_tells_what_changed_and_overwrites_only_when_told(
    tmp_path: Path, capsys: Captured
) -> None:
    ours = tmp_path / "ours"
    command = ["import", str(release_in(tmp_path)), "--to", str(ours)]
    assert main(command) == 0
    before = (ours / "workforce.csv").read_bytes()
    release_in(tmp_path, turnover_rate_fte="20.8")
    capsys.readouterr()
    assert main(command) == 2
    printed = capsys.readouterr()
    told = printed.out.splitlines()[1:]
    assert told == ["Revised: 1 figure", "  806, 2025, turnover: 0.086 to 0.208"]
    assert printed.err == (
        f"Nothing was written. {ours} already holds workforce.csv and provenance/workforce.toml. "
        "Name another folder with --to, or add --overwrite to replace them.\n"
    )
    assert (ours / "workforce.csv").read_bytes() == before
    assert main([*command, "--overwrite"]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == told
    assert b"806,2025,turnover,0.208," in (ours / "workforce.csv").read_bytes()


def test_import_of_the_same_table_again_needs_no_leave_to_overwrite(
    tmp_path: Path, capsys: Captured
) -> None:
    command = ["import", str(release_in(tmp_path)), "--to", str(tmp_path / "ours")]
    assert main(command) == 0
    capsys.readouterr()
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines()[1] == "No figure was revised."


def test_import_does_not_overwrite_a_file_that_is_not_ours(
    tmp_path: Path, capsys: Captured
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "workforce.csv").write_text("mine", encoding="utf-8")
    assert main(["import", str(release_in(tmp_path)), "--to", str(ours)]) == 2
    assert "already holds workforce.csv." in capsys.readouterr().err
    assert (ours / "workforce.csv").read_text(encoding="utf-8") == "mine"
    assert [file.name for file in ours.iterdir()] == ["workforce.csv"]


@pytest.mark.parametrize(
    ("option", "written"),
    [(["--published", "2026-03-19"], "2026-03-19"), ([], "not given")],
)
def test_import_keeps_when_the_table_was_published(
    option: list[str], written: str, tmp_path: Path
) -> None:
    ours = tmp_path / "ours"
    assert main(["import", str(release_in(tmp_path)), "--to", str(ours), *option]) == 0
    provenance = (ours / "provenance" / "workforce.toml").read_text(encoding="utf-8")
    assert f'published = "{written}"\n' in provenance


@pytest.mark.parametrize("both", [False, True])
def test_import_takes_either_a_file_or_dfes_service(
    both: bool, tmp_path: Path, capsys: Captured
) -> None:
    given = [str(release_in(tmp_path)), "--from-dfe"] if both else []
    assert main(["import", *given, "--to", str(tmp_path / "ours")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "Name a file, or give --from-dfe to ask DfE's service.\n"
    assert not (tmp_path / "ours").exists()


def test_import_writes_nothing_where_a_cell_is_bad(tmp_path: Path, capsys: Captured) -> None:
    file = release_in(tmp_path, turnover_rate_fte="many")
    assert main(["import", str(file), "--to", str(tmp_path / "ours")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "Line 3, turnover_rate_fte is 'many': neither a number nor a symbol that DfE uses.\n"
    )
    assert not (tmp_path / "ours").exists()


def test_import_names_a_file_that_is_not_there(tmp_path: Path, capsys: Captured) -> None:
    assert main(["import", str(tmp_path / "none.csv"), "--to", str(tmp_path)]) == 2
    assert "none.csv cannot be read: No such file" in capsys.readouterr().err
