"""What somebody may send by hand: values of every kind that no field of ours would send."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.hostile.watching import CANARY
from tests.visitors import NASTY

CODE = f"__import__('os').system('touch {CANARY}')"
LARGE = "x" * 10_000_000

NAMES = (
    "__class__",
    "__dict__",
    "__init__",
    "__proto__",
    "_property_lock",
    "constructor",
    "constructor.prototype",
    "groups.-1.headcount",
    "groups.99999999.headcount",
    "groups.0.headcount.__class__",
    "groups.0",
    "measures.0.effects.-1.central",
    "measures.-1.name",
    "prices.cpi.-1",
    "not_offered.9.salary",
    "kind",
    "name",
    "reasons",
    "schema",
    "self",
    "studies.0.url",
    "",
    ".",
    "..",
    "../../etc/passwd",
    "\ud800",
    "\x00",
    "a" * 5_000,
    CODE,
    "{{7*7}}",
    "${7*7}",
    NASTY,
)

TEXTS = (
    "",
    " ",
    "0x10",
    "1e400",
    "NaN",
    "-Infinity",
    "None",
    "null",
    "١٢٣",
    "1_000",
    "12,5",
    "\ud800",
    "\udfff\ud800",
    "\x00",
    "\x1b[31m",
    "\u202etxt.exe",
    "\ufeff",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE councils; --",
    "../../../../etc/passwd",
    "/proc/self/environ",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "javascript:alert(1)",
    "%s%s%s%n",
    "{0.__class__.__mro__}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "!!python/object/apply:os.system ['id']",
    "cos\nsystem\n(S'id'\ntR.",
    CODE,
    NASTY,
    "<script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    "a" * 101,
    "é" * 5_000,
    "IPY_MODEL_0123456789abcdef",
)

NUMBERS: tuple[object, ...] = (
    -1,
    -0.0,
    -1e-9,
    0.5,
    3.7,
    1e13,
    -1e13,
    1e308,
    5e-324,
    2**53 + 1,
    2**63,
    -(2**64),
    10**30,
    10**400,
    float("nan"),
    float("inf"),
    float("-inf"),
)


def nested(depth: int, inner: object = 1) -> object:
    """Put something into lists and objects, one in the other."""
    for _ in range(depth // 2):
        inner = {"a": [inner]}
    return inner


SHAPES: tuple[Callable[[], object], ...] = (
    lambda: None,
    lambda: True,
    lambda: False,
    list,
    dict,
    lambda: [[]],
    lambda: [None],
    lambda: {"": ""},
    lambda: {"__proto__": {"polluted": True}},
    lambda: {"$type": "os.system", "py/object": "subprocess.Popen"},
    lambda: list(range(100_000)),
    lambda: ["806"] * 10_000,
    lambda: ["806", 806, None],
    lambda: nested(100),
    lambda: nested(5_000),
    lambda: {f"k{i}": i for i in range(10_000)},
    lambda: b"\x00" * 100,
)


def value(dice: random.Random) -> Any:
    """Draw any value at all; now and then one of ten million letters."""
    turn = dice.random()
    if turn < 0.4:
        return dice.choice(TEXTS)
    if turn < 0.65:
        return dice.choice(NUMBERS)
    if turn < 0.995:
        return dice.choice(SHAPES)()
    return LARGE


def object_of(dice: random.Random, names: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Draw an object whose fields are called as ours are, or as none should be."""
    known = [*NAMES, *(names or ())]
    return {dice.choice(known): value(dice) for _ in range(dice.randint(1, 4))}


def spoiled(dice: random.Random, given: dict[str, Any]) -> bytes:
    """Put any values at all into one to three places of a document, and write it as a file."""
    made: Any = json.loads(json.dumps(given))
    for _ in range(dice.randint(1, 3)):
        place = made
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            deeper = [key for key in keys if isinstance(place[key], (dict, list)) and place[key]]
            if not deeper or dice.random() < 0.3:
                break
            place = place[dice.choice(deeper)]
        key: Any = dice.choice(keys)
        if isinstance(place, dict) and dice.random() < 0.3:
            key = dice.choice(NAMES)
        place[key] = value(dice)
    try:
        return json.dumps(made, default=str).encode()
    except RecursionError:
        return content(dice)


def content(dice: random.Random) -> bytes:
    """Draw the bytes of a file."""
    made: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: dice.randbytes(dice.randint(1, 2_000)),
        lambda: b"[" * dice.choice([500, 5_000, 100_000]),
        lambda: b'{"a":' * dice.choice([500, 100_000]),
        lambda: b"{}",
        lambda: b"null",
        lambda: b"NaN",
        lambda: b"\xff\xfe{\x00}\x00",
        lambda: dice.choice(TEXTS).encode("utf-8", "surrogatepass"),
        lambda: b"PK\x03\x04" + dice.randbytes(200),
        lambda: b"\x80\x04cposix\nsystem\n(S'id'\ntR.",
        lambda: b'{"schema":1,"kind":"incentive","groups":' + b"9" * 10_000 + b"}",
        lambda: b"year,turnover\n" + b"2019,20\n" * 2_000,
        lambda: b"year,turnover\n2019," + b"9" * 100_000,
        lambda: (
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;"
        ),
    )
    return dice.choice(made)()
