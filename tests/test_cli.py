"""The command line: a readable answer, strict JSON, and one readable message where it is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from retention_lib import Scenario, checking, evaluate, evaluation
from retention_lib.cli import main
from retention_lib.presets import preset
from retention_lib.results import BrokenIdentityError
from tests.test_figures import COUNCIL, ENGLAND, table
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

    monkeypatch.setattr(evaluation, "require", broken)
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


def test_import_writes_our_two_tables(tmp_path: Path, capsys: Captured) -> None:
    file = table(tmp_path, ENGLAND, COUNCIL.format("20.8"))
    assert main(["import", str(file), "--to", str(tmp_path / "ours")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 areas, 6 figures"
    written = (tmp_path / "ours" / "workforce.csv").read_text(encoding="utf-8")
    assert "806,2025,turnover,0.208,\n" in written


def test_import_does_not_overwrite_unless_told(tmp_path: Path, capsys: Captured) -> None:
    file = table(tmp_path, ENGLAND)
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "workforce.csv").write_text("mine", encoding="utf-8")
    assert main(["import", str(file), "--to", str(ours)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "already holds workforce.csv" in printed.err
    assert (ours / "workforce.csv").read_text(encoding="utf-8") == "mine"
    assert not (ours / "areas.csv").exists()
    assert main(["import", str(file), "--to", str(ours), "--overwrite"]) == 0
    assert (ours / "workforce.csv").read_text(encoding="utf-8") != "mine"


def test_import_writes_nothing_where_a_cell_is_bad(tmp_path: Path, capsys: Captured) -> None:
    file = table(tmp_path, ENGLAND, COUNCIL.format("many"))
    assert main(["import", str(file), "--to", str(tmp_path / "ours")]) == 2
    assert capsys.readouterr().err.startswith("Line 3, turnover_rate_fte is 'many'")
    assert not (tmp_path / "ours").exists()
