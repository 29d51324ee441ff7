"""One script of the many that Voilà's page loads, so that a browser asks once and not 80 times.

Left alone, a page asks for Voilà's script, which asks for its parts, which ask for extensions,
which ask for theirs. The parts only register what they hold, so they may all come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

VOILA = "voila.js"

EXPOSES_ONLY = "@voila-dashboards/widgets-manager8"
"""The extension of which only its own parts are loaded: others provide what it shares."""

_NAMED = re.compile(r"\.e\((\d+)\)")
_EXPOSED = re.compile(r'"\./extension":(.*?)\)\)')
_PART = re.compile(r"\.push\(\[\[")  # near the start of a part, and of nothing else
_START = 300  # characters
_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def one_script(folder: Path, names: Iterable[str]) -> bytes:
    """Make one script of files that know each other, and that nothing else on a page knows.

    Args:
        folder: where they are.
        names: their names without an ending, in order.
    """
    texts = ((folder / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return "\n".join(['(() => {"use strict";', *texts, "})();\n"]).encode("utf-8")


def bundle(voila: Path, extensions: Mapping[str, Path]) -> bytes:
    """Put Voilà's script behind the parts that it and its extensions are going to ask for.

    Args:
        voila: the folder of Voilà's scripts.
        extensions: each extension's folder of scripts, by its name.

    Returns:
        a script that takes the place of `voila.js`. What is not in it is still asked for.
    """
    main = (voila / VOILA).read_text(encoding="utf-8")
    numbers = dict.fromkeys(_NAMED.findall(main))
    found = [path for number in numbers if (path := voila / f"{number}.{VOILA}").is_file()]
    for name, folder in extensions.items():
        found.extend(_parts(folder, exposed_only=name == EXPOSES_ONLY))
    texts = [path.read_text(encoding="utf-8") for path in found]
    # Each in a function of its own: some ask to be read strictly, which must not go for the rest.
    parts = [f"(()=>{{{_MAP.sub('', text)}\n}})();" for text in texts]
    return "\n".join([*parts, _MAP.sub("", main)]).encode("utf-8")


def _parts(folder: Path, exposed_only: bool) -> Iterator[Path]:
    """Find the parts of an extension."""
    wanted: set[str] = set()
    for entry in folder.glob("remoteEntry.*.js"):
        for exposed in _EXPOSED.findall(entry.read_text(encoding="utf-8")):
            wanted.update(_NAMED.findall(exposed))
    for path in sorted(folder.glob("*.js")):
        is_part = _PART.search(path.read_text(encoding="utf-8")[:_START])
        if is_part and (path.name.split(".")[0] in wanted or not exposed_only):
            yield path
