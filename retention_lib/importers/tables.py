"""What every importer needs: a published CSV file in, our own CSV and its provenance out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST = 100_000_000  # bytes: a release is a third of a megabyte


class ImportRefusedError(ValueError):
    """A published table that this importer cannot read, and why."""


@dataclass(frozen=True)
class Published:
    """A published table as it was read: its heading, its rows by column, and its digest.

    `lines` are the numbers of the rows in the file, which counts empty ones too.
    """

    name: str
    heading: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    sha256: str
    lines: tuple[int, ...]

    def numbered(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each row with its number in the file."""
        return zip(self.lines, self.rows, strict=True)


def read_published(file: Path) -> Published:
    """Read a published CSV file.

    Raises:
        ImportRefusedError: where it is no file, or no CSV file in UTF-8.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise ImportRefusedError(f"{file.name} is over 100 MB; no release is so large.")
        content = file.read_bytes()
    except OSError as problem:
        raise ImportRefusedError(f"{file} cannot be read: {problem.strerror}.") from None
    return parse_published(file.name, content)


def parse_published(name: str, content: bytes) -> Published:
    r"""Read the bytes of a published CSV file; a byte-order mark is no part of the first column.

    Raises:
        ImportRefusedError: where they are no CSV table in UTF-8, or a row is not as long as the
            heading.

    Example:
        >>> parse_published("a.csv", b"year,value\n2025,1\n").rows
        ({'year': '2025', 'value': '1'},)
    """
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ImportRefusedError(f"{name} is not a CSV file in UTF-8: {problem}.") from None
    if not lines:
        raise ImportRefusedError(f"{name} is not a table: it is empty.")
    heading = _told_apart(lines[0])
    rows, numbers = [], []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(heading):
            raise ImportRefusedError(f"Line {number} has more cells than the heading, or fewer.")
        rows.append(dict(zip(heading, line, strict=True)))
        numbers.append(number)
    digest = hashlib.sha256(content).hexdigest()
    return Published(name, heading, tuple(rows), digest, tuple(numbers))


def _told_apart(heading: Sequence[str]) -> tuple[str, ...]:
    """Put a heading of two lines on one, and number those that stand twice: SNP, SNP#2."""
    seen: dict[str, int] = {}
    names = []
    for cell in heading:
        name = " ".join(cell.split())
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(names)


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write one of our tables, the same text for the same rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def toml_text(comment: str, given: Mapping[str, str | int | Sequence[str | int]]) -> str:
    """Write a flat TOML file; JSON's way of writing text, numbers and lists is TOML's too.

    Example:
        >>> toml_text("Where from.", {"release": "2025", "years": [2017, 2025]}).splitlines()
        ['# Where from.', 'release = "2025"', 'years = [2017, 2025]']
    """
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in given.items()]
    return "\n".join([f"# {comment}", *lines]) + "\n"
