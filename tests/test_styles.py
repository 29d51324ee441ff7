"""Style sheets: what makes a browser slow stays out of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retention_lib import views

VIEWS = Path(views.__file__).parent
SHEETS = (VIEWS / "static" / "widgets.css", *(VIEWS / "serving" / "template").rglob("*.css"))
BLOCK = re.compile(r"^@media print \{.*?^\}", re.MULTILINE | re.DOTALL)


def on_screen(sheet: str) -> str:
    """Leave what is only for paper out of a sheet."""
    return BLOCK.sub("", sheet)


def test_the_sheets_of_the_pages_are_there() -> None:
    assert [sheet.name for sheet in SHEETS] == ["widgets.css", "retention.css"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_on_screen_looks_into_what_it_styles(sheet: Path) -> None:
    """With `.rw-page:has(...)` each change styled all of a page anew: 15 ms of every move."""
    found = [
        line.strip()
        for line in on_screen(sheet.read_text(encoding="utf-8")).splitlines()
        if ":has(" in line
    ]
    assert found == []


def test_a_rule_that_looks_into_a_page_would_be_found() -> None:
    assert ":has(" in on_screen("@media print {\n  p:has(a) { color: red; }\n}\nbody:has(p) {}\n")
    assert ":has(" not in on_screen("@media print {\n  p:has(a) { color: red; }\n}\n")
