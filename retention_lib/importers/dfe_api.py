"""DfE's public statistics service, for users who are online: the same table, without a download.

Only `retention import --from-dfe` asks it, with a time-out; nothing else does. Where it cannot be
reached the message says so and nothing changes.

Source:
    DfE, explore education statistics API, version 1: publications, their data sets, and a data set
    as CSV (api.education.gov.uk/statistics/docs).
"""

from __future__ import annotations

import gzip
import http.client
import io
import json
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from retention_lib.importers.dfe import PUBLICATION
from retention_lib.importers.tables import (
    LARGEST,
    ImportRefusedError,
    Published,
    parse_published,
)

ADDRESS = "https://api.education.gov.uk/statistics/v1"
SECONDS = 30.0

_HAND = (
    "Download the table by hand (search for “Children's social work workforce” on "
    "explore-education-statistics.service.gov.uk), then run: retention import FILE."
)
_TOLD = 12  # data sets named in a message
_PIECE = 65_536  # bytes read at a time


class NotReachedError(ImportRefusedError):
    """DfE's service did not answer as it should; what was wrong, and what to do instead."""


def fetch_workforce(
    data_set: str = "", *, seconds: float = SECONDS, address: str = ADDRESS
) -> Published:
    """Fetch the workforce table from DfE's service.

    Args:
        data_set: the id of the data set; found by its publication and title where it is not given.
        seconds: how long to wait for each answer.
        address: where the service is.

    Raises:
        NotReachedError: where the service cannot be reached, is too slow, or refuses.
        ImportRefusedError: where its answer is not a table, or several data sets could be meant.
    """
    chosen = data_set or _find(address, seconds)
    content = _get(f"{address}/data-sets/{quote(chosen, safe='')}/csv", seconds)
    return parse_published(f"dfe-{chosen}.csv", content)


def _find(address: str, seconds: float) -> str:
    """Find the indicators among the publication's data sets."""
    query = urlencode({"search": PUBLICATION, "page": 1, "pageSize": 20})
    publications = _results(f"{address}/publications?{query}", seconds)
    mine = [each for each in publications if _same(str(each.get("title", "")), PUBLICATION)]
    if not mine:
        raise ImportRefusedError(
            f"DfE's service has no publication called “{PUBLICATION}” today. {_HAND}"
        )
    listed = f"{address}/publications/{quote(mine[0]['id'], safe='')}/data-sets"
    data_sets = _results(f"{listed}?{urlencode({'page': 1, 'pageSize': 20})}", seconds)
    likely = [each for each in data_sets if "indicator" in str(each.get("title", "")).lower()]
    if len(likely) == 1:
        return str(likely[0]["id"])
    names = [f"  {each['id']}  {each.get('title', '')}" for each in data_sets[:_TOLD]]
    raise ImportRefusedError(
        "\n".join(
            [
                "Which data set? Name one with --data-set ID."
                if names
                else f"DfE's service offers no data set of this publication yet. {_HAND}",
                *names,
            ]
        )
    )


def _same(one: str, other: str) -> bool:
    """Compare two titles, whatever kind of apostrophe they have."""
    return one.replace("’", "'").strip().lower() == other.replace("’", "'").lower()


def _results(url: str, seconds: float) -> list[Mapping[str, Any]]:
    """Ask for a list of things, each with its id."""
    content = _get(url, seconds)
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise NotReachedError(f"{_host(url)} did not answer in JSON. {_HAND}") from None
    found = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(
        isinstance(each, dict) and isinstance(each.get("id"), str) for each in found
    ):
        raise NotReachedError(f"{_host(url)} did not answer as it is documented to. {_HAND}")
    return found


def _get(url: str, seconds: float) -> bytes:
    """Ask for an address; the answer is unpacked, and never larger than a table may be.

    Raises:
        NotReachedError: where there is no answer.
    """
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    until = time.monotonic() + seconds
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            content = _whole(answer, until)
            packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
        return _within(_unpacked(content) if packed else content)
    except urllib.error.HTTPError as problem:
        why = f"refused ({problem.code} {' '.join(str(problem.reason).split())})"
    except TimeoutError:
        why = f"did not answer within {seconds:g} seconds"
    except urllib.error.URLError as problem:
        timed_out = isinstance(problem.reason, TimeoutError)
        why = (
            f"did not answer within {seconds:g} seconds"
            if timed_out
            else f"cannot be reached ({problem.reason})"
        )
    except (OSError, EOFError, http.client.HTTPException, zlib.error) as problem:
        why = f"broke off ({problem})"
    raise NotReachedError(f"{_host(url)} {why}. Nothing was changed. {_HAND}")


def _whole(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Read an answer to its end: neither half of it, nor one that comes a letter at a time."""
    parts, size = [], 0
    while size <= LARGEST and (part := answer.read1(_PIECE)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > until:
            raise TimeoutError
    if size <= LARGEST and answer.length:
        raise EOFError(f"{answer.length:,} bytes were still to come")
    return b"".join(parts)


def _unpacked(content: bytes) -> bytes:
    with gzip.open(io.BytesIO(content)) as packed:
        return packed.read(LARGEST + 1)


def _within(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise ImportRefusedError("DfE's service sent over 100 MB; no release is so large.")
    return content


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
