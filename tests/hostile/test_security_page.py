"""SECURITY.md: what it says is held by a test is."""

from __future__ import annotations

import re

from retention_lib.paths import ROOT
from tests.hostile.planned import LEAST, PLANNED

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:tests|deploy)/[\w./-]+|tests/hostile)`", PAGE))
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_line_of_what_is_defended_names_its_test() -> None:
    defended = PAGE.split("## What is defended")[1].split("## ")[0]
    rows = [line for line in defended.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    assert [row for row in rows if "tests/" not in row.split("|")[3]] == []


def test_as_many_cases_are_tried_as_it_says() -> None:
    assert f"{LEAST:,} cases" in PAGE
    assert f"{PLANNED['pages']:,} messages" in PAGE
