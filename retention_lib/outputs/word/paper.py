"""The paper that a section is written on: numbered paragraphs, headings, tables and figures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from retention_lib.outputs.stamp import stamp
from retention_lib.outputs.word.blank import WIDTH, blank, bytes_of
from retention_lib.outputs.word.fields import bookmark, field
from retention_lib.outputs.word.grid import draw, in_thousands
from retention_lib.outputs.word.png import png
from retention_lib.outputs.word.text import lead, line
from retention_lib.pictures.drawn import Drawn
from retention_lib.results import Provenance, Table

DRAWN = 640.0
"""Width for which a picture is drawn: its 14-pixel letters then print at 10 points."""

NO_FONT = (
    "The picture is left out: the computer that made this file has no font to write its words with."
)
_NUMBER = Cm(1.2)  # room for a paragraph's number
_LOW = Cm(6.6)
_TALLEST = Cm(10.5)  # of a picture, so that its caption and some text go on the page with it


@dataclass(frozen=True)
class See:
    """A reference to a table, which may come later."""

    table: str


class Paper:
    """A document being written, its parts numbered as they come."""

    def __init__(self, title: str, subject: str, made: Provenance, on: dt.date) -> None:
        self._made, self._on = made, on
        self._document = blank(title, subject, made, on)
        self._section, self._paragraph = 0, 0
        self._annex = ""
        self._tables: dict[str, int] = {}
        self._figures = 0
        self._references: list[tuple[Run, str]] = []
        self._document.add_heading(line(title), 1)

    @property
    def numbers(self) -> dict[str, int]:
        """The tables that are written, by key, with their numbers."""
        return dict(self._tables)

    # Words

    def section(self, title: str) -> None:
        """Begin a numbered section."""
        self._section, self._paragraph = self._section + 1, 0
        self._document.add_heading(f"{self._section}. {line(title)}", 2)

    def annex(self, title: str) -> None:
        """Begin an annex."""
        self._annex = chr(ord(self._annex) + 1) if self._annex else "A"
        self._paragraph = 0
        self._document.add_heading(f"Annex {self._annex}: {line(title)}", 2)

    def part(self, title: str) -> None:
        """Begin a part of a section."""
        self._document.add_heading(line(title), 3)

    def say(self, *words: str | See, bold: bool = False) -> None:
        """Write a numbered paragraph of sentences; nothing where there are none."""
        said = [each if isinstance(each, See) else line(each) for each in words]
        if not any(said):
            return
        self._paragraph += 1
        paragraph = self._document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.left_indent, shape.first_line_indent = _NUMBER, Emu(-_NUMBER)
        shape.tab_stops.add_tab_stop(_NUMBER)
        shape.widow_control = True
        paragraph.add_run(f"{self._annex or self._section}.{self._paragraph}\t")
        self._write(paragraph, [each for each in said if each], bold=bold)

    def _write(self, paragraph: Paragraph, said: Iterable[str | See], *, bold: bool) -> None:
        for place, each in enumerate(said):
            space = " " if place else ""
            if isinstance(each, See):
                paragraph.add_run(space)
                self._refer(paragraph, each.table)
            else:
                tight = "" if each.startswith((".", ",")) else space
                paragraph.add_run(f"{tight}{each}").bold = bold or None

    def list(self, items: Iterable[str]) -> None:
        """Write a list."""
        for item in items:
            paragraph = self._document.add_paragraph(line(item), style="List Bullet")
            paragraph.paragraph_format.left_indent = _NUMBER + Cm(0.6)
            paragraph.paragraph_format.first_line_indent = Cm(-0.6)

    # Tables and figures

    def table(self, table: Table, *, pounds: Iterable[str] = (), key: str = "") -> bool:
        """Write a table under its caption; nothing, and False, where it has no rows.

        Args:
            table: as the answer has it; its pounds are written in thousands.
            pounds: the columns that stay in pounds, being of one person.
            key: what it is referred to by, where not by its own.
        """
        if not table.rows:
            return False
        written = in_thousands(table, set(pounds))
        key = key or table.key
        self._tables[key] = len(self._tables) + 1
        caption = self._caption("Table", self._tables[key], self._mark(key))
        caption.add_run(f". {line(written.title)}")
        caption.paragraph_format.keep_with_next = True
        draw(self._document, written, small=bool(self._annex))
        return True

    def figure(self, drawn: Drawn, see: str, *, low: bool = False) -> None:
        """Write a picture over its caption, which says where its figures stand; none where empty.

        Args:
            drawn: the picture, drawn for the width of the text.
            see: the table that holds its figures.
            low: whether it is one of several that are to share a page.
        """
        if not drawn.svg:
            return
        title, reading = line(drawn.title), line(drawn.reading)
        made = png(drawn.svg)
        if made is None:
            self.say(f"{lead(title, reading)} {NO_FONT} The figures are in", See(see), ".")
            return
        self._figures += 1
        self._picture(made, title, reading, _LOW if low else _TALLEST)
        caption = self._caption("Figure", self._figures)
        caption.add_run(f". {title}{'' if title.endswith(('?', '.')) else '.'}")
        for words in (f" {reading} The figures are in ", "."):
            caption.add_run(words).bold = False
            if words != ".":
                self._refer(caption, see, bold=False)

    def _picture(self, made: bytes, title: str, reading: str, tallest: Length) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.line_spacing = 1.0
        shape = paragraph.add_run().add_picture(io.BytesIO(made), width=WIDTH)
        if shape.height > tallest:
            shape.width, shape.height = Emu(int(WIDTH * tallest / shape.height)), Emu(tallest)
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")
        told = shape._inline.docPr
        told.set("name", f"Figure {self._figures}")
        told.set("title", title)
        told.set("descr", lead(title, reading))

    def _caption(self, kind: str, number: int, mark: str = "") -> Paragraph:
        """Begin a caption whose number Word can bring into line with others."""
        caption = self._document.add_paragraph(style="Caption")
        caption.add_run(f"{kind} ")
        field(caption, f"SEQ {kind} \\* ARABIC", str(number))
        if mark:
            bookmark(caption, number, mark)
        return caption

    def _mark(self, key: str) -> str:
        return f"_Ref{self._made.scenario_digest}_{key}"

    def _refer(self, paragraph: Paragraph, key: str, *, bold: bool | None = None) -> None:
        run = field(paragraph, f"REF {self._mark(key)} \\h", "", bold=bold)
        self._references.append((run, key))

    # The end

    def about(self) -> None:
        """Write what every file of this product says of itself."""
        self.section("About this section")
        self.list(f"{what}: {says}" for what, says in stamp(self._made, self._on))

    def save(self) -> bytes:
        """Give the file, its references filled in.

        Raises:
            KeyError: naming a table that is referred to and was not written.
        """
        if self._document.element.body[-2].tag == qn("w:tbl"):
            self._document.add_paragraph()  # Word wants a paragraph behind the last table
        for run, key in self._references:
            run.text = f"Table {self._tables[key]}"
        return bytes_of(self._document, self._on)
