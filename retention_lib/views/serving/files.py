"""The files that pages load: which may be asked for, packed small, and kept in the browser."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tornado.web import HTTPError

from retention_lib.views.serving.bundle import bundle, one_script
from retention_lib.views.serving.guard import Guarded

SCRIPT = "workbook.js"
"""The name of Voilà's script with all its parts."""

LIVE = "live.js"
"""The name of our script that brings pages to life without it."""

LIVE_PARTS = ("connection", "outbox", "models", "views", "page")
"""Its files, in the order in which they need each other."""

SERVED = frozenset({".css", ".js", ".svg", ".ttf", ".woff", ".woff2"})
PACKED = frozenset({".css", ".js", ".svg", ".ttf"})
"""What gets smaller when it is packed; the fonts of the web are packed already."""

LEAST = 1_000  # bytes; below, packing gains nothing
KEPT = "public, max-age=31536000, immutable"

_DIGEST = re.compile(r"\.[0-9a-f]{8,}\.")
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class File:
    """One file that may be asked for.

    Attributes:
        name: its name, which says what kind it is.
        source: where it is, or what is in it.
        kept: whether its address changes when it does, so that a browser need not ask again.
    """

    name: str
    source: Path | bytes
    kept: bool

    @cached_property
    def body(self) -> bytes:
        """What is in it."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    @cached_property
    def digest(self) -> str:
        """Tells it from every other, and from what it was."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes | None:
        """The same packed small, for a browser that can unpack it; None if nothing is gained."""
        if Path(self.name).suffix not in PACKED or len(self.body) < LEAST:
            return None
        return gzip.compress(self.body, mtime=0)

    @property
    def kind(self) -> str:
        """Its content type."""
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return _KINDS.get(Path(self.name).suffix, guessed)


class Files:
    """Every file that may be asked for, by its address after the base URL; there are no others.

    They are read once, when they are first asked for.
    """

    def __init__(
        self, own: Path, live: Path, voila: Path, version: str, extensions: Mapping[str, Path]
    ) -> None:
        """Find what may be served.

        Args:
            own: the folder of our own files.
            live: the folder of the parts of our script.
            voila: the folder of Voilà's.
            version: Voilà's version, which is in their addresses.
            extensions: each extension's folder of scripts, by its name.
        """
        self.folder = f"voila/static/{version}"
        self._all: dict[str, File] = {}
        for path in _served(voila):
            self._all[f"{self.folder}/{path.name}"] = File(path.name, path, kept=True)
        for name, folder in extensions.items():
            for path in _served(folder):
                kept = _DIGEST.search(path.name) is not None
                address = f"voila/labextensions/{name}/static/{path.name}"
                self._all[address] = File(path.name, path, kept)
        self._ours = {path.name: File(path.name, path, kept=True) for path in _served(own)}
        self._ours[LIVE] = File(LIVE, one_script(live, LIVE_PARTS), kept=True)
        self._ours[SCRIPT] = File(SCRIPT, bundle(voila, extensions), kept=True)
        self._all |= {f"{self.folder}/{name}": file for name, file in self._ours.items()}

    def find(self, address: str) -> File | None:
        """Find a file by its address after the base URL."""
        return self._all.get(address)

    def addresses(self, base_url: str) -> dict[str, str]:
        """Give the addresses of our own files; each changes with its file."""
        return {
            name: f"{base_url}{self.folder}/{name}?v={file.digest}"
            for name, file in self._ours.items()
        }

    def pack(self) -> None:
        """Pack what pages load before anyone asks; takes a quarter of a second."""
        for file in self._ours.values():
            _ = file.packed


def _served(folder: Path) -> Iterator[Path]:
    """List the files of a folder that pages may load."""
    for path in sorted(folder.iterdir()):
        if path.suffix in SERVED and not path.name.startswith(".") and path.is_file():
            yield path


class FileHandler(Guarded):
    """A file that pages load."""

    def initialize(self, files: Files) -> None:
        """Take what may be asked for."""
        self.files = files

    def get(self, address: str) -> None:
        """Send a file, packed if the browser can unpack it."""
        file = self.files.find(address)
        if file is None:
            raise HTTPError(404)
        self._etag = f'"{file.digest}"'
        self.set_header("Content-Type", file.kind)
        self.set_header("Cache-Control", KEPT if file.kept else "no-cache")
        packed = file.packed
        if packed is None:
            self.finish(file.body)
            return
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(file.body)
            return
        self._etag = f'"{file.digest}-gz"'
        self.set_header("Content-Encoding", "gzip")
        self.finish(packed)

    def head(self, address: str) -> None:
        """Tell of a file without sending it."""
        self.get(address)

    def compute_etag(self) -> str | None:
        """Tell a file from what it was; errors have no such mark."""
        return getattr(self, "_etag", None)
