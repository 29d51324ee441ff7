"""A council's own workforce figures, as it uploads them: CSV or a workbook, ours or DfE's columns.

What is right is taken and what is wrong is named, row by row, with what would be right. Nothing
is stored, no formula is worked out, and nothing is put right in silence. Messages are plain text:
they quote what the file holds, so whoever shows them must escape them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retention_lib.figures import OwnFigure
from retention_lib.importers.own_cells import LONGEST_NAME, RANGES, read_number, read_year, shown
from retention_lib.importers.own_tables import LARGEST, Opened, RefusedError, Row, Sheet, opened

__all__ = [
    "LARGEST",
    "MEASURES",
    "Message",
    "OwnFigure",
    "OwnFile",
    "read_own_file",
    "template_csv",
]

MEASURES = ("turnover", "vacancy", "agency", "caseload", "absence")
"""What is compared. In a file they are percentages, but for cases for each worker."""

IN_POST = "in_post"
HEADING_WITHIN = 10  # the first rows, in which the heading must be
MOST_MESSAGES = 50
_MOST_NAMES = 10  # columns that one message names
THE_FILE = "The file"


@dataclass(frozen=True)
class Message:
    """What there is to say of one place in the file. Not refused means: taken, and said how."""

    where: str
    text: str
    refused: bool


@dataclass(frozen=True)
class OwnFile:
    """What was read from a council's own file, by year and measure, and all there is to say."""

    name: str
    figures: tuple[OwnFigure, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class _Layout:
    """The columns of one layout: the year's, the council's code, and each measure's."""

    year: str
    code: str
    measures: Mapping[str, str]


_TEMPLATE = _Layout("year", "", {name: name for name in (*MEASURES, IN_POST)})
_DFE = _Layout(
    "time_period",
    "old_la_code",
    {
        "turnover_rate_fte": "turnover",
        "turnover_rate_fte_%": "turnover",
        "vacancy_rate_fte": "vacancy",
        "vacancy_rate_fte_%": "vacancy",
        "agency_rate_fte": "agency",
        "agency_worker_rate_fte_%": "agency",
        "caseload_fte": "caseload",
        "absence_rate_fte": "absence",
        "absence_rate_fte_%": "absence",
        "inpost_fte": IN_POST,
        "social_worker_fte": IN_POST,
    },
)
_LAYOUTS = (_TEMPLATE, _DFE)
_WANTED = (
    f"Wanted: year, and one or more of {', '.join(_TEMPLATE.measures)}; or DfE's own columns, "
    "with time_period, old_la_code, and one or more such as turnover_rate_fte."
)


@dataclass(frozen=True)
class _Table:
    """The sheet that is read: its layout, where its columns are, and where its heading was."""

    sheet: Sheet
    layout: _Layout
    heading: tuple[str, ...]
    as_written: tuple[str, ...]
    row: int
    above: bool

    def index(self, column: str) -> int:
        return self.heading.index(column)


def template_csv() -> str:
    """Give the short template: its heading, and a row with an example of every measure.

    Example:
        >>> print(template_csv(), end="")
        year,turnover,vacancy,agency,caseload,absence,in_post
        2025,20.8,18.5,15,16.2,3.5,90
    """
    examples = [RANGES[measure].example for measure in _TEMPLATE.measures]
    return f"{','.join(['year', *_TEMPLATE.measures])}\n{','.join(['2025', *examples])}\n"


def read_own_file(name: str, content: bytes, council: str) -> OwnFile:
    r"""Read a council's own file. It never raises: what is wrong is said in messages.

    Args:
        name: The file's name, which must end in .csv or .xlsx.
        content: Its bytes.
        council: DfE's code of the council, "806", or of a joint return, "314 / 318".

    Example:
        >>> read = read_own_file("ours.csv", b"year,turnover\n2025,20.8\n2024,0.2\n", "806")
        >>> read.figures
        (OwnFigure(year=2025, measure='turnover', value=0.208),)
        >>> read.messages[0].where, read.messages[0].text
        ('Row 3, turnover', '0.2 looks like a fraction. Write 20, or 0.2% if you mean that.')
    """
    try:
        with opened(name, content) as file:
            figures, messages = _read(file, council)
    except RefusedError as refused:
        figures, messages = [], [Message(THE_FILE, str(refused), refused=True)]
    order = list(_TEMPLATE.measures)
    figures.sort(key=lambda figure: (figure.year, order.index(figure.measure)))
    return OwnFile(shown(name, LONGEST_NAME), tuple(figures), _cut(messages))


def _cut(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Keep as many messages as can be read, those of what was refused before the others."""
    if len(messages) <= MOST_MESSAGES:
        return tuple(messages)
    weighed = sorted(messages, key=lambda message: not message.refused)
    kept, left = weighed[:MOST_MESSAGES], weighed[MOST_MESSAGES:]
    more = Message(THE_FILE, f"And {len(left):,} more.", any(one.refused for one in left))
    return (*kept, more)


def _read(file: Opened, council: str) -> tuple[list[OwnFigure], list[Message]]:
    table = _find(file.sheets)
    _refuse_columns(table)
    rows = list(table.sheet.rows)
    if not rows:
        raise RefusedError(
            "It has a heading and nothing below it. Write a row for each year below the heading."
        )
    notes = [*file.notes, *_notes(table)]
    if table.layout.code:
        rows, passed, row_messages = _rows_of(table, rows, council)
        notes += passed
    else:
        row_messages = []
    figures, found = _figures(table, rows)
    row_messages = sorted([*row_messages, *found], key=lambda numbered: numbered[0])
    messages = [Message(THE_FILE, note, refused=False) for note in [*notes, *_years(figures)]]
    messages += [message for _, message in row_messages]
    if not figures and not any(message.refused for message in messages):
        nothing = "It has no figures: every cell is empty, or a symbol of DfE's for no figure."
        messages.append(Message(THE_FILE, nothing, refused=True))
    return figures, messages


# Columns.


def _column(cell: str) -> str:
    """Write a heading as the layouts do: In Post is in_post."""
    return "_".join(cell.casefold().replace("_", " ").split())


def _find(sheets: Iterable[Sheet]) -> _Table:
    """Find the first sheet with the right columns, and its heading."""
    refused: RefusedError | None = None
    seen: list[tuple[str, ...]] = []
    for sheet in sheets:
        above = False
        try:
            for number, cells in sheet.rows:
                if number > HEADING_WITHIN:
                    break
                heading = tuple(_column(cell) for cell in cells)
                layout = next((one for one in _LAYOUTS if _fits(one, heading)), None)
                if layout:
                    return _Table(sheet, layout, heading, cells, number, above)
                seen.append(cells)
                above = True
        except RefusedError as problem:
            refused = refused or problem
    raise refused or RefusedError(_no_heading(seen))


def _fits(layout: _Layout, heading: Sequence[str]) -> bool:
    return layout.year in heading and any(column in layout.measures for column in heading)


def _no_heading(seen: Sequence[Sequence[str]]) -> str:
    """Say which columns there are and which are wanted, where no row is a heading."""
    if not seen:
        return f"It has nothing in its first {HEADING_WITHIN} rows. {_WANTED}"
    for cells in seen:
        for layout in _LAYOUTS:
            known = [name for name in map(_column, cells) if name in layout.measures]
            if known:
                return (
                    f"It has no column for the year. It has {_listed(known)}: "
                    f'put a column "{layout.year}" beside them.'
                )
    return f"It has not the right columns. Found: {_quoted(max(seen, key=len))}. {_WANTED}"


def _refuse_columns(table: _Table) -> None:
    """Refuse columns of which it is not clear which is meant."""
    layout, count = table.layout, Counter(table.heading)
    if layout.code and layout.code not in count:
        raise RefusedError(
            f"It has DfE's columns and no {layout.code}, so nothing says whose rows they are. "
            f"Put the column {layout.code} with DfE's three-digit code back, or use the template."
        )
    for name in (layout.year, layout.code, *layout.measures):
        if name and count[name] > 1:
            raise RefusedError(f"The column {name} is there {_times(count[name])}. Keep one.")
    for measure in layout.measures.values():
        both = [name for name in table.heading if layout.measures.get(name) == measure]
        if len(both) > 1:
            raise RefusedError(f"The columns {_listed(both)} both give {measure}. Keep one.")


def _notes(table: _Table) -> list[str]:
    """Say how the table was read, where that is worth saying."""
    notes = [table.sheet.note] if table.sheet.note else []
    if table.above:
        notes.append(f"The heading is row {table.row}. What is above it was passed over.")
    known = {"", table.layout.year, *table.layout.measures}
    pairs = zip(table.heading, table.as_written, strict=True)
    other = [written for name, written in pairs if name not in known]
    if other and not table.layout.code:
        notes.append(f"Columns that are not in the template were passed over: {_quoted(other)}.")
    return notes


def _quoted(names: Sequence[str]) -> str:
    """Quote the first of some names that come from the file."""
    named = [f'"{shown(name.strip(), LONGEST_NAME)}"' for name in names if name.strip()]
    more = len(named) - _MOST_NAMES
    return ", ".join(named[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _listed(names: Sequence[object]) -> str:
    """List names: a, b and c."""
    *first, last = map(str, names)
    return f"{', '.join(first)} and {last}" if first else last


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


# Rows.

_Numbered = tuple[int, Message]
"""A message, with the number of the row that it is about."""


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _codes(text: str) -> frozenset[str]:
    return frozenset(code for part in text.split("/") if (code := part.strip()))


def _rows_of(
    table: _Table, rows: Sequence[Row], council: str
) -> tuple[list[Row], list[str], list[_Numbered]]:
    """Take a council's rows of DfE's table; those of a part of a joint return where it has none.

    Returns:
        Its rows, what is to be said of the others, and of the rows taken.
    """
    code, year = table.index(table.layout.code), table.index(table.layout.year)
    wanted = _codes(council)
    own = [row for row in rows if _codes(_cell(row[1], code)) == wanted]
    years = {_cell(cells, year) for _, cells in own}
    joint = [
        row
        for row in rows
        if _codes(_cell(row[1], code)) & wanted and _cell(row[1], year) not in years
    ]
    if not own and not joint:
        raise RefusedError(
            f"None of its rows has the code {shown(council)} in {table.layout.code}. "
            "Is it the file of the council that you chose?"
        )
    messages = []
    for number, cells in joint:
        text = (
            f'"{shown(_cell(cells, code))}" is read as {shown(council)}, '
            "because one is in the joint return of the other."
        )
        where = f"Row {number}, {table.layout.code}"
        messages.append((number, Message(where, text, refused=False)))
    others = len(rows) - len(own) - len(joint)
    passed = {0: [], 1: ["1 row of another area was passed over."]}.get(
        others, [f"{others:,} rows of other areas were passed over."]
    )
    return [*own, *joint], passed, messages


def _figures(table: _Table, rows: Sequence[Row]) -> tuple[list[OwnFigure], list[_Numbered]]:
    """Read the figures of every row whose year is clear."""
    messages: list[_Numbered] = []
    by_year: dict[int, list[Row]] = {}
    for number, cells in rows:
        if table.sheet.ragged and len(cells) > len(table.heading):
            text = (
                f"This row has {len(cells)} cells and the heading {len(table.heading)}. Take out "
                "what is too much; a comma inside a number splits it: write 1234.5."
            )
            messages.append((number, Message(f"Row {number}", text, refused=True)))
            continue
        year = read_year(_cell(cells, table.index(table.layout.year)))
        if isinstance(year, int):
            by_year.setdefault(year, []).append((number, cells))
        else:
            where = f"Row {number}, {table.layout.year}"
            messages.append((number, Message(where, year, refused=True)))
    figures: list[OwnFigure] = []
    for year, its in by_year.items():
        if len(its) > 1:
            messages.append(_twice(year, [number for number, _ in its]))
        else:
            figures += _row_figures(table, year, its[0], messages)
    return figures, messages


def _twice(year: int, numbers: Sequence[int]) -> _Numbered:
    which = f"in rows {_listed(numbers)}" if len(numbers) <= 5 else f"first in row {numbers[0]}"
    none = "Neither" if len(numbers) == 2 else "None"
    text = f"{year} is there {_times(len(numbers))}, {which}. {none} was taken: keep one."
    return numbers[1], Message(f"Row {numbers[1]}", text, refused=True)


def _row_figures(
    table: _Table, year: int, row: Row, messages: list[_Numbered]
) -> Iterable[OwnFigure]:
    """Read one row, and add what is to be said of it to the messages."""
    number, cells = row
    for index, column in enumerate(table.heading):
        measure = table.layout.measures.get(column)
        if measure is None:
            continue
        reading = read_number(_cell(cells, index), measure, by_dfe=bool(table.layout.code))
        if reading.text:
            where = f"Row {number}, {column}"
            messages.append((number, Message(where, reading.text, reading.refused)))
        if reading.value is not None:
            yield OwnFigure(year, measure, reading.value)


def _years(figures: Sequence[OwnFigure]) -> list[str]:
    """Say that a comparison is of one year, where there are several."""
    years = sorted({figure.year for figure in figures})
    if len(years) < 2:
        return []
    return [
        f"The file has figures for {_listed(years)}. A comparison is of one year; "
        "each is set beside DfE's of its own year."
    ]
