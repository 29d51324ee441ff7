"""What start.py decides and says. No test here makes an environment or uses the network."""

from __future__ import annotations

import ast
import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import start


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with two locks and no .venv."""
    for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "RUN_LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(start, "TEST_LOCK", tmp_path / "requirements-test.lock")
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "PYTHON", tmp_path / ".venv" / "python")
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "stamp")
    return tmp_path


@pytest.fixture
def steps(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of a set-up, noted and not run, on a computer without uv."""
    noted: list[list[str]] = []

    def note(command: list[str]) -> None:
        noted.append(command)
        start.VENV.mkdir(exist_ok=True)
        start.PYTHON.touch()

    monkeypatch.setattr(start, "run_quietly", note)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    return noted


def run_start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run start.py as a person does."""
    command = [sys.executable, start.__file__, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# Old Python


def test_an_old_python_can_read_the_whole_file(root: Path) -> None:
    source = (root / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source  # Python 3.6 does not know it


def test_an_old_python_is_told_so_in_words(root: Path) -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 8, 18);"
        f"runpy.run_path({str(root / 'start.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or later. This is Python 3.8." in done.stderr
    assert "Traceback" not in done.stderr


# Commands


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("serve", [])),
        (["--port", "9000"], ("serve", ["--port", "9000"])),
        (["serve", "--no-browser"], ("serve", ["--no-browser"])),
        (["test", "-k", "rates"], ("test", ["-k", "rates"])),
        (["lab"], ("lab", [])),
        (["setup"], ("setup", [])),
    ],
)
def test_options_alone_are_for_serving(
    arguments: list[str], expected: tuple[str, list[str]]
) -> None:
    assert start.split(arguments) == expected


def test_an_unknown_command_is_refused_in_words() -> None:
    done = run_start("sevre")
    assert done.returncode == start.USAGE_ERROR
    assert done.stderr == "There is no command 'sevre'. Use one of: serve, lab, test, setup.\n"


def test_help_tells_the_commands_and_sets_nothing_up() -> None:
    done = run_start("--help")
    assert done.returncode == 0
    assert all(f"start.py {command}" in done.stdout for command in ("lab", "test", "setup"))
    assert "Setting up" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "module", "lock"),
    [
        (["--port", "9000"], ("retention_lib.cli", "serve", "--port", "9000"), "RUN_LOCK"),
        (["lab"], ("jupyterlab", "workbooks", *start.QUIET_LAB), "RUN_LOCK"),
        (["test", "-x"], ("pytest", "-x"), "TEST_LOCK"),
    ],
)
def test_each_command_sets_up_its_lock_and_runs_its_module(
    arguments: list[str], module: tuple[str, ...], lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks: list[Path] = []
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(start, "set_up", locks.append)

    def note(*command: str) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr(start, "run", note)
    assert start.carry_out(*start.split(arguments)) == 0
    assert ran[-1] == module
    assert locks == [getattr(start, lock)]


def test_a_failed_check_is_named_and_fails_the_run_when_all_tests_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "run", lambda *command: int(command[0] == "mypy"))
    assert start.run_tests([]) == 1
    assert capsys.readouterr().out.endswith("These checks failed: mypy.\n")


@pytest.mark.parametrize("browsers", [True, False])
def test_without_options_browsers_are_tested_apart_and_either_part_can_fail(
    browsers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run(*command: str) -> int:
        ran.append(command)
        return int(command[0] == "pytest" and (command == ("pytest", start.BROWSERS)) is browsers)

    monkeypatch.setattr(start, "run", run)
    assert start.run_tests([]) == 1
    first, second = (command for command in ran if command[0] == "pytest")
    assert first[-2:] == ("--ignore", start.BROWSERS)
    assert second == ("pytest", start.BROWSERS)


def test_a_failed_test_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "run", lambda *command: 5 * int(command[0] == "pytest"))
    assert start.run_tests([]) == 5


# When to set up


def test_a_set_up_is_done_once(project: Path, steps: list[list[str]]) -> None:
    start.set_up(start.RUN_LOCK)
    assert len(steps) == 3
    start.set_up(start.RUN_LOCK)
    assert len(steps) == 3


def test_what_tests_need_also_serves_and_not_the_other_way(
    project: Path, steps: list[list[str]]
) -> None:
    start.set_up(start.TEST_LOCK)
    assert start.is_ready(start.RUN_LOCK)
    start.STAMP.write_text(start.digest(start.RUN_LOCK), encoding="ascii")
    assert not start.is_ready(start.TEST_LOCK)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_to_the_lock_or_the_project_sets_up_again(
    project: Path, steps: list[list[str]], name: str
) -> None:
    start.set_up(start.RUN_LOCK)
    (project / name).write_text("changed", encoding="utf-8")
    assert not start.is_ready(start.RUN_LOCK)


def test_a_project_that_moved_is_set_up_again(
    project: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start.set_up(start.RUN_LOCK)
    elsewhere = shutil.copytree(project, project / "elsewhere")
    monkeypatch.setattr(start, "ROOT", elsewhere)
    assert not start.is_ready(start.RUN_LOCK)


def test_a_set_up_without_its_python_is_done_again(project: Path, steps: list[list[str]]) -> None:
    start.set_up(start.RUN_LOCK)
    start.PYTHON.unlink()
    assert not start.is_ready(start.RUN_LOCK)


def test_an_interrupted_set_up_is_done_again(
    project: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start.set_up(start.TEST_LOCK)
    (project / "requirements-test.lock").write_text("changed", encoding="utf-8")

    def interrupt(_lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start, "install", interrupt)
        assert start.main(["setup"]) == start.INTERRUPTED
    (project / "requirements-test.lock").write_text("requirements-test.lock", encoding="utf-8")
    assert not start.is_ready(start.TEST_LOCK)
    assert start.main(["setup"]) == 0
    assert start.is_ready(start.RUN_LOCK)


# How to install


def test_the_lock_is_installed_by_digest_and_nothing_is_built(
    project: Path, steps: list[list[str]]
) -> None:
    start.set_up(start.RUN_LOCK)
    packages = steps[1]
    assert "--require-hashes" in packages
    assert packages[-4:] == ["--only-binary", ":all:", "--requirement", str(start.RUN_LOCK)]


@pytest.mark.parametrize(("installer", "offline"), [("pip", "--no-index"), ("uv", "--offline")])
def test_the_project_is_installed_in_place_without_the_network(
    project: Path, installer: str, offline: str
) -> None:
    options = start.project_options(installer)
    assert {offline, "--no-deps", "--no-build-isolation"} <= set(options)
    assert options[-2:] == ["--editable", str(project)]


def test_the_lock_brings_the_tool_that_installs_the_project(root: Path) -> None:
    assert "\nsetuptools==" in (root / "requirements.lock").read_text(encoding="utf-8")


def test_uv_is_used_where_it_is_and_pip_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    assert [name for name, _ in start.installers()] == ["uv", "pip"]
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert [name for name, _ in start.installers()] == ["pip"]


def test_pip_is_tried_when_uv_cannot(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def only_pip(command: list[str]) -> None:
        if command[2] != "pip":
            raise start.StartError("uv does not know this registry")

    monkeypatch.setattr(start, "run_quietly", only_pip)
    monkeypatch.setattr(shutil, "which", lambda _name: "uv")
    start.install(start.RUN_LOCK)
    assert "uv could not install them." in capsys.readouterr().out


# Failing in words


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "Free 2 GB"),
        ("OSError: [WinError 112] There is not enough space on the disk", "Free 2 GB"),
        ("The virtual environment was not created: ensurepip is not available", "python3-venv"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE", "not the one in the lock"),
        ("error: Hash mismatch for `numpy==2.4.6`", "not the one in the lock"),
        ("PermissionError: [WinError 5] Access is denied: python.exe", "Close every workbook"),
        ("NewConnectionError('[Errno -2] Name or service not known')", "computer is online"),
        ("ERROR: No matching distribution (from versions: none)", "computer is online"),
        ("error: error sending request: dns error", "computer is online"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "certificates"),
        (
            "(from versions: 1.0) ERROR: No matching distribution found for x==2",
            "another, from 3.11",
        ),
    ],
)
def test_a_known_failure_is_put_into_words(output: str, words: str) -> None:
    assert words in start.explain(output)


def test_an_unknown_failure_keeps_only_the_last_lines() -> None:
    words = start.explain("Traceback (most recent call last):\n  a\n  b\n\n  c\nLastError: why\n")
    assert words.splitlines()[1:] == ["    b", "    c", "  LastError: why"]


def test_a_step_that_fails_is_told_without_a_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_lock: Path) -> None:
        start.run_quietly([sys.executable, "-c", "raise OSError('Connection refused')"])

    monkeypatch.setattr(start, "set_up", fail)
    assert start.main(["setup"]) == start.FAILED
    told = capsys.readouterr().err
    assert told.startswith("Retention Workbook could not be set up.\nThe packages cannot be")
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "not enough disk space"),
        (errno.EACCES, os.strerror(errno.EACCES)),
    ],
)
def test_what_the_computer_refuses_is_told_in_words(
    number: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_lock: Path) -> None:
        raise OSError(number, os.strerror(number), "some file")

    monkeypatch.setattr(start, "set_up", refuse)
    assert start.main(["setup"]) == start.FAILED
    assert words in capsys.readouterr().err


# Ending

CHILD = """
import time
try:
    print("up", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    pass
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no Ctrl-C for one process alone")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, start.INTERRUPTED), (signal.SIGTERM, start.TERMINATED)],
)
def test_a_stopped_run_ends_its_child_and_ends_quietly(
    project: Path, number: signal.Signals, code: int
) -> None:
    (project / "child.py").write_text(CHILD, encoding="utf-8")
    program = (
        "import pathlib, sys, start;"
        f"start.ROOT = pathlib.Path({str(project)!r}); start.PYTHON = sys.executable;"
        "start.carry_out = lambda *_: start.run('child'); sys.exit(start.main([]))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(start.__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    # The keyboard tells parent and child; whoever runs services tells the parent alone.
    (os.killpg if number == signal.SIGINT else os.kill)(running.pid, number)
    _, told = running.communicate(timeout=20)  # the child too has closed its output
    assert (running.returncode, told) == (code, "")
