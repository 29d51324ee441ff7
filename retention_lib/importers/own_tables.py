"""The bytes of a council's own file, turned into rows of text, or refused in words.

Everything stays in memory. A workbook is unpacked here, within limits, and only its XML is handed
on, checked: no document types, so no entities, and no more elements than an honest one has.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import datetime
import io
import re
import warnings
import xml.sax
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from retention_lib.importers.own_cells import LONGEST_NAME, plainly, shown

LARGEST = 5_000_000  # bytes
MOST_ROWS = 5_000
MOST_COLUMNS = 200
LARGEST_UNPACKED = 50_000_000  # bytes of all that is packed in a workbook
MOST_PARTS = 1_000  # files packed in a workbook
MOST_CELLS = 1_000_000  # elements of XML that belong to cells, with their rows and texts
MOST_ELEMENTS = 100_000  # any other elements of XML: styles, rules, formulas
DEEPEST = 100  # elements of XML inside one another
LAST_ROW = 20_000  # below it, not even empty rows are looked at
_CHUNK = 65_536  # bytes
_SAMPLE = 1_000  # bytes looked at to tell what a file is
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

Row = tuple[int, tuple[str, ...]]
"""A row's number as a spreadsheet shows it, and its cells without the empty ones at its end."""


class RefusedError(Exception):
    """A file that cannot be used at all, and why in words."""


@dataclass(frozen=True)
class Sheet:
    """One way to read a file: a worksheet, or a CSV file with one separator.

    `note` says how it was read, where that is worth saying. In a `ragged` one, cells to the right
    of the last heading mean that a comma split a number.
    """

    rows: Iterator[Row]
    note: str
    ragged: bool


@dataclass(frozen=True)
class Opened:
    """A file that can be read: its sheets, and what is to be said of it as a whole."""

    sheets: Iterable[Sheet]
    notes: tuple[str, ...]


DAMAGED = "It cannot be read as a workbook: it is damaged. Open it in Excel and save it again."
_AS_XLSX_OR_CSV = "Open it in Excel, and save it as .xlsx or CSV."
_AS_UTF8 = 'In Excel, save it as "CSV UTF-8".'
_NO_MACROS = "It is a workbook with macros, which are not taken. Save it as .xlsx or CSV."
_PASSWORD = "It has a password. Take it off in Excel, and save it as .xlsx or CSV."
_OLD = (
    "It is an old Excel workbook (.xls), or one with a password. "
    "Open it in Excel, take off any password, and save it as .xlsx or CSV."
)
_KNOWN_BY_START = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture"),
    (b"{\\rtf", "a Word document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!\x1a", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
)
_KNOWN_BY_PART = (
    (r"content\.xml|mimetype", "an OpenDocument file (.ods)"),
    (r"word/.*", "a Word document"),
    (r"ppt/.*", "a PowerPoint presentation"),
    (r"xl/workbook\.bin", "a binary workbook (.xlsb)"),
)
_WEB = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|meta|style|body|workbook)", re.I)


@contextlib.contextmanager
def opened(name: str, content: bytes) -> Iterator[Opened]:
    """Open a file by its name and bytes, and close it afterwards.

    Raises:
        RefusedError: where it cannot be used, and why in words; also while its rows are read.
    """
    if len(content) > LARGEST:
        raise RefusedError(
            f"It has {len(content):,} bytes; the limit is {LARGEST:,}. "
            "Keep the sheet and the rows that are needed, and save it again."
        )
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise RefusedError("It is empty.")
    _refuse_what_is_no_table(name, content)
    packed = content.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    parts = _unpacked(content) if packed else {}
    _hold_to_its_name(name, content, packed)
    if packed:
        with _workbook(parts) as found:
            yield found
    else:
        text, note = _decoded(content)
        yield Opened(_separated(text), (note,) if note else ())


