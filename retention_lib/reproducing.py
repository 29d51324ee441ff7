"""The few lines of Python that give an answer again: where it started, what was changed, the call.

What is written is checked before it is handed over: run, it makes exactly the same document.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from retention_lib.answering import CASES, AnyDocument, answer
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.documents import Document
from retention_lib.plans.plan import Plan
from retention_lib.problems import ScenarioError
from retention_lib.results import Answered
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult

WIDTH = 88
"""Characters that a line has at most."""

_INDENT = "    "
_MINUS_FIRST = ("£-", "-£")
"""A minus stands before the pound sign, and not behind it."""


Name = tuple[str, str]
"""A module, and a name that is imported from it."""


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How a kind of document is made, answered and told.

    `start` gives the code of a case's document and `start_from` what it needs. `call` answers it.
    `figure` says the main figure of an answer, as code and as text.
    """

    variable: str
    model: Name
    start: str
    start_from: Name
    call: str
    call_from: tuple[Name, ...]
    figure: Callable[[Answered | None], str]


_KINDS: Mapping[type[Document], _Kind] = {
    Scenario: _Kind(
        variable="scenario",
        model=("retention_lib", "Scenario"),
        start='preset("{key}").scenario',
        start_from=("retention_lib.presets", "preset"),
        call="evaluate(scenario)",
        call_from=(("retention_lib", "evaluate"),),
        figure=lambda _: "NPV: £{result.npv:,.2f}",
    ),
    Plan: _Kind(
        variable="plan",
        model=("retention_lib.plans", "Plan"),
        start='case("{key}").plan',
        start_from=("retention_lib.plans.cases", "case"),
        call="appraise(plan, spread(plan))",
        call_from=(("retention_lib.plans", "appraise"), ("retention_lib.plans", "spread")),
        figure=lambda _: "Net cash over four years: £{result.net:,.2f}",
    ),
    Comparison: _Kind(
        variable="asked",
        model=("retention_lib.benchmarks", "Comparison"),
        start='case("{key}").comparison',
        start_from=("retention_lib.benchmarks.cases", "case"),
        call="compare(asked)",
        call_from=(("retention_lib.benchmarks", "compare"),),
        figure=lambda _: "Worth of the gap in a year: £{result.gap.pounds:,.2f}",
    ),
    Question: _Kind(
        variable="asked",
        model=("retention_lib.synthetic.question", "Question"),
        start='case("{key}").question',
        start_from=("retention_lib.synthetic.cases", "case"),
        call="what_happened(asked)",
        call_from=(("retention_lib.synthetic.answer", "what_happened"),),
        figure=lambda result: (
            "Apart from its mix of councils: {result.found.looked_at.gap:.6f}"
            if isinstance(result, HappenedResult) and result.found
            else "{result.why_not}"
        ),
    ),
    LogQuestion: _Kind(
        variable="asked",
        model=("retention_lib.assumptions_log", "Question"),
        start="",
        start_from=("", ""),
        call="log_of(asked, date.today())",
        call_from=(("datetime", "date"), ("retention_lib.assumptions_log", "log_of")),
        figure=lambda _: "Every check passed: {result.passed}",
    ),
}


def lines_of(document: Document, result: Answered | None = None) -> str:
    """Write the Python that gives the answer to a document again.

    It starts from the case that the document started from and lists the changes, or from what
    differs from the usual values. It ends with the call, the headline and the main figure, and
    says as a comment what that figure was in this version.

    Args:
        document: of any kind, or a question of the assumptions log.
        result: its answer, where it is there already. The log's is of one day, and is not made
            here: without it no figure is told.

    Raises:
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where the answer does not add up.

    Example:
        >>> from retention_lib.presets import preset
        >>> print(lines_of(preset("no-scheme").scenario.but({"seed": 3})).partition("result")[0])
        from retention_lib import evaluate
        from retention_lib.presets import preset
        <BLANKLINE>
        scenario = preset("no-scheme").scenario.but({"seed": 3})
        <BLANKLINE>
    """
    kind = _KINDS[type(document)]
    made, needed = _made(document, kind)
    if result is None and not isinstance(document, LogQuestion):
        result = answer(_answerable(document), ranges=False)
    figure = kind.figure(result)
    said = "" if result is None else figure.format(result=result).replace(*_MINUS_FIRST)
    told = [] if result is None else [said, _made_with(result)]
    first = '.replace("{}", "{}")'.format(*_MINUS_FIRST) if "£" in figure else ""
    lines = [
        *_imports([*kind.call_from, needed]),
        "",
        f"{kind.variable} = {made}",
        f"result = {kind.call}",
        "print(result.headline)",
        f'print(f"{figure}"{first})',
        *(line for each in told for line in _comment(each)),
    ]
    return "\n".join(lines) + "\n"


def _answerable(document: Document) -> AnyDocument:
    """See that a document is of a kind that can be answered by itself."""
    assert isinstance(document, AnyDocument)
    return document


