"""How far luck alone moves a figure: score intervals for shares of people and counts of events.

Pure functions. Wilson's interval never leaves 0 to 1 and does not collapse where a small council
had no leaver at all.
"""

from __future__ import annotations

import math

Interval = tuple[float, float]

Z95 = 1.959963984540054
"""Standard deviations either side of the middle that hold nineteen in twenty of a normal curve."""


def share_interval(share: float, people: float, z: float = Z95) -> Interval:
    """Give Wilson's score interval of a share of so many people.

    The ends are the p that solve (share - p)^2 = z^2 p (1 - p) / people.

    Args:
        share: the share seen, 0 to 1.
        people: the people it is a share of, more than 0; part-time ones count in part.
        z: standard deviations either side; 95% unless told.

    Returns:
        The lower and the upper end, 0 to 1, with the share between them.

    Raises:
        ValueError: where the share is not from 0 to 1, or there are no people.

    Source:
        Wilson, E. B. (1927), Journal of the American Statistical Association 22.

    Example:
        15 leavers of 75 could by luck alone be anything from 12% to 30%.

        >>> [round(end, 3) for end in share_interval(0.2, 75)]
        [0.125, 0.304]
    """
    if not 0 <= share <= 1 or not people > 0:
        raise ValueError(f"A share of people lies between 0 and 1: {share} of {people}")
    weight = z * z / people
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / people + weight / people / 4)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def events_interval(rate: float, exposure: float, together: float, z: float = Z95) -> Interval:
    """Give the score interval of a rate of events that come several at a time.

    With x = rate x exposure / together bundles seen, the ends are the m that solve
    (x - m)^2 = z^2 m, turned back into a rate.

    Args:
        rate: events for each unit of exposure, 0 or more.
        exposure: how much was watched (workers, working days), more than 0.
        together: how many events come at once, 1 or more; 1 is Poisson.
        z: standard deviations either side; 95% unless told.

    Returns:
        The lower and the upper end, with the rate between them.

    Raises:
        ValueError: where the rate is below 0, or the exposure or the bundle is not above 0.

    Example:
        1,440 cases for 90 workers, two at a time, could be 14.9 to 17.2 for each.

        >>> [round(end, 1) for end in events_interval(16.0, 90, 2)]
        [14.9, 17.2]
    """
    if not (rate >= 0 and exposure > 0 and together > 0):
        raise ValueError(f"No rate of events: {rate} over {exposure}, {together} at a time")
    bundles = rate * exposure / together
    middle = bundles + z * z / 2
    half = z * math.sqrt(bundles + z * z / 4)
    scale = together / exposure
    return max(0.0, (middle - half) * scale), (middle + half) * scale


def difference_interval(
    first: float, of_first: Interval, second: float, of_second: Interval
) -> Interval:
    """Give the interval of second - first, from the interval of each.

    Newcombe's method: the distances from each figure to the end that matters are added as squares.

    Source:
        Newcombe, R. G. (1998), Statistics in Medicine 17, method 10.

    Example:
        >>> low, high = difference_interval(0.2, (0.12, 0.3), 0.1, (0.05, 0.18))
        >>> round(low, 3), round(high, 3)
        (-0.212, 0.013)
    """
    difference = second - first
    down = math.hypot(second - of_second[0], of_first[1] - first)
    up = math.hypot(of_second[1] - second, first - of_first[0])
    return difference - down, difference + up
