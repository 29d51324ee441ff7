"""What a document's fields become in a link: short, in parts that each tell if they are whole.

A token is `1.7.PART.PART…`: the version of the words below, how many parts there are, the parts.
Each part is a few fields as JSON, deflated with words that both ends know and preceded by three
bytes of its own checksum, in base64. What damage spoils is one part; the others are still exactly
what was sent. Tokens of versions 0.1 to 0.4 are one zlib stream, whole or not at all.

The words are `data/links/1.txt`, frozen: with another text no link that was sent would open. Better
words are a file of their own, with the next number.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from retention_lib.paths import DATA

WORDS_VERSION = 1
"""The version of the words that links are written with."""

_LONGEST_VERSION = 4  # digits

LARGEST_LINK = 1_000_000
"""Characters that a link may have, and that it may hold once unpacked; none has so many."""

_MOST_PARTS = 20_000
_LARGEST_PART = 100_000  # characters once unpacked

_PART_LENGTH = 120  # characters of JSON; shorter parts lose less to damage, and make longer links
_CHECK_BYTES = 3
_CRC_BYTES = 4
_RAW = -15  # zlib's word for deflate without a header
_MOST_EXACT = 1e15  # up to here every whole number is a float and the other way round
_STRATEGIES = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED)
_BETWEEN = "."
_PUNCTUATION = ".,;:!?)>]}'\""
_ITEM = re.compile(r"(?P<name>.+)\.(?P<index>[0-9]{1,4})\*(?P<number>[0-9]{1,4})")


@dataclass(frozen=True)
class Unpacked:
    """What could be read of a token: fields as parsed JSON, and what is missing of them.

    `lost` are paths of list items that are not there. `is_damaged` says that a part could not be
    read or is missing; whatever was read is exactly what was sent. `is_newer` says that nothing was
    read as the link says it was made with words of a later version.
    """

    fields: dict[str, Any]
    lost: tuple[str, ...] = ()
    is_damaged: bool = False
    is_newer: bool = False


def token_in(link: str) -> str:
    """Find the token in a link, or in the part of one behind `s=`; empty where there is none.

    Spaces, line breaks and full stops that a letter put into it or behind it are left out.

    Example:
        >>> token_in("http://127.0.0.1/page?theme=dark&s=1.1.AAAA#answer"), token_in("s=1.1.AA AA.")
        ('1.1.AAAA', '1.1.AAAA')
    """
    try:
        query = urlsplit(link).query
        found = parse_qs(query).get("s", [""])[0] if query else link.removeprefix("s=")
    except ValueError:
        return ""
    return "".join(found.split()).rstrip(_PUNCTUATION)


def packed(fields: Mapping[str, Any]) -> str:
    """Write the fields of a document as a token for a link.

    Args:
        fields: the document as parsed JSON.

    Example:
        >>> unpacked(packed({"a": 1.0, "b": [{"c": "x"}, {"c": "y"}]})).fields
        {'a': 1, 'b': [{'c': 'x'}, {'c': 'y'}]}
    """
    parts = [_part(text) for text in texts(fields)]
    return _BETWEEN.join([str(WORDS_VERSION), str(len(parts)), *parts])


def texts(fields: Mapping[str, Any]) -> list[str]:
    """Divide a document's fields into the texts of its parts, each a JSON object.

    The items of a list of objects stand alone; `groups.0*2` is the first of two.
    """
    found: list[list[str]] = []
    for key, value in _entries(fields):
        entry = f"{_json(key)}:{_json(_shortest(value))}"
        if not found or len(entry) + sum(map(len, found[-1])) > _PART_LENGTH:
            found.append([])
        found[-1].append(entry)
    return ["{" + ",".join(part) + "}" for part in found]


def unpacked(token: str) -> Unpacked:
    """Read whatever can be read of a token, and nothing that is not exactly what was written.

    Example:
        >>> unpacked("1.1.AAAA").is_damaged, unpacked("hello").fields
        (True, {})
    """
    if len(token) > LARGEST_LINK:
        return Unpacked({}, is_damaged=True)
    if _BETWEEN not in token:
        old = _of_old_token(token)
        return Unpacked(old or {}, is_damaged=old is None)
    version, number, *parts = f"{token}{_BETWEEN}".split(_BETWEEN)[:-1]
    found: dict[str, Any] = {}
    told = version, number
    is_whole = told == (str(WORDS_VERSION), str(len(parts))) and len(parts) <= _MOST_PARTS
    left = LARGEST_LINK
    for part in parts[:_MOST_PARTS]:
        text = _text_of(part, min(left, _LARGEST_PART))
        fields = None if text is None else _object_in(text)
        if text is None or fields is None:
            is_whole = False
            continue
        left -= len(text)
        found |= fields
    later = (
        version.isdecimal() and len(version) <= _LONGEST_VERSION and int(version) > WORDS_VERSION
    )
    if later and not found:
        return Unpacked({}, is_damaged=True, is_newer=True)
    together, lost = _together(found)
    return Unpacked(together, lost, is_damaged=not is_whole or bool(lost))


def _entries(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the fields of a document, the items of a list of objects each by itself."""
    for key, value in fields.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            number = len(value)
            yield from ((f"{key}.{index}*{number}", item) for index, item in enumerate(value))
        else:
            yield key, value


