"""The assumptions log as HTML: every line of it, those asked for in sight, all of them on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retention_lib.assumptions_log.entry import KIND_WORDS, Entry
from retention_lib.assumptions_log.impact import IMPACTS, Impact
from retention_lib.assumptions_log.tables import QUALITIES, QUALITY_SHORT
from retention_lib.evidence import Study
from retention_lib.results import Table
from retention_lib.units import percent
from retention_lib.views.markup import escaped

_BAND_WORDS: Mapping[Impact, str] = {
    "high": "High impact: moves the answer much",
    "medium": "Medium impact: moves it some",
    "low": "Low impact: moves it little",
    "not_drawn": "Not drawn: the council’s choice, the law, or its own figures",
    "none": "No impact: this answer does not use it, or does not move with it",
}
_FIRST_OPEN: frozenset[Impact] = frozenset({"high", "medium", "low"})
_CORNER = {(quality, "high") for quality in ("weak", "none")}
_LONG = 160  # characters of a source that stand in the line; the rest is below it


@dataclass(frozen=True)
class _Band:
    """Lines that stand together under a heading."""

    title: str
    entries: tuple[Entry, ...]
    is_open: bool


def log_html(entries: Sequence[Entry], wanted: Iterable[Entry], *, of_an_answer: bool) -> str:
    """Write the log in bands: by impact where it is an answer's, else by part of the register.

    Lines that are not wanted are there too, out of sight: paper has the whole log.

    Args:
        entries: every line, in order.
        wanted: the lines asked for.
        of_an_answer: whether they are an answer's.
    """
    here = {entry.id for entry in wanted}
    is_all = len(here) == len(entries)
    bands = _by_impact(entries, is_all) if of_an_answer else _by_part(entries)
    written = "".join(_band_html(band, here, of_an_answer) for band in bands)
    return f'<div class="rw-log">{written}</div>'


def _by_impact(entries: Sequence[Entry], is_all: bool) -> list[_Band]:
    """Sort by impact; what does not move the answer is closed until something is looked for."""
    return [
        _Band(
            _BAND_WORDS[impact],
            tuple(entry for entry in entries if entry.impact == impact),
            not is_all or impact in _FIRST_OPEN,
        )
        for impact in IMPACTS
    ]


def _by_part(entries: Sequence[Entry]) -> list[_Band]:
    parts = dict.fromkeys(entry.group for entry in entries)
    return [
        _Band(part, tuple(each for each in entries if each.group == part), True) for part in parts
    ]


def _band_html(band: _Band, here: set[str], of_an_answer: bool) -> str:
    if not band.entries:
        return ""
    shown = sum(entry.id in here for entry in band.entries)
    whole = len(band.entries)
    some = "" if shown == whole else f'<span class="rw-shown">{shown} of </span>'
    items = "".join(_entry_html(entry, entry.id in here, of_an_answer) for entry in band.entries)
    return (
        f'<details class="rw-band{"" if shown else " rw-out"}"{" open" if band.is_open else ""}>'
        f"<summary><h3>{escaped(band.title)} ({some}{whole})</h3></summary>"
        f"<ul>{items}</ul></details>"
    )


def _entry_html(entry: Entry, shown: bool, of_an_answer: bool) -> str:
    facts = [
        ("Value", _value(entry)),
        ("Range", escaped(entry.range_text or "none")),
        ("Evidence", escaped(QUALITY_SHORT[entry.quality])),
    ]
    if of_an_answer:
        facts.append(("Impact", _impact(entry)))
    listed = "".join(f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in facts)
    return (
        f'<li class="rw-entry{"" if shown else " rw-out"}"><h4>{escaped(entry.label)}{_tags(entry)}'
        f'</h4><dl class="rw-key">{listed}</dl><p class="rw-source">{_source(entry)}</p>'
        f"{_more(entry)}</li>"
    )


def _tags(entry: Entry) -> str:
    """Mark what is to be looked at, in words."""
    tags = [
        word
        for is_so, word in (
            (bool(entry.changes), "Changed"),
            (not entry.has_source, "No source"),
            (entry.stale, "Stale"),
        )
        if is_so
    ]
    return "".join(f' <span class="rw-tag">{word}</span>' for word in tags)


def _value(entry: Entry) -> str:
    return f"<b>{escaped(entry.value)}</b>"


def _impact(entry: Entry) -> str:
    """Write the impact in a word and in pounds, with a bar as long as its share of the widest."""
    said = escaped(entry.impact_words)
    if entry.share is None:
        return said
    width = percent(entry.share, 1)
    return f'{said}<span class="rw-bar" aria-hidden="true"><i style="width:{width}"></i></span>'


def _source(entry: Entry) -> str:
    """Say in a line where it comes from, and of when; plainly where there is no source."""
    source, date = entry.source_words, ""
    if entry.date:
        date = f" ({entry.date})" if entry.has_source else f" Set in {entry.date}."
    if len(source) > _LONG:
        source = f"{source[:_LONG].rsplit(' ', 1)[0].rstrip(',;:(')} …"
    return f"{escaped(source)}{escaped(date)}"


def _more(entry: Entry) -> str:
    """Write everything else that is known, closed until it is asked for."""
    general = entry.in_general if entry.differs else ""
    said = (
        ("What it is", entry.help),
        ("Where this value comes from", entry.value_from),
        ("Value in general", general),
        ("What it does to the answer", entry.why),
        ("Source", entry.source_words),
        ("In the range", entry.shape),
        ("Note", entry.note),
        ("Kind", f"{KIND_WORDS[entry.kind]}. {entry.group}. In the files: {entry.id}."),
        ("To be looked at again", _age(entry)),
    )
    return _details(entry.label, said)


def _details(label: str, said: Iterable[tuple[str, str]]) -> str:
    """Write names and words, closed until they are asked for."""
    listed = "".join(f"<dt>{name}</dt><dd>{escaped(words)}</dd> " for name, words in said if words)
    return (
        f'<details class="rw-about"><summary>More<span class="rw-hidden"> on: '
        f"{escaped(label)}</span></summary><dl>{listed}</dl></details>"
    )


def _age(entry: Entry) -> str:
    if not entry.life:
        return "No date is known."
    stale = f"Stale since {entry.stale_from.isoformat()}." if entry.stale else ""
    return f"{entry.life} after {entry.date}. {stale}".strip()


def studies_html(studies: Sequence[Study], wanted: Iterable[Study]) -> str:
    """Write every study as the log has its lines: those asked for in sight, all of them on paper.

    Args:
        studies: every study, the ones that found nothing among the others.
        wanted: those asked for.
    """
    here = {study.id for study in wanted}
    shown, whole = len(here), len(studies)
    some = "" if shown == whole else f'<span class="rw-shown">{shown} of </span>'
    items = "".join(_study_html(study, study.id in here) for study in studies)
    is_open = " open" if 0 < shown < whole else ""
    return (
        f'<div class="rw-log"><details class="rw-band"{is_open}><summary><h3>What studies found '
        f"({some}{whole})</h3></summary><ul>{items}</ul></details></div>"
    )


def _study_html(study: Study, shown: bool) -> str:
    paid = study.payment_share_of_salary
    facts = (
        ("Fall in leaving", _fall(study)),
        (
            "For a payment of",
            "not stated" if paid is None else f"{percent(paid, 1)} of a year’s pay",
        ),
        ("Evidence", QUALITY_SHORT[study.quality]),
        ("Year", str(study.year)),
    )
    listed = "".join(f"<div><dt>{name}</dt><dd>{escaped(said)}</dd></div>" for name, said in facts)
    return (
        f'<li class="rw-entry{"" if shown else " rw-out"}"><h4>{escaped(study.label)}</h4>'
        f'<dl class="rw-key">{listed}</dl><p class="rw-source">{escaped(study.treatment)}.</p>'
        f"{_more_of_study(study)}</li>"
    )


def _fall(study: Study) -> str:
    """Write what a study found, with its interval where one was published."""
    if study.effect is None:
        return "no figure"
    said = percent(study.effect, 1) if study.effect else "nothing"
    if study.effect_low is None or study.effect_high is None:
        return said
    return f"{said} ({percent(study.effect_low, 1)} to {percent(study.effect_high, 1)})"


def _more_of_study(study: Study) -> str:
    said = (
        ("What was done", study.treatment),
        ("To whom", study.who),
        ("How it was compared", study.design),
        ("How near it is", study.nearness),
        ("Source", f"{study.authors}. {study.source}"),
        ("Note", study.note),
    )
    return _details(study.label, said)


def matrix_html(table: Table) -> str:
    """Write the two ratings against each other, the weakest links marked.

    Args:
        table: the log's own, a row for each quality and a column for each impact, with totals.
    """
    heads = "".join(
        f'<th scope="col" class="rw-figure">{escaped(column.heading.split(": ")[-1].capitalize())}'
        "</th>"
        for column in table.columns[1:]
    )
    rows = []
    for place, row in enumerate(table.rows):
        quality = QUALITIES[place] if place < len(QUALITIES) else "all"
        cells = "".join(
            f'<td class="rw-figure{_mark(quality, column.key, cell)}">{float(cell or 0):.0f}</td>'
            for column, cell in zip(table.columns[1:], row[1:], strict=True)
        )
        total = ' class="rw-total"' if place in table.totals else ""
        rows.append(f'<tr{total}><th scope="row">{escaped(str(row[0]))}</th>{cells}</tr>')
    return (
        f'<table class="rw-matrix"><caption>Rows: quality of evidence. Columns: impact on the '
        f'answer</caption><thead><tr><th scope="col">Evidence</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _mark(quality: str, impact: str, cell: object) -> str:
    return " rw-corner" if (quality, impact) in _CORNER and cell else ""
