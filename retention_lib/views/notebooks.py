"""Which workbook is whose: the notebook of each kind of document, and what people call both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retention_lib.documents import Document

INCENTIVES = "01_incentives.ipynb"
PLANS = "02_invest_to_save.ipynb"
BENCHMARKS = "03_benchmarks.ipynb"
EVIDENCE = "04_evidence.ipynb"
HAPPENED = "05_did_it_work.ipynb"


@dataclass(frozen=True)
class Home:
    """Where a kind of document is answered.

    `notebook` is the file, `name` what the navigation calls it, `holds` what such a document is.
    """

    notebook: str
    name: str
    holds: str

    def opens(self, document: Document) -> str:
        """Give the address, beside every other workbook's, that opens a document."""
        return f"{self.notebook}?{document.to_link()}"


HOMES: Mapping[str, Home] = {
    "incentive": Home(INCENTIVES, "Incentives", "an offer"),
    "invest_to_save": Home(PLANS, "Invest to save", "a four-year plan"),
    "benchmark": Home(BENCHMARKS, "Benchmarks", "a comparison of councils"),
    "evidence": Home(EVIDENCE, "Evidence", "an assumptions log"),
    "what_happened": Home(HAPPENED, "Did it work?", "a question of what happened after"),
}
"""By the kind that a document says it is."""


def home_of(document: Document) -> Home:
    """Give the workbook that answers a document.

    Example:
        >>> from retention_lib.presets import preset
        >>> home_of(preset("no-scheme").scenario).name
        'Incentives'
    """
    return HOMES[document.kind]