def _together(found: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put the items of lists back into their lists, and name those that are not there."""
    fields: dict[str, Any] = {}
    items: dict[str, dict[int, Any]] = {}
    numbers: dict[str, int] = {}
    for key, value in found.items():
        item = _ITEM.fullmatch(key)
        if item is None:
            fields[key] = value
            continue
        name = item["name"]
        items.setdefault(name, {})[int(item["index"])] = value
        numbers[name] = int(item["number"])
    lost: list[str] = []
    for name, there in items.items():
        lost += [f"{name}.{index}" for index in range(numbers[name]) if index not in there]
        fields[name] = [there[index] for index in sorted(there)]
    return fields, tuple(lost)


def _shortest(value: Any) -> Any:
    """Write whole numbers without a point, and leave out spaces; the number stays the same."""
    if isinstance(value, dict):
        return {key: _shortest(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortest(item) for item in value]
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT
    return int(value) if is_whole and str(value) != "-0.0" else value


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@cache
def _words(version: int) -> bytes:
    """Give the words of a version."""
    return (DATA / "links" / f"{version}.txt").read_bytes()


@cache
def _packer(strategy: int) -> zlib._Compress:
    """Give a packer that has read the words, to be copied: reading them is most of the work."""
    return zlib.compressobj(9, wbits=_RAW, strategy=strategy, zdict=_words(WORDS_VERSION))


def _part(text: str) -> str:
    """Write one part: its checksum, then its text deflated, in base64."""
    content = text.encode()
    tries = []
    for strategy in _STRATEGIES:
        packer = _packer(strategy).copy()
        tries.append(packer.compress(content) + packer.flush())
    return _base64(_check(content) + min(tries, key=len))


def _text_of(part: str, most: int) -> str | None:
    """Read one part; None where it is not exactly what was written."""
    try:
        content = base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=_RAW, zdict=_words(WORDS_VERSION))
        text = unpacker.decompress(content[_CHECK_BYTES:], most)
        return text.decode() if content[:_CHECK_BYTES] == _check(text) else None
    except (ValueError, zlib.error):
        return None


def _check(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CRC_BYTES, "big")[:_CHECK_BYTES]


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _of_old_token(token: str) -> dict[str, Any] | None:
    """Read a token of versions 0.1 to 0.4; None where it is damaged."""
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(content, LARGEST_LINK).decode()
    except (ValueError, zlib.error):
        return None
    return _object_in(text) if unpacker.eof else None


def _object_in(text: str) -> dict[str, Any] | None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None
