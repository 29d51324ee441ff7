"""Set up Retention Workbook and run it. Needs Python 3.11 or later, and nothing else.

    python3 start.py [serve] [options]   set up if needed, then serve the workbooks
    python3 start.py lab [options]       set up if needed, then open the workbooks in JupyterLab
    python3 start.py test [options]      set up if needed, then run every check and test
    python3 start.py setup               only set up

Everything is installed in the folder .venv beside this file, from a lock that holds the exact
version and digest of every package. To start afresh, delete .venv.
"""

# An old Python must be able to read this whole file, to say that it is too old: keep to the syntax
# of Python 3.6.
import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the Python that runs this is not the one we ask for
    sys.exit(
        "Retention Workbook needs Python 3.11 or later. This is Python {}.{}.\n"
        "Install a later one, then run this file with it: for example, python3.12 start.py".format(
            *sys.version_info[:2]
        )
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "retention-setup.sha256"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130
TERMINATED = 143

COMMANDS = ("serve", "lab", "test", "setup")

# JupyterLab would ask the internet for news, updates and extensions.
QUIET_LAB = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
BROWSERS = "tests/browser"
ALL_BUT_BROWSERS = ("--ignore", BROWSERS)
CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))

NO_SPACE = "There is not enough disk space. Free 2 GB, then run the same command again."

# What an installer's output may hold, in small letters, and what we then say. The first match wins.
REASONS = (
    (("no space left", "not enough space", "quota exceeded"), NO_SPACE),
    (
        ("ensurepip",),
        "This Python cannot make a virtual environment. On Debian or Ubuntu, install the package "
        "python3-venv. Elsewhere, install Python again with pip and venv.",
    ),
    (
        ("do not match the hashes", "hash mismatch"),
        "A package is not the one in the lock, so it was not installed. Try again. If this "
        "happens again, tell whoever runs your package registry.",
    ),
    (
        ("permission denied", "access is denied", "being used by another process"),
        "A file in the folder .venv is in use, or you may not change it. Close every workbook and "
        "every Python that runs from .venv, then run the same command again.",
    ),
    (
        (
            "certificate",
            "connection",
            "error sending request",
            "failed to fetch",
            "forbidden",
            "from versions: none",
            "name resolution",
            "network connectivity",
            "proxy",
            "timed out",
            "unauthorized",
        ),
        "The packages cannot be downloaded. Check that this computer is online. If your "
        "organisation has its own package registry, proxy or certificates, check that pip is set "
        "up for them.",
    ),
    (
        ("no matching distribution", "no solution found", "no usable wheels"),
        "A package is not available for this version of Python on this kind of computer. Try "
        "another, from 3.11 to 3.14.",
    ),
)


