"""An output written to a file, which is never put in the place of another unless that is meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from retention_lib.documents import Document
from retention_lib.outputs.files import Output, file_name
from retention_lib.results import Answered


class ExportRefusedError(ValueError):
    """A file that was not written, and why."""


def place_for(document: Document, of: Output, to: Path | None, *, overwrite: bool) -> Path:
    """Say where an output goes, before it is made.

    Args:
        document: what it is made of.
        of: which output.
        to: a file, or a folder that is there; the folder one is in where nothing is said.
        overwrite: whether it may take the place of a file that is there.

    Raises:
        ExportRefusedError: where a file is there already, or the folder is not.
    """
    place = Path(file_name(document, of)) if to is None else to
    if place.is_dir():
        place = place / file_name(document, of)
    if place.exists() and not overwrite:
        raise ExportRefusedError(
            f"Nothing was written. {place} is there already. Name another file with --to, or add "
            "--overwrite to replace it."
        )
    if not place.parent.is_dir():
        raise ExportRefusedError(f"Nothing was written. There is no folder {place.parent}.")
    return place


def export(document: Document, result: Answered, of: Output, place: Path, on: dt.date) -> None:
    """Write an output to its place.

    Args:
        document: what was asked.
        result: its answer.
        of: which output.
        place: where it goes, as :func:`place_for` says.
        on: the day it is made.

    Raises:
        OSError: where it cannot be written.
    """
    place.write_bytes(of.make(document, result, on))
