"""What is asked of the assumptions log: which answer it is about, and what to show of it.

A question is a document of its own, so that a page of the log can be sent as a link. A saved
scenario or plan, or a link to one, is a question too: about exactly that answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from retention_lib.assumptions import Quality
from retention_lib.assumptions_log.impact import Impact
from retention_lib.documents import Document, Name
from retention_lib.plans.cases import cases
from retention_lib.plans.plan import Plan
from retention_lib.presets import FIRST, presets
from retention_lib.problems import Problem, ScenarioError
from retention_lib.scenario import Scenario

REGISTER = "register"
"""The choice of no answer: the register by itself."""
OPENED = "opened"
"""The answer is not a case as it stands, but one that was opened."""
ANY = "any"

Only = Literal["any", "used", "changed", "stale", "no_source"]
Search = Annotated[str, StringConstraints(strict=True, max_length=100)]

_ANSWERS: Mapping[str, type[Scenario] | type[Plan]] = {Scenario.KIND: Scenario, Plan.KIND: Plan}


def case_documents() -> Mapping[str, Scenario | Plan]:
    """Give the document of every case, by its key: offers first, then plans.

    Example:
        >>> "middlesbrough-2019" in case_documents(), "gloucestershire-2m" in case_documents()
        (True, True)
    """
    offers: dict[str, Scenario | Plan] = {each.id: each.scenario for each in presets()}
    return {**offers, **{each.id: each.plan for each in cases()}}


class Question(Document):
    """Which answer the log is about, the words searched for, and what alone is shown.

    `about` is the key of a case, `register`, or `opened` where `answer` holds the document.

    Example:
        >>> asked = Question(search="agency", impact="high")
        >>> Question.from_link(asked.to_link()) == asked, asked.about
        (True, 'middlesbrough-2019')
    """

    KIND: ClassVar[str] = "evidence"

    kind: Literal["evidence"] = "evidence"
    about: Name = FIRST
    search: Search = ""
    quality: Quality | Literal["any"] = "any"
    impact: Impact | Literal["any"] = "any"
    only: Only = "any"
    answer: Scenario | Plan | None = None

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        known = {REGISTER, *case_documents()}
        if self.answer is None and self.about not in known:
            raise PydanticCustomError(
                "about",
                "about is {about}. It must be {register} or a case: {cases}.",
                {"about": self.about, "register": REGISTER, "cases": ", ".join(case_documents())},
            )
        return self

    @classmethod
    def from_dict(cls, given: object) -> Self:
        """Make a question of one, or of a scenario or plan: then it is about that answer.

        Raises:
            ScenarioError: with every problem found: the field, its value, what would be right.

        Example:
            >>> Question.from_dict(case_documents()["no-scheme"].to_dict()).about
            'no-scheme'
        """
        if isinstance(given, Mapping) and str(given.get("kind")) in _ANSWERS:
            return cls._about(_ANSWERS[str(given["kind"])].from_dict(given))
        if isinstance(given, Mapping) and given.get("answer") is not None:
            answer = _answer_in(given["answer"])
            return super().from_dict({**given, "answer": answer, "about": OPENED})
        return super().from_dict(given)

    @classmethod
    def _about(cls, answer: Scenario | Plan) -> Self:
        """Ask about an answer; one that is a case as it stands is called by the case's key."""
        case = case_documents().get(answer.case.preset or "")
        if case is not None and case.digest == answer.digest and not answer.reasons:
            return cls(about=str(answer.case.preset))
        return cls(about=OPENED, answer=answer)

    def to_link(self) -> str:
        """Give the question as a link's query; the answer's reasons, being free text, stay."""
        if self.answer is None or not self.answer.reasons:
            return super().to_link()
        answer = self.answer.with_reasons({}).to_dict()
        return type(self).from_dict({**self.to_dict(), "answer": answer}).to_link()

    @property
    def document(self) -> Scenario | Plan | None:
        """The scenario or plan that the log is about; None for the register by itself."""
        return self.answer if self.answer is not None else case_documents().get(self.about)


def _answer_in(given: object) -> Scenario | Plan:
    """Read the answer that a question holds.

    Raises:
        ScenarioError: where it is neither a scenario nor a plan, or cannot be right.
    """
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if not isinstance(kind, str) or kind not in _ANSWERS:
        right = f"It must be a document of kind {' or '.join(_ANSWERS)}."
        raise ScenarioError([Problem("answer.kind", kind, right)])
    try:
        return _ANSWERS[kind].from_dict(given)
    except ScenarioError as refused:
        inside = (
            replace(each, path=f"answer.{each.path}".rstrip(".")) for each in refused.problems
        )
        raise ScenarioError(inside) from None
