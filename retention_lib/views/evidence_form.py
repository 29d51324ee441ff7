"""The form of the evidence page: which answer it is about, what is searched for, what is shown."""

from __future__ import annotations

from typing import Any

from retention_lib.assumptions import QUALITY_WORDS
from retention_lib.assumptions_log.impact import IMPACT_WORDS, IMPACTS
from retention_lib.assumptions_log.question import ANY, OPENED, REGISTER, Question
from retention_lib.plans.cases import cases
from retention_lib.plans.plan import Plan
from retention_lib.presets import presets
from retention_lib.views.fields import Choice, Field, choice_field

SEARCH = "search"
SEARCH_LABEL = "Search the assumptions"


def _about_options(asked: Question) -> list[tuple[str, str]]:
    """Offer what was opened first, then the cases, then the register by itself."""
    opened = []
    if asked.answer is not None:
        what = "plan" if isinstance(asked.answer, Plan) else "offer"
        opened = [(OPENED, f"The {what} that was opened: {asked.answer.name}")]
    return [
        *opened,
        *((each.id, f"Offer: {each.title}") for each in presets()),
        *((each.id, f"Plan: {each.title}") for each in cases()),
        (REGISTER, "No answer: the register alone"),
    ]


def _of_answer(asked: Question, key: str) -> Question:
    return asked if key == OPENED else asked.but({"about": key, "answer": None})


ABOUT: Choice[Question] = Choice(
    "about",
    "Whose assumptions",
    _about_options,
    lambda asked: asked.about,
    _of_answer,
)
FILTERS: tuple[Choice[Question], ...] = (
    Choice(
        "only",
        "Show only",
        lambda _: [
            (ANY, "All of them"),
            ("used", "What this answer uses"),
            ("changed", "What was changed"),
            ("stale", "What is older than its stated life"),
            ("no_source", "What has no source"),
        ],
        lambda asked: asked.only,
        lambda asked, key: asked.but({"only": key}),
    ),
    Choice(
        "quality",
        "Quality of evidence",
        lambda _: [(ANY, "Any"), *QUALITY_WORDS.items()],
        lambda asked: asked.quality,
        lambda asked, key: asked.but({"quality": key}),
    ),
    Choice(
        "impact",
        "Impact on this answer",
        lambda _: [(ANY, "Any"), *((each, IMPACT_WORDS[each]) for each in IMPACTS)],
        lambda asked: asked.impact,
        lambda asked, key: asked.but({"impact": key}),
    ),
)


def about_sections(asked: Question) -> list[dict[str, Any]]:
    """Draw the choice of the answer."""
    return [{"title": "", "fields": [choice_field(ABOUT, asked)]}]


def about_values(asked: Question) -> dict[str, Any]:
    """Give what stands in it."""
    return {ABOUT.path: ABOUT.read(asked)}


def sections(asked: Question) -> list[dict[str, Any]]:
    """Draw the search and the filters."""
    fields = [_search_field(), *(choice_field(choice, asked) for choice in FILTERS)]
    return [{"title": "", "fields": fields}]


def values(asked: Question) -> dict[str, Any]:
    """Give what stands in them."""
    return {SEARCH: asked.search, **{choice.path: choice.read(asked) for choice in FILTERS}}


def _search_field() -> Field:
    return {
        "kind": "text",
        "path": SEARCH,
        "label": SEARCH_LABEL,
        "live": True,
        "start": "",
        "source": "By name, source, note or study, such as agency",
        "about": [],
        "reasoned": False,
    }


def taken(asked: Question, path: str, value: str) -> Question:
    """Take one field, as on screen, into the question.

    Raises:
        ScenarioError: where it cannot be.
    """
    if path == SEARCH:
        return asked.but({SEARCH: value})
    made = {choice.path: choice for choice in FILTERS}
    return made[path].make(asked, value)
