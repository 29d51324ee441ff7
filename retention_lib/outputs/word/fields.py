"""The parts of Word that python-docx has no words for: fields, bookmarks, marks on a row."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Make one element of WordprocessingML.

    Example:
        >>> element("w:lang", val="en-GB").get(qn("w:val"))
        'en-GB'
    """
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def field(paragraph: Paragraph, says: str, shown: str, *, bold: bool | None = None) -> Run:
    """Put a field at the end of a paragraph, and give the run with what it shows until updated."""
    for kind in ("begin", "", "separate"):
        run = paragraph.add_run()
        run.bold = bold
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            text = element("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {says} "
            run._r.append(text)
    result, end = paragraph.add_run(shown), paragraph.add_run()
    result.bold = end.bold = bold
    end._r.append(element("w:fldChar", fldCharType="end"))
    return result


def bookmark(paragraph: Paragraph, number: int, name: str) -> None:
    """Bookmark what a paragraph holds so far, so that a field can refer to it.

    Args:
        paragraph: where.
        number: one that no other bookmark has.
        name: letters, digits and underscores, 40 or fewer.
    """
    start = element("w:bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("w:bookmarkEnd", id=str(number)))


def mark_row(row: _Row, *, heads: bool) -> None:
    """Keep a row on one page; one that heads the table stands again on every page."""
    marks = row._tr.get_or_add_trPr()
    marks.append(element("w:cantSplit"))
    if heads:
        marks.append(element("w:tblHeader"))
