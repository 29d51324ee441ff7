"""The way from an answer to what it rests on."""

from __future__ import annotations

from retention_lib.plans.plan import Plan
from retention_lib.scenario import Scenario
from retention_lib.views import markup
from retention_lib.views.notebooks import EVIDENCE


def evidence_html(document: Scenario | Plan) -> str:
    """Lead to the assumptions log of exactly this answer.

    Example:
        >>> from retention_lib.presets import preset
        >>> evidence_html(preset("no-scheme").scenario).count("04_evidence.ipynb?s=")
        1
    """
    link = markup.escaped(f"{EVIDENCE}?{document.to_link()}")
    return (
        f'<p class="rw-next"><a target="_self" href="{link}">See what every number is based on</a> '
        "It opens the assumptions log of this answer: each number, its source, and how far the "
        "answer moves with it.</p>"
    )
