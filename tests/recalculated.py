"""Workbooks opened and worked out again by LibreOffice, without a window, for the tests."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest

ERRORS = ("#DIV/0!", "#NAME?", "#VALUE!", "#REF!", "#NUM!", "#N/A", "#NULL!", "Err:")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""The office's setting to work every formula out anew when a file is loaded."""

Cell = float | str | bool | None


@dataclass(frozen=True)
class Values:
    """The values of a workbook, as a reader finds them who works nothing out."""

    book: Any

    @classmethod
    def of(cls, data: bytes) -> Values:
        """Read the values that are stored in a file."""
        return cls(openpyxl.load_workbook(io.BytesIO(data), data_only=True))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Each name with the cell or range that it stands for."""
        return {name: each.attr_text for name, each in self.book.defined_names.items()}

    def named(self, name: str) -> Any:
        """Give the value of a named cell."""
        sheet, cell = self.names[name].rsplit("!", 1)
        return self.book[sheet.strip("'")][cell.replace("$", "")].value

    def listed(self, name: str) -> list[Any]:
        """Give the values of a named range, row by row."""
        sheet, cells = self.names[name].rsplit("!", 1)
        found = self.book[sheet.strip("'")][cells.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [cell.value for row in rows for cell in row]

    def row(self, sheet: str, label: str) -> list[Any]:
        """Give what stands right of a label in the first column, in its first row."""
        for row in self.book[sheet].iter_rows():
            if row[0].value == label:
                return [cell.value for cell in row[1:]]
        raise KeyError(f"{sheet} has no row {label!r}")

    def cells(self) -> Iterator[tuple[str, str, Any]]:
        """Give every cell that holds something: sheet, place, value."""
        for sheet in self.book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        yield sheet.title, cell.coordinate, cell.value

    def errors(self) -> list[str]:
        """List the cells that hold an error."""
        return [
            f"{sheet}!{place}: {value}"
            for sheet, place, value in self.cells()
            if isinstance(value, str) and value.startswith(ERRORS)
        ]

    def found(self, sheet: str, label: str, column: int = 2) -> Any:
        """Give what stands in the row of a label in the first column; columns count from 1."""
        for row in self.book[sheet].iter_rows(max_col=max(1, column)):
            if row[0].value == label:
                return row[column - 1].value
        raise KeyError(f"{sheet} has no row {label!r}")


def changed(data: bytes, inputs: Mapping[str, Cell]) -> bytes:
    """Give a workbook with other values in named cells, nothing worked out; None empties one."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in inputs.items():
        sheet, cell = book.defined_names[name].attr_text.rsplit("!", 1)
        book[sheet.strip("'")][cell.replace("$", "")].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def recalculated(files: Sequence[bytes], folder: Path) -> list[Values]:
    """Open workbooks in the office, many in one call, and give what it works out.

    Two calls run side by side, each with a profile of its own.

    Args:
        files: the workbooks.
        folder: a new one, for the files and the office's own profiles.
    """
    office = _office()
    given, made = folder / "given", folder / "made"
    given.mkdir()
    paths = [given / f"book{index}.xlsx" for index in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    halves = [half for half in (paths[::2], paths[1::2]) if half]
    calls = [
        _opening(office, half, folder / f"profile{number}", made)
        for number, half in enumerate(halves)
    ]
    said = "".join(call.communicate(timeout=600)[0] for call in calls)
    lost = [path.name for path in paths if not (made / path.name).exists()]
    assert not lost, f"the office did not open {lost}: {said}"
    return [Values.of((made / path.name).read_bytes()) for path in paths]


def _opening(
    office: str, paths: Sequence[Path], profile: Path, made: Path
) -> subprocess.Popen[str]:
    """Begin to open files and write them again as they were worked out."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made)]
    return subprocess.Popen(
        [*command, *map(str, paths)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _office() -> str:
    """Find the office; without one the test is skipped, or fails where one is required."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        reason = "there is no LibreOffice on this computer"
        wanted = os.environ.get("CI") == "true" or os.environ.get("RETENTION_REQUIRE_OFFICE")
        (pytest.fail if wanted else pytest.skip)(reason)
    return str(found)


def differing(kept: Values, worked_out: Values, near: float = 0.005) -> list[str]:
    """List the cells whose stored value is not what the office works out, empty ones apart."""
    found = []
    for sheet, place, value in kept.cells():
        other = worked_out.book[sheet][place].value
        if value == "" or isinstance(value, bool):
            continue
        if isinstance(value, (int, float)) and isinstance(other, (int, float)):
            if abs(value - other) > max(near, abs(value) * 1e-9):
                found.append(f"{sheet}!{place}: {value} kept, {other} worked out")
        elif str(value) != str(other):
            found.append(f"{sheet}!{place}: {value!r} kept, {other!r} worked out")
    return found
