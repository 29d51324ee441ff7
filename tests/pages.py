"""A page that was sent, read as a browser reads it: its elements, its words, its grid."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "input", "br", "link", "img"}


@dataclass
class Element:
    """One element of a page, in the order of the file."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    words: list[str]
    first: int
    last: int = -1

    @property
    def text(self) -> str:
        """All words inside it."""
        return "".join(self.words[self.first : self.last])


@dataclass
class Page(HTMLParser):
    """A whole page; it refuses to be read where an element is not closed in its turn."""

    html: str
    elements: list[Element] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        assert not self._open, [each.tag for each in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        inside = tuple(each.tag for each in self._open)
        given = {name: value or "" for name, value in attrs}
        made = Element(tag, given, inside, self._words, len(self._words))
        self.elements.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1].tag}"
        self._open.pop().last = len(self._words)

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Find elements by tag and attributes."""
        return [
            each
            for each in self.elements
            if each.tag == tag
            and all(each.attributes.get(name) == value for name, value in attributes.items())
        ]

    def id(self, name: str) -> Element:
        """Find the one element of a name."""
        [found] = [each for each in self.elements if each.attributes.get("id") == name]
        return found

    @property
    def grid(self) -> dict[str, Any]:
        """The answers that its levers can reach."""
        found: dict[str, Any] = json.loads(self.id("grid").text)
        return found


def answer_at(grid: dict[str, Any], places: tuple[int, ...]) -> dict[str, Any]:
    """Look an answer up in a page's grid, as its script does."""

    def words(place: int) -> str:
        return "".join(grid["pieces"][piece] for piece in grid["texts"][place])

    found = grid["points"]
    for place in places:
        found = found[place]
    headline, said, tone, lead, rest, facts, bars = found
    return {
        "headline": words(headline),
        "said": words(said),
        "tone": words(tone),
        "sentences": [words(each) for each in (*lead, *rest)],
        "facts": [(words(figure), words(label)) for figure, label in facts],
        "bars": [[words(part) for part in bar] for bar in bars],
        "values": [
            words(stops[place]) for stops, place in zip(grid["levers"], places, strict=True)
        ],
    }
