"""The locks, pyproject.toml and environment.yml must say the same thing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from retention_lib.version import VERSION

RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"
HUB_LOCK = "requirements-hub.lock"

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
CONDA_PIN = re.compile(r"  - (?P<name>[a-z0-9.-]+)=(?P<version>[0-9][0-9.]*)")
PIP_PIN = re.compile(r"      - (?P<name>[a-z0-9.-]+)==(?P<version>[0-9][0-9.]*)")


def plain(name: str) -> str:
    """Write a package's name as the locks do."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: Path) -> list[str]:
    """Split a lock into its entries: a pin and its hashes each."""
    return re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())


def pins(lock: Path) -> dict[str, str]:
    """Read a lock as package names and what follows each: version and marker."""
    firsts = (entry.splitlines()[0] for entry in entries(lock))
    return {line.split("==")[0]: line.split("==")[1] for line in firsts}


def versions(lock: Path) -> dict[str, str]:
    """Read a lock as package names and versions."""
    return {name: rest.split()[0] for name, rest in pins(lock).items()}


def names(requirements: list[str]) -> set[str]:
    """Take the package names out of requirements such as numpy>=2."""
    found = (re.match(r"[A-Za-z0-9._-]+", text) for text in requirements)
    return {plain(match[0]) for match in found if match}


def project(root: Path) -> tuple[set[str], set[str]]:
    """Read from pyproject.toml what the project needs to run, and what its tests need besides."""
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return names(table["dependencies"]), names(table["optional-dependencies"]["test"])


def conda_versions(root: Path) -> dict[str, str]:
    """Read the pins of environment.yml, and refuse a line that is neither a pin nor expected."""
    text = (root / "environment.yml").read_text(encoding="utf-8").split("dependencies:\n")[1]
    found = {}
    for line in text.splitlines():
        pin = CONDA_PIN.fullmatch(line) or PIP_PIN.fullmatch(line)
        if pin:
            found[plain(pin["name"])] = pin["version"]
        elif not line.strip().startswith("#"):
            assert line.strip() in {"- python>=3.11", "- pip", "- pip:", "- -e ."}
    return found


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK, HUB_LOCK])
def test_every_entry_of_a_lock_is_one_pin_with_hashes(root: Path, lock: str) -> None:
    for entry in entries(root / lock):
        pin, *hashes = entry.splitlines()
        assert PIN.fullmatch(pin), pin
        assert hashes, pin
        assert all(HASH.fullmatch(line) for line in hashes), pin


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK, HUB_LOCK])
def test_a_lock_pins_each_package_once(root: Path, lock: str) -> None:
    assert len(entries(root / lock)) == len(pins(root / lock))


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK, HUB_LOCK, "environment.yml"])
def test_nothing_names_an_address_or_a_folder_of_one_machine(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|@ |file:|--index|--find-links|(?:^|\s)/\w", text)


@pytest.mark.parametrize("lock", [RUN_LOCK, HUB_LOCK])
def test_the_test_lock_holds_all_of_the_others(root: Path, lock: str) -> None:
    """The same version of each, wherever the other has it: on the same computers, or on all."""
    test = pins(root / TEST_LOCK)
    for name, pin in pins(root / lock).items():
        everywhere = re.sub(r" ; .*(?= \\)", "", pin)
        assert test[name] in {pin, everywhere}, name


def test_the_locks_hold_what_the_project_asks_for(root: Path) -> None:
    run, test = project(root)
    assert run <= pins(root / RUN_LOCK).keys()
    assert run | test <= pins(root / TEST_LOCK).keys()


def test_the_run_lock_holds_nothing_that_only_tests_need(root: Path) -> None:
    assert not project(root)[1] & pins(root / RUN_LOCK).keys()


def test_environment_yml_pins_what_the_lock_pins(root: Path) -> None:
    run, test = project(root)
    locked = versions(root / TEST_LOCK)
    assert conda_versions(root) == {name: locked[name] for name in run | test}


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["project"]["version"] == VERSION
    assert f"## {VERSION} (" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
