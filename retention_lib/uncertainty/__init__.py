"""What would have to be true, what would change the answer, and how sure it is: for any model."""

from retention_lib.uncertainty.ranges import Range, Shape, counted_share
from retention_lib.uncertainty.sampling import drawn, uniforms
from retention_lib.uncertainty.sensitivity import (
    PERCENTILES,
    HeatMap,
    Spread,
    TornadoBar,
    UncertainModel,
    ValueOf,
    heat_map,
    share_of_gains,
    spread_of,
    tornado,
)
from retention_lib.uncertainty.solving import (
    ValueAt,
    crossing_of_line,
    first_pays,
    last_pays,
    switching_value,
)

__all__ = [
    "PERCENTILES",
    "HeatMap",
    "Range",
    "Shape",
    "Spread",
    "TornadoBar",
    "UncertainModel",
    "ValueAt",
    "ValueOf",
    "counted_share",
    "crossing_of_line",
    "drawn",
    "first_pays",
    "heat_map",
    "last_pays",
    "share_of_gains",
    "spread_of",
    "switching_value",
    "tornado",
    "uniforms",
]