def _made(document: Document, kind: _Kind) -> tuple[str, Name]:
    """Write the expression that makes a document, and what it needs."""
    key = getattr(getattr(document, "case", None), "preset", None) or ""
    starts = CASES.get(document.KIND, list)()
    start = next((each for each in starts if each.case.preset == key), None)
    before = len(f"{kind.variable} = ")
    if start is not None:
        changes, reasons = dict(_changes(start.linked(), document.linked())), document.reasons
        if _is(document, lambda: start.but(changes).with_reasons(reasons)):
            code = kind.start.format(key=key)
            calls = {".but(": changes}
            if reasons != start.reasons:
                calls[".with_reasons("] = dict(reasons)
            for call, held in calls.items():
                if held or held is not changes:
                    on_line = before + len(code.rpartition("\n")[2]) + len(call)
                    code += f"{call}{_written(held, before=on_line)})"
            return code, kind.start_from
    code = f"{kind.model[1]}.from_dict("
    given = _written(_shortened(document), before=before + len(code))
    return f"{code}{given})", kind.model


def _is(document: Document, make: Callable[[], Document]) -> bool:
    """Tell whether something makes exactly this document, a zero with a minus sign included."""
    try:
        return make().to_json() == document.to_json()
    except ScenarioError:
        return False


def _changes(start: object, wanted: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """List what to set so that one document becomes another, by path; None takes a field out.

    A list that is longer or shorter is set as a whole.
    """
    if isinstance(start, Mapping) and isinstance(wanted, Mapping):
        for key in dict.fromkeys([*start, *wanted]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _changes(start.get(key), wanted.get(key), inner)
    elif isinstance(start, list) and isinstance(wanted, list) and len(start) == len(wanted):
        for index, (one, other) in enumerate(zip(start, wanted, strict=True)):
            yield from _changes(one, other, f"{path}.{index}")
    elif start != wanted:
        yield path, wanted


def _shortened(document: Document) -> dict[str, Any]:
    """Give the parsed JSON of a document without what is filled in anyway."""
    given = document.to_dict()
    read = type(document).from_dict

    def shorten(place: dict[str, Any] | list[Any]) -> None:
        if isinstance(place, list):
            for item in place:
                if isinstance(item, (dict, list)):
                    shorten(item)
            return
        for key, value in list(place.items()):
            before = dict(place)
            del place[key]
            if key in _ALWAYS or not _is(document, lambda: read(given)):
                place.clear()
                place.update(before)
                if isinstance(value, (dict, list)):
                    shorten(value)

    shorten(given)
    return given


_ALWAYS = ("schema", "kind")


def _imports(names: Iterable[Name]) -> list[str]:
    """Write the lines that import names: the standard library's first."""
    by_module: dict[str, list[str]] = {}
    for module, name in names:
        by_module.setdefault(module, []).append(name)
    ours = sorted(module for module in by_module if module.startswith("retention_lib"))
    others = sorted(module for module in by_module if module not in ours)
    lines = [
        [f"from {module} import {_listed(by_module[module])}" for module in modules]
        for modules in (others, ours)
    ]
    return [*lines[0], *([""] if lines[0] else []), *lines[1]]


def _listed(names: Iterable[str]) -> str:
    """Write names as an import does: classes first, each once."""
    return ", ".join(sorted(set(names), key=lambda name: (name.islower(), name)))


def _made_with(result: Answered) -> str:
    """Say what the figure was made with."""
    made = result.provenance
    return (
        f"With {made.library} {made.version}, scenario {made.scenario_digest}, assumptions "
        f"{made.register_digest}. {made.figures_release}."
    )


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _written(value: object, depth: int = 0, before: int = 0) -> str:
    """Write a value as Python, on one line where it fits.

    Args:
        value: of parsed JSON.
        depth: how far the line is indented, in steps.
        before: how many characters stand before it on its line, indentation apart.
    """
    short = _inline(value)
    room = WIDTH - len(_INDENT) * depth - before - len("),")
    if len(short) <= room and "\n" not in short:
        return short
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    if isinstance(value, Mapping):
        lines = []
        for key, item in value.items():
            name = _quoted(str(key))
            written = _written(item, depth + 1, len(name) + len(": "))
            lines.append(f"{inner}{name}: {written},\n")
        return "{\n" + "".join(lines) + outer + "}"
    if isinstance(value, list):
        lines = [f"{inner}{_written(item, depth + 1)},\n" for item in value]
        return "[\n" + "".join(lines) + outer + "]"
    if isinstance(value, str):
        pieces = _pieces(value, WIDTH - len(inner))
        return "(\n" + "".join(f"{inner}{piece}\n" for piece in pieces) + outer + ")"
    return short


def _inline(value: object) -> str:
    """Write a value as Python on one line."""
    if isinstance(value, Mapping):
        inner = (f"{_quoted(str(key))}: {_inline(item)}" for key, item in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """Write a text as Python, in double quotes where nothing has to be changed for them."""
    written = repr(text)
    is_plain = written[0] == "'" and '"' not in written and "\\" not in written
    return f'"{written[1:-1]}"' if is_plain else written


def _pieces(text: str, room: int) -> list[str]:
    """Write a long text as pieces that Python puts together again, each within the room.

    A piece ends behind a space where there is one in it.
    """
    pieces = []
    while text:
        end = 1
        while end < len(text) and len(_quoted(text[: end + 1])) <= room:
            end += 1
        if end < len(text):
            end = text.rfind(" ", 0, end) + 1 or end
        pieces.append(_quoted(text[:end]))
        text = text[end:]
    return pieces