def _refuse_what_is_no_table(name: str, content: bytes) -> None:
    """Refuse what is known by its first bytes to be neither CSV nor a workbook."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedError(_OLD)
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise RefusedError(_NO_MACROS)
    for start, what in _KNOWN_BY_START:
        if content.startswith(start):
            raise RefusedError(f"It looks like {what}, not a table. {_AS_XLSX_OR_CSV}")
    if _WEB.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise RefusedError(f"It looks like a web page or XML, not a table. {_AS_XLSX_OR_CSV}")


def _hold_to_its_name(name: str, content: bytes, packed: bool) -> None:
    """Refuse a file that is not what its name says, and a name that says nothing."""
    ends = next((end for end in (".csv", ".xlsx") if name.lower().endswith(end)), None)
    if packed:
        looks = "an Excel workbook (.xlsx)"
    elif re.search(rb"[\x00-\x08]", content[:_SAMPLE]):
        looks = "neither a workbook nor a CSV file"
    else:
        looks = "a CSV file"
    if ends is None:
        raise RefusedError(f"Its name must end in .csv or .xlsx. It looks like {looks}.")
    if packed != (ends == ".xlsx"):
        raise RefusedError(f"Its name ends in {ends}, but it looks like {looks}. {_AS_XLSX_OR_CSV}")


def _limited(lines: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Number the rows, leave out empty ones, and refuse too many or too wide ones."""
    for number, line in enumerate(lines, start=1):
        width = len(line)
        while width and not line[width - 1].strip():
            width -= 1
        if number > (MOST_ROWS if width else LAST_ROW):
            raise RefusedError(
                f"It has more than {MOST_ROWS:,} rows. "
                "Keep those of your council, and delete any empty ones below."
            )
        if not width:
            continue
        if width > MOST_COLUMNS:
            raise RefusedError(
                f"Row {number:,} has more than {MOST_COLUMNS} columns. Keep those of the template."
            )
        yield number, tuple(line[:width])


# CSV.


def _decoded(content: bytes) -> tuple[str, str]:
    """Decode a CSV file.

    Returns:
        Its text, and what is to be said of how it was read.
    """
    sample = content[:_SAMPLE]
    few, many = sorted((sample[::2].count(0), sample[1::2].count(0)))
    every_other = 10 * few < len(sample) < 3 * many  # as in UTF-16 without its mark
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or every_other:
        raise RefusedError(f"It is in UTF-16, which is not read. {_AS_UTF8}")
    if 0 in content:
        raise RefusedError(f"It has NUL bytes, which no CSV file has: it is damaged. {_AS_UTF8}")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise RefusedError(f"Its letters are neither UTF-8 nor Windows-1252. {_AS_UTF8}") from None
    return text, "It is not in UTF-8, and was read as Windows-1252. Numbers are the same in both."


def _separated(text: str) -> Iterator[Sheet]:
    """Offer a CSV file as separated by commas, by semicolons and by tabs."""
    for separator, note in (
        (",", ""),
        (";", "It is separated by semicolons, and was read so."),
        ("\t", "It is separated by tabs, and was read so."),
    ):
        yield Sheet(_limited(_lines(text, separator)), note, ragged=True)


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            if "field larger" in str(problem):
                why = f"a cell has more than {csv.field_size_limit():,} characters"
            else:
                why = "a quotation mark is opened and not closed, or stands inside a cell"
            raise RefusedError(f"It cannot be read as CSV from row {number:,} on: {why}.") from None


# Workbooks.


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Unpack the XML of a workbook within limits, and nothing else that it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _refuse_archive(infos)
            parts = {info.filename: _part(archive, info) for info in infos}
    except RefusedError:
        raise
    except Exception:  # what a damaged archive raises is not documented
        raise RefusedError(DAMAGED) from None
    kept = {name: part for name, part in parts.items() if name.lower().endswith((".xml", ".rels"))}
    if b"macroEnabled" in kept.get("[Content_Types].xml", b""):
        raise RefusedError(_NO_MACROS)
    _check_xml(kept.values())
    return kept


