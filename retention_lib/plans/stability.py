"""How long staff have been here: the share with two and with five years' service.

The engine follows bands, not each person's years. The share is worked out from the chances it used:
who was here some months ago and has not left since. Before the start the service is taken as
steady: of staff with a yearly chance L of leaving, (1 - L)^k have k years or more.
"""

from __future__ import annotations

import numpy as np

from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import Path, ratio


def stayed(path: Path, years: int) -> FloatArray:
    """Give the share of staff with so many years' service or more, at the end of months 0..H.

    Everyone of the month is taken to have the month's average chance of leaving.

    Returns:
        Shares, shape (worlds, draws, H + 1).

    Example:
        >>> from retention_lib.workforce.engine import example_service, play
        >>> start, drivers = example_service()
        >>> stayed(play(start, drivers), 2)[0, 0, [0, 12, 24]].round(3).tolist()
        [0.786, 0.886, 1.0]
    """
    months = path.in_post.shape[-1] - 1
    kept = 1.0 - path.chance_of_leaving[..., 1:]
    survived = np.concatenate([np.ones((*kept.shape[:-1], 1)), np.cumprod(kept, axis=-1)], axis=-1)
    back = np.arange(months + 1) - MONTHS_IN_YEAR * years
    steady = kept[..., :1] ** np.maximum(0, -back)
    then = np.maximum(0, back)
    since = ratio(survived, survived[..., then])
    here = np.where(back >= 0, path.in_post[..., then], path.in_post[..., :1] * steady)
    return np.minimum(1.0, ratio(here * since, path.in_post))
