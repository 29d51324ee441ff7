"""What is installed to run this: its licences, its hashes, and what an audit of it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.audit import NO_SERVICE, verdict
from tests.licences import LIST, LOCK, ROOT, WEAK_COPYLEFT, Pinned, page, pinned, pins

LOCKS = (LOCK, ROOT / "requirements-test.lock")
SKIPPED = {"name": "a", "skip_reason": "Dependency not found on PyPI"}
SOUND = {"name": "b", "version": "1.0", "vulns": []}
FLAWED: dict[str, Any] = {
    "name": "c",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}],
}


@pytest.mark.parametrize("each", pinned(), ids=lambda each: str(each.name))
def test_every_package_has_a_licence_that_lets_us_use_it(each: Pinned) -> None:
    assert each.is_allowed, f"{each.name} is under {each.licence or 'no licence that is stated'}"


def test_only_what_is_used_is_excepted() -> None:
    assert set(WEAK_COPYLEFT) <= set(pins())


def test_another_licence_is_refused() -> None:
    for licence in ("GPL-3.0-only", "AGPL-3.0-only", "", "MIT AND GPL-2.0-only", "MPL-2.0"):
        assert not Pinned("any", "1", licence, ()).is_allowed
    assert Pinned("any", "1", "MIT AND Zlib", ()).is_allowed


def test_the_list_of_licences_is_up_to_date_with_the_lock() -> None:
    assert LIST.read_text(encoding="utf-8") == page(), (
        "docs/licences.md is out of date: python -m tests.licences > docs/licences.md"
    )


def test_something_needs_every_package() -> None:
    assert [each.name for each in pinned() if not each.needed_by] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_every_pin_is_one_version_with_hashes_and_comes_from_a_registry(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text.replace("\\\n", " "), flags=re.M)[1:]
    assert len(entries) == len(pins(lock))
    for entry in entries:
        assert re.match(r"[a-z0-9][\w.-]*==[\w.]+ ", entry), entry[:80]
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry[:80]
        assert "://" not in entry
        assert " @ " not in entry


def test_what_runs_is_what_was_tested() -> None:
    run, tested = (pins(lock) for lock in LOCKS)
    assert {name: tested.get(name) for name in run} == run


def test_an_audit_that_nobody_answers_is_no_audit() -> None:
    assert verdict([SKIPPED, SKIPPED]) == (0, NO_SERVICE)
    assert verdict([]) == (0, NO_SERVICE)


def test_an_audit_fails_on_a_known_vulnerability_and_names_what_it_could_not_ask() -> None:
    assert verdict([SOUND]) == (0, "audited: 1 of 1 packages, 0 known vulnerabilities")
    status, said = verdict([SOUND, FLAWED, SKIPPED])
    assert status == 1
    assert said.splitlines() == [
        "audited: 2 of 3 packages, 1 known vulnerabilities",
        "c 2.0: PYSEC-1, put right in 2.1",
        "not audited: a",
    ]
