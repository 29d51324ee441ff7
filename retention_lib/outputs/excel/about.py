"""What a Summary says of its file: how to use it, what colours mean, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.outputs.excel.book import Sheet
from retention_lib.outputs.excel.checks import FAILED, as_exported
from retention_lib.outputs.excel.inputs import CHANGED
from retention_lib.outputs.excel.looks import KEY
from retention_lib.outputs.stamp import stamp
from retention_lib.results import Change

NO_REASON = "No reason given"


def write_state(page: Sheet) -> None:
    """Write two lines that say whether inputs were changed and whether the checks hold."""
    page.line(
        "Inputs changed since the file was made",
        f"={CHANGED}",
        "whole",
        value=0,
        says="Change a yellow cell on the sheet Inputs, and this sheet follows.",
    )
    page.line(
        "Checks",
        f'=IF({FAILED}=0,"All hold",{FAILED}&" to look at")',
        "whole",
        value="All hold",
        says="See the sheet Checks.",
    )


def write_exported(page: Sheet, headline: str) -> None:
    """Write the answer as it was when the file was made, and whether it belongs to the inputs."""
    page.text(0, "The answer as exported", "text", "label")
    page.text(1, headline, "text", "note")
    page.row += 1
    write_belongs(page)


def write_belongs(page: Sheet) -> None:
    """Write a row that says whether what stands above it still belongs to the inputs."""
    page.text(0, "Does that belong to the inputs as they are?", "words")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1


def write_changes(page: Sheet, changes: Sequence[Change]) -> None:
    """Write what was changed from the case before the file was made, and why; nothing if none."""
    if not changes:
        return
    says = "These are in the answer as exported. What is changed in the cells comes on top."
    page.fixed("Changed from the case before export", len(changes), "whole")
    page.note(says)
    page.header(("What was changed", "Was", "Now, and why"), ("words", "words", "text"))
    for each in changes:
        page.text(0, each.label, "words")
        page.text(1, each.was, "words", "fixed")
        page.text(2, f"{each.now}. {_ended(each.reason or NO_REASON)}", "text", "note")
        page.row += 1


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def write_how_to(page: Sheet, says: Sequence[str]) -> None:
    """Write how to use the file: what may be changed, what follows, and what does not."""
    page.heading("How to use this file")
    for role, words in KEY.items():
        page.text(0, words, "words", role)
        page.row += 1
    for sentence in says:
        page.note(sentence)


def write_about(page: Sheet) -> None:
    """Write what every file says of itself: what made it, from what, when, and what it is not."""
    page.heading("About this file")
    for label, words in stamp(page.book.made, page.book.on):
        page.text(0, label, "words", "label")
        page.text(1, words, "text", "note")
        page.row += 1
