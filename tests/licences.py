"""The licence of everything that is installed to run this: read from what each package says.

`python -m tests.licences > docs/licences.md` writes the list again after the lock has changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
LIST = ROOT / "docs" / "licences.md"

PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "PSF-2.0",
        "Zlib",
    }
)
WEAK_COPYLEFT = {
    "certifi": "MPL-2.0",
    "fqdn": "MPL-2.0",
}
"""Packages that may be used unchanged, named one by one: only changes to them must be shared."""

BY_HAND: Mapping[str, str] = {
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "pywinpty": "MIT",
    "resvg-py": "MIT",
}
"""Packages of other systems, as their projects publish it, and one that only brings the text."""

_WORDS: tuple[tuple[str, str], ...] = (
    (r"mozilla public license 2\.0|^mpl-2\.0", "MPL-2.0"),
    (r"^apache", "Apache-2.0"),
    (r"^bsd[- ]3-clause|^bsd 3", "BSD-3-Clause"),
    (r"^bsd[- ]2-clause", "BSD-2-Clause"),
    (r"^bsd", "BSD"),
    (r"^isc", "ISC"),
    (r"^mit\b", "MIT"),
    (r"^psf|python software foundation", "PSF-2.0"),
)
_HEAD = """\
# Licences

Every package that is installed to run the workbooks, with the version in `requirements.lock`, the \
licence it states, and what needs it. `BSD` is a BSD licence of which the package does not say \
which. Nothing here asks that our own code be shared; the packages under MPL-2.0 are used \
unchanged. Made by `python -m tests.licences`.

| package | version | licence | needed by |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Pinned:
    """A package of the lock."""

    name: str
    version: str
    licence: str
    needed_by: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The licences it is under."""
        return tuple(re.split(r" (?:AND|OR) ", self.licence))

    @property
    def is_allowed(self) -> bool:
        """Whether we may use it: under permissive licences, or named."""
        return WEAK_COPYLEFT.get(self.name) == self.licence or PERMISSIVE.issuperset(self.parts)


def pins(lock: Path = LOCK) -> dict[str, str]:
    """Give the version of each package of a lock."""
    found = re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.M)
    return {canonicalize_name(name): version for name, version in found}


@cache
def stated(name: str) -> str:
    """Give the licence that an installed package states; empty where it states none."""
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if said["License-Expression"]:
        return str(said["License-Expression"])
    kinds = [each for each in said.get_all("Classifier") or [] if each.startswith("License")]
    words = [str(said["License"] or ""), *(each.split(" :: ")[-1] for each in kinds)]
    known = (id_ for word in words for sought, id_ in _WORDS if re.search(sought, word.lower()))
    return next(known, "")


def _wanted(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """List what a package asks for on any system, with its extras."""
    try:
        given = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for line in given:
        asked = Requirement(line)
        extra = re.search(r"""extra == ["']([\w.-]+)["']""", str(asked.marker or ""))
        if extra is None or extra[1] in extras:
            yield asked


def needed_by(direct: Iterator[Requirement]) -> dict[str, set[str]]:
    """Find what needs each package, by following what each asks for."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [("this project", asked) for asked in direct]
    while waiting:
        by, asked = waiting.pop()
        name, extras = canonicalize_name(asked.name), frozenset(asked.extras)
        found.setdefault(name, set()).add(by)
        if (name, extras) not in seen:
            seen.add((name, extras))
            waiting += [(name, each) for each in _wanted(name, extras)]
    return found


def pinned() -> list[Pinned]:
    """List the packages of the lock with their licences."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = needed_by(Requirement(each) for each in project["dependencies"])
    return [
        Pinned(name, version, stated(name), tuple(sorted(needs.get(name, ()))))
        for name, version in sorted(pins().items())
    ]


def page() -> str:
    """Write the list."""
    rows = (
        f"| {each.name} | {each.version} | {each.licence} | {', '.join(each.needed_by)} |"
        for each in pinned()
    )
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")
