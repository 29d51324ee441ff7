"""Make the kept mixes again, after new figures or newly known actions; it takes a minute or so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from retention_lib.synthetic.kept import Key, Weights, made_from, mix_of, mixes_to_make, written

_AT_ONCE = 16


def make_mixes(to: Path, workers: int = 2) -> Iterator[str]:
    """Fit every mix with pysyncon and write the table that is kept, and what it was made from.

    Args:
        to: the folder to write to.
        workers: processes that fit at a time.

    Yields:
        A line for each measure that is done, and one for each file written.

    Raises:
        NoMixError: where a mix cannot be proven to be the best; then nothing is written.
        ImportError: where pysyncon is not installed.
    """
    wanted = list(mixes_to_make())
    found: dict[Key, Weights] = {}
    # Sums this small are several times slower in threads; each process reads this as it starts.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for key, mix in pool.map(_one, wanted, chunksize=_AT_ONCE):
            found[key] = mix
            if len(found) == len(wanted) or wanted[len(found)][:2] != key[:2]:
                yield f"{key[0]}, {key[1]}: {len(found)} of {len(wanted)} mixes."
    to.mkdir(parents=True, exist_ok=True)
    note = (
        "# Made by `retention fit-controls`; do not edit.\n"
        f'library = "pysyncon {version("pysyncon")}"\n'
        f'made_from = "{made_from()}"\n'
        f"mixes = {len(found)}\n"
    )
    for name, text in (("weights.csv", written(found)), ("made.toml", note)):
        (to / name).write_text(text, encoding="utf-8")
        yield f"Wrote {to / name}"


def _one(key: Key) -> tuple[Key, Weights]:
    return key, mix_of(*key)