def _refuse_archive(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive by its directory, before anything in it is unpacked."""
    if len(infos) > MOST_PARTS:
        raise RefusedError(
            f"It has {len(infos):,} files packed in it; a workbook of figures has a few, "
            f"and the limit is {MOST_PARTS:,}."
        )
    if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise RefusedError(
            f"It unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB, which is the limit."
        )
    if any(info.flag_bits & 1 for info in infos):
        raise RefusedError(_PASSWORD)
    names = [info.filename for info in infos]
    if any(re.search(r"vbaProject\.bin$", name, re.I) for name in names):
        raise RefusedError(_NO_MACROS)
    if "xl/workbook.xml" not in names:
        looks = next(
            (what for pattern, what in _KNOWN_BY_PART if any(re.match(pattern, n) for n in names)),
            "a zip file of other things",
        )
        raise RefusedError(f"It looks like {looks}. {_AS_XLSX_OR_CSV}")
    whole = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(set(names)) != len(names) or not {info.compress_type for info in infos} <= whole:
        raise RefusedError(DAMAGED)


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one part a little at a time, and refuse it where it is not as long as it says."""
    believed = copy.copy(info)
    believed.file_size = LARGEST_UNPACKED + 1  # so that it is the packed bytes that say
    data = bytearray()
    with archive.open(believed) as packed:
        while len(data) <= info.file_size and (chunk := packed.read(_CHUNK)):
            data += chunk
    if len(data) != info.file_size:
        raise RefusedError(
            f'"{shown(info.filename, LONGEST_NAME)}", packed in it, '
            "is not as long as the file says. It is damaged, or made to do harm."
        )
    return bytes(data)


class _Counting(xml.sax.ContentHandler):
    """Count what is in the XML of a workbook, and refuse more than an honest one has."""

    cells = frozenset(("row", "c", "v", "is", "t", "si", "r"))

    def __init__(self) -> None:
        super().__init__()
        self.of_cells = self.other = self.depth = 0

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802  # SAX's name
        """Count an element."""
        self.depth += 1
        if name.rpartition(":")[2] in self.cells:
            self.of_cells += 1
        else:
            self.other += 1
        if self.depth > DEEPEST or self.of_cells > MOST_CELLS or self.other > MOST_ELEMENTS:
            raise RefusedError(
                "It holds far more than a table of figures. Copy the figures, without their "
                "formats, into a new workbook or the template."
            )

    def endElement(self, name: str) -> None:  # noqa: N802  # SAX's name
        """Leave an element."""
        self.depth -= 1


def _check_xml(parts: Iterable[bytes]) -> None:
    """Refuse XML that defines entities, that is not well formed, or that is too much."""
    import defusedxml.sax
    from defusedxml.common import DefusedXmlException

    counting = _Counting()
    for part in parts:
        try:
            defusedxml.sax.parseString(part, counting, forbid_dtd=True)
        except DefusedXmlException:
            raise RefusedError(
                "Its XML defines entities or a document type, which no workbook saved by Excel "
                "does. It is not read, because such a file may be made to do harm."
            ) from None
        except (xml.sax.SAXException, ValueError, LookupError):
            raise RefusedError(DAMAGED) from None


@contextlib.contextmanager
def _workbook(parts: dict[str, bytes]) -> Iterator[Opened]:
    """Open a workbook from its checked parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on formats and rules that do not matter here
        with contextlib.closing(_loaded(packed)) as workbook:
            seen = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            if not seen:
                raise RefusedError("It has no worksheet that can be read, or only hidden ones.")
            hidden = len(workbook.worksheets) - len(seen)
            notes = ("Hidden sheets were passed over.",) if hidden else ()
            yield Opened((_worksheet(sheet, len(seen) > 1) for sheet in seen), notes)


def _loaded(packed: io.BytesIO) -> Any:
    import openpyxl  # here, because it takes long to load

    try:
        return openpyxl.load_workbook(packed, read_only=True, data_only=False, keep_links=False)
    except Exception:  # what a damaged workbook raises is not documented
        raise RefusedError(DAMAGED) from None


def _worksheet(sheet: Any, one_of_several: bool) -> Sheet:
    title = shown(str(sheet.title), LONGEST_NAME)
    note = f'The sheet "{title}" was read, the first with the right columns, and no other.'
    return Sheet(_limited(_cells(sheet)), note if one_of_several else "", ragged=False)


def _cells(sheet: Any) -> Iterator[list[str]]:
    """Read the cells of a sheet as text, to one row and column more than are looked at."""
    try:
        for row in sheet.iter_rows(max_row=LAST_ROW + 1, max_col=MOST_COLUMNS + 1):
            yield [_text(cell) for cell in row]
    except Exception:  # what a damaged worksheet raises is not documented
        raise RefusedError(DAMAGED) from None


def _text(cell: Any) -> str:
    """Write a cell's value as text: a percentage as shown, a date as a date, a formula as such."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        without_texts = re.sub(r'"[^"]*"|\\.', "", str(cell.number_format))
        return f"{plainly(number * 100)}%" if "%" in without_texts else plainly(number)
    if isinstance(value, datetime.date):  # and a date with a time of day
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return str(getattr(value, "text", None) or "=")  # an array formula, or a table of data
