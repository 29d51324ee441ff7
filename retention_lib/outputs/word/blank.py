"""An empty A4 page in British English, with a footer and nobody's name on it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from retention_lib.outputs.stamp import stamp
from retention_lib.outputs.word.fields import field
from retention_lib.outputs.word.text import line
from retention_lib.results import Provenance

WIDTH = Cm(17)
"""Of the text: A4 less its margins."""

_MARGIN = Cm(2)
_FONT = "Arial"
_INK = RGBColor(0x0B, 0x0C, 0x0C)
_NOT_OURS = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
)
"""Parts of the library's own template that tell of the computer it was made on."""

_SIZES = {
    "Normal": (11, 3, 3),
    "Heading 1": (18, 0, 10),
    "Heading 2": (14, 12, 4),
    "Heading 3": (11.5, 8, 3),
    "Caption": (9.5, 6, 3),
    "List Bullet": (11, 0, 2),
    "Header": (9, 0, 0),
    "Footer": (9, 0, 0),
}
"""Points of each built-in style: the letters, the space before and the space after."""


def blank(title: str, subject: str, made: Provenance, on: dt.date) -> Docx:
    """Begin a document: page, styles, language, footer and properties."""
    document = Document()
    _page(document)
    for name, points in _SIZES.items():
        _style(document, name, points)
    _language(document)
    _footer(document, made, on)
    _properties(document, title, subject, on)
    return document


def _page(document: Docx) -> None:
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = _MARGIN
    page.bottom_margin = _MARGIN
    page.header_distance = page.footer_distance = Cm(1)


def _style(document: Docx, name: str, points: tuple[float, float, float]) -> None:
    """Set a built-in style; a council's own template has the same and takes over when pasted."""
    style = document.styles.get_by_id(name.replace(" ", ""), WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    size, before, after = points
    style.font.size, style.font.color.rgb = Pt(size), _INK
    style.font.bold = True if name.startswith(("Heading", "Caption")) else None
    format_of = style.paragraph_format
    format_of.space_before, format_of.space_after = Pt(before), Pt(after)
    format_of.line_spacing = 1.05
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _language(document: Docx) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")  # the standard asks for a number


def _footer(document: Docx, made: Provenance, on: dt.date) -> None:
    """Write what made it, from what and when, and the page; the page is a field."""
    says = dict(stamp(made, on))
    paragraph = document.sections[0].footer.paragraphs[0]
    style = paragraph.style
    assert style is not None
    stops = style.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    parts = (says["Made with"], f"scenario {says['Scenario']}", says["Made on"])
    paragraph.add_run(f"{line(', '.join(parts))}\tPage ")
    field(paragraph, "PAGE", "1")
    paragraph.add_run(" of ")
    field(paragraph, "NUMPAGES", "1")


def _properties(document: Docx, title: str, subject: str, on: dt.date) -> None:
    known = document.core_properties
    known.title, known.subject = line(title), line(subject)
    known.author = known.last_modified_by = known.comments = known.keywords = ""
    known.language, known.revision = "en-GB", 1
    known.created = known.modified = dt.datetime.combine(on, dt.time())
    package = document.part.package
    assert package is not None
    for key in [key for key, each in package.rels.items() if each.reltype in _NOT_OURS]:
        del package.rels[key]


def bytes_of(document: Docx, on: dt.date) -> bytes:
    """Give the file: the same bytes for the same document and day, whatever the clock says."""
    made, kept = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            told = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            told.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(told, parts.read(name))
    return kept.getvalue()
