"""What can be taken away from an answer: one list, for the pages, the command line and the tests.

Each output is made from the document, its answer and the day it is made on, and from nothing else.
What makes it is imported when it is asked for, so that a page opens without it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from retention_lib.documents import Document
from retention_lib.results import Answered

Make = Callable[[Document, Answered, dt.date], bytes]

_CASE = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")

LOG = "evidence"
"""The kind of the assumptions log, which is a list and no calculation: it goes as tables only."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """One file that can be taken away.

    `label` is what its button says, `says` in one sentence what it is for; `suffix` ends its name.
    `of_log` is whether there is one of the assumptions log too.
    """

    key: str
    label: str
    says: str
    suffix: str
    mime: str
    make: Make
    of_log: bool = False


def _excel(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.excel import workbook

    return workbook(document, result, on)


def _word(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.word import section

    return section(document, result, on)


def _page(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.one_page import page

    return page(document, result, on)


def _csv(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.tables_csv import answer_file

    return answer_file(document, result, on)


def _tables(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.tables_csv import tables_zip

    return tables_zip(document, result, on)


def _json(document: Document, result: Answered, on: dt.date) -> bytes:
    from retention_lib.outputs.result_json import result_file

    return result_file(document, result, on)


OUTPUTS: tuple[Output, ...] = (
    Output(
        key="excel",
        label="Excel workbook",
        says="Change a number in it and it works the answer out again, by formulas you can follow.",
        suffix=".xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        make=_excel,
    ),
    Output(
        key="word",
        label="Word section",
        says="Financial implications and risks, as a committee report has them, to paste and edit.",
        suffix=".docx",
        mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make=_word,
    ),
    Output(
        key="page",
        label="One page to send",
        says="Opens from an e-mail without the workbooks. Two or three numbers can still be moved.",
        suffix=".html",
        mime="text/html",
        make=_page,
    ),
    Output(
        key="csv",
        label="All tables, one CSV file",
        says="The answer, every input, every table and every source, one under the other.",
        suffix=".csv",
        mime="text/csv",
        make=_csv,
        of_log=True,
    ),
    Output(
        key="tables",
        label="Every table, a CSV file each",
        says="For a spreadsheet or a script, in one ZIP file.",
        suffix="-tables.zip",
        mime="application/zip",
        make=_tables,
        of_log=True,
    ),
    Output(
        key="json",
        label="The whole answer (JSON)",
        says="Every figure, unrounded, for a program to read.",
        suffix="-result.json",
        mime="application/json",
        make=_json,
        of_log=True,
    ),
)


def outputs_for(document: Document) -> tuple[Output, ...]:
    """List what can be taken away from the answer to a document.

    Example:
        >>> from retention_lib.presets import preset
        >>> [each.key for each in outputs_for(preset("no-scheme").scenario)]
        ['excel', 'word', 'page', 'csv', 'tables', 'json']
    """
    return tuple(each for each in OUTPUTS if each.of_log or document.kind != LOG)


def output(key: str) -> Output:
    """Give one of the outputs.

    Raises:
        ValueError: naming the outputs there are.

    Example:
        >>> output("word").suffix
        '.docx'
    """
    for each in OUTPUTS:
        if each.key == key:
            return each
    raise ValueError(f"There is no output {key!r}. It must be {', '.join(o.key for o in OUTPUTS)}.")


def file_name(document: Document, of: Output) -> str:
    """Name a file after the case its document started from and the document's own digest.

    Example:
        >>> from retention_lib.presets import preset
        >>> file_name(preset("middlesbrough-2019").scenario, output("excel")).split("-")[:2]
        ['middlesbrough', '2019']
    """
    return f"{stem(document)}{of.suffix}"


def stem(document: Document) -> str:
    """Give what the names of all of a document's files begin with.

    A case is named only where it is called as cases are: a document that was sent may say anything.

    Example:
        >>> from retention_lib.presets import preset
        >>> offer = preset("no-scheme").scenario
        >>> stem(offer.but({"case.preset": "../../elsewhere"})).split("-")[0]
        'incentive'
    """
    case = getattr(getattr(document, "case", None), "preset", None) or ""
    kind = document.kind.replace("_", "-")
    return f"{case if _CASE.fullmatch(case) else kind}-{document.digest}"
