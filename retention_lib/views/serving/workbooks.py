"""Which notebooks are workbooks: what is served, under which name, in which order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Workbook:
    """One notebook that is served as an app.

    Attributes:
        file: its name in the workbooks' folder, which is also its name in addresses.
        title: the question it answers: the page's heading.
        label: the same in a word or two, for the navigation.
        version: changes when the file does.
        address: where its page is.
    """

    file: str
    title: str
    label: str
    version: int
    address: str


@dataclass(frozen=True)
class Shelf:
    """The folder of workbooks, read afresh at each question so that an edit shows at once.

    Attributes:
        folder: where the notebooks are.
        base_url: what every address starts with; it starts and ends with a slash.
    """

    folder: Path
    base_url: str = "/"

    def workbooks(self) -> list[Workbook]:
        """List the workbooks in the order of their file names.

        A notebook is a workbook if it lies in the folder itself and its metadata has a `title`.
        So analysts' notebooks and unfinished ones are never served.
        """
        found = (_read(path, self.base_url) for path in sorted(self.folder.glob("*.ipynb")))
        return [workbook for workbook in found if workbook]

    def find(self, file: str) -> Workbook | None:
        """Find a workbook by its file name; anything else is not served."""
        return next((one for one in self.workbooks() if one.file == file), None)


def _read(path: Path, base_url: str) -> Workbook | None:
    """Read what the server needs to know of a notebook; None if it is not a workbook."""
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        title = str(metadata["title"])
        version = path.stat().st_mtime_ns
    except (OSError, ValueError, KeyError, TypeError):
        return None
    address = f"{base_url}voila/render/{quote(path.name)}"
    return Workbook(path.name, title, str(metadata.get("nav", title)), version, address)
