"""Cost and retention functions for English councils' children's social workers.

>>> from retention_lib import Scenario, evaluate
"""

from retention_lib.evaluation import evaluate
from retention_lib.problems import ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.version import VERSION

__version__ = VERSION

__all__ = ["IncentiveResult", "Scenario", "ScenarioError", "__version__", "evaluate"]