class StartError(Exception):
    """The command cannot be carried out; the message tells the person what to do."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def say(message: str) -> None:
    """Print a message at once, before what a child process prints."""
    print(message, flush=True)


def digest(lock: Path) -> str:
    """Name the set-up that a lock makes: its text, the project's settings and where they are."""
    parts = (lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready(lock: Path) -> bool:
    """Tell whether .venv holds what a lock asks for; the test lock holds all of the other one."""
    if not (PYTHON.exists() and STAMP.exists()):
        return False
    return STAMP.read_text(encoding="ascii") in (digest(lock), digest(TEST_LOCK))


def explain(output: str) -> str:
    """Put an installer's failure into plain words; without a known cause, give its last lines."""
    lowered = output.lower()
    for signs, words in REASONS:
        if any(sign in lowered for sign in signs):
            return words
    last_lines = [line for line in output.splitlines() if line.strip()][-3:]
    return "\n  ".join(["The cause is not known. The installer's last words were:", *last_lines])


def run_quietly(command: list[str]) -> None:
    """Run one step of setting up, and raise a StartError in plain words if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise StartError(f"Retention Workbook could not be set up.\n{explain(done.stdout)}")


def installers() -> list[tuple[str, list[str]]]:
    """Name the installers to try, the fastest first, and how each is called.

    uv is used only where it already is: to fetch it would be to install something unlocked.
    """
    pip = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    uv = shutil.which("uv")
    found = [("uv", [uv, "pip", "install", "--python", str(PYTHON)])] if uv else []
    return [*found, ("pip", pip)]


def lock_options(lock: Path) -> list[str]:
    """Ask for the lock's packages alone, each checked by its digest and none built here."""
    return ["--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)]


def project_options(installer: str) -> list[str]:
    """Ask for this project itself, in place, with the build tool of the lock and no network."""
    offline = "--offline" if installer == "uv" else "--no-index"
    return [offline, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]


def install(lock: Path) -> None:
    """Install the lock and the project with the first installer that can."""
    choices = installers()
    for name, command in choices:
        say(f"Installing packages with {name}. The first time can take a few minutes.")
        try:
            run_quietly([*command, *lock_options(lock)])
            run_quietly([*command, *project_options(name)])
            return
        except StartError:
            if name == choices[-1][0]:
                raise
            say(f"{name} could not install them.")


def set_up(lock: Path) -> None:
    """Make .venv from a lock, unless it is there already.

    The stamp goes first and comes back last, so that a set-up cut short is done again.
    """
    if is_ready(lock):
        return
    say("Setting up in the folder .venv.")
    STAMP.unlink(missing_ok=True)
    run_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    install(lock)
    STAMP.write_text(digest(lock), encoding="ascii")
    say("Set up.")


def run(*arguments: str) -> int:
    """Run a module in .venv until it ends, and return its exit code.

    Ctrl-C reaches the child from the keyboard, so the first one only waits for it to end.
    """
    child = subprocess.Popen([str(PYTHON), "-m", *arguments], cwd=ROOT)
    try:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()
            raise
    finally:
        child.terminate()
        child.wait()


def run_tests(options: list[str]) -> int:
    """Run every check, then every test, and say at the end which checks failed."""
    failed = []
    for check in CHECKS:
        say(f"Running {' '.join(check)}.")
        if run(*check) != 0:
            failed.append(" ".join(check))
    say("Running pytest.")
    if options:
        code = run("pytest", *options)
    else:
        # Browsers and their servers need the processors to themselves; the rest shares them out.
        apart = run("pytest", "--numprocesses", "logical", "--dist", "loadfile", *ALL_BUT_BROWSERS)
        code = run("pytest", BROWSERS) or apart
    if failed:
        say(f"These checks failed: {', '.join(failed)}.")
    return code or int(bool(failed))


def split(arguments: list[str]) -> tuple[str, list[str]]:
    """Split the command from its options; options alone are for serving."""
    if not arguments or arguments[0].startswith("-"):
        return "serve", arguments
    if arguments[0] not in COMMANDS:
        words = f"There is no command '{arguments[0]}'. Use one of: {', '.join(COMMANDS)}."
        raise StartError(words, USAGE_ERROR)
    return arguments[0], arguments[1:]


def carry_out(command: str, options: list[str]) -> int:
    """Set up for a command, run it, and return its exit code."""
    set_up(TEST_LOCK if command == "test" else RUN_LOCK)
    if command == "setup":
        say("Ready. To serve the workbooks, run this file without 'setup'.")
        return 0
    if command == "test":
        return run_tests(options)
    if command == "lab":
        return run("jupyterlab", "workbooks", *QUIET_LAB, *options)
    return run("retention_lib.cli", "serve", *options)


def tell(error: StartError | OSError) -> int:
    """Print why nothing more can be done, and return the exit code for it."""
    if isinstance(error, StartError):
        message, code = str(error), error.code
    elif error.errno == errno.ENOSPC:
        message, code = NO_SPACE, FAILED
    else:
        message, code = f"Cannot go on. {error.strerror}: {error.filename}", FAILED
    print(message, file=sys.stderr, flush=True)
    return code


def main(arguments: list[str]) -> int:
    """Do what the command line asks for, and return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        say(str(__doc__).strip())
        return 0
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(TERMINATED))
    try:
        return carry_out(*split(arguments))
    except KeyboardInterrupt:
        say("\nStopped.")
        return INTERRUPTED
    except (StartError, OSError) as error:
        return tell(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
