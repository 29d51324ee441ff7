"""What was measured, as Markdown tables."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.pages import Moves, Usable
from benchmarks.peers.servers import Memory
from benchmarks.peers.visits import Visit
from benchmarks.run import percentile

_HEADINGS = (
    "",
    "slider to answer, median (95th)",
    "slider to picture",
    "slider to everything",
    "server's work a move",
    "usable, cold",
    "cold, server's start included",
    "usable, warm",
    "memory, one visitor",
    "memory, one more: shared split (its own)",
    "files",
    "messages",
    "requests",
    "asks others",
)


@dataclass(frozen=True)
class Measured:
    """Everything that was measured of one app."""

    name: str
    versions: str
    load: float
    cold: list[Usable]
    from_start: list[float]
    warm: list[Usable]
    moves: Moves
    worked: float
    one: Memory
    a_session: Memory
    as_default: Visit
    offline: Visit | None
    offline_words: str

    @property
    def as_measured(self) -> Visit:
        """Give the visit with the settings that the other figures were taken with."""
        return self.offline or self.as_default


def report(found: Sequence[Measured]) -> str:
    """Write the figures, one row for each app, and whom each asks as it comes."""
    rows = [_HEADINGS, tuple("---" for _ in _HEADINGS), *map(_row, found)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    said = [_asked(each) for each in found]
    return "\n".join([*lines, "", *said])


def _row(each: Measured) -> tuple[str, ...]:
    visit = each.as_measured
    return (
        each.name,
        _moves(each.moves.answer),
        _moves(each.moves.picture),
        _moves(each.moves.everything),
        f"{each.worked:.0f} ms",
        _opened(each.cold),
        f"{statistics.median(each.from_start):.1f} s",
        _opened(each.warm),
        f"{each.one.proportional:.0f} MB",
        f"{each.a_session.proportional:.1f} ({each.a_session.own:.1f}) MB",
        f"{visit.files:.2f} MB",
        f"{visit.messages:.2f} MB",
        str(visit.requests),
        "yes" if visit.asks_others else "no",
    )


def _moves(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.0f} ({percentile(times, 95):.0f}) ms"


def _opened(pages: Sequence[Usable]) -> str:
    """Write when pages answered, between which times, and when they were shown."""
    answered = [page.answered for page in pages]
    shown = statistics.median(page.shown for page in pages)
    return (
        f"{statistics.median(answered):.2f} s ({min(answered):.2f} to {max(answered):.2f}; "
        f"shown {shown:.2f})"
    )


def _asked(each: Measured) -> str:
    """Say what an app asks of others as it comes, and what its offline option leaves."""
    said = f"- {each.name} ({each.versions}; load before {each.load:.1f}), as it comes: "
    said += _told(each.as_default)
    if each.offline is not None:
        said += f" With {each.offline_words}: {_told(each.offline)} The figures are with it."
    return said


def _told(visit: Visit) -> str:
    works = "it works" if visit.works else "it does not work here, without the internet"
    asks = [
        f"{who} asks {', '.join(hosts)}"
        for who, hosts in (("the page", visit.page_asks), ("the server", visit.server_asks))
        if hosts
    ]
    return f"{'; '.join(asks) or 'asks nobody'}; {works}."
