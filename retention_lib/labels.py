"""The names of fields and of values, as people read them."""

from __future__ import annotations

from retention_lib.assumptions import register


def label_of(path: str) -> str:
    """Name a field for people: the register's label, or what the form calls it.

    Example:
        >>> label_of("scheme.take_up"), label_of("scheme.kind")
        ('Share who sign up', 'Kind of payment')
    """
    row = register().behind(path)
    if row is not None:
        return row.label
    if path.startswith("not_offered."):
        other = register().behind(path.replace("not_offered.", "groups.", 1))
        number = int(path.split(".")[1]) + 1
        what = other.label if other else _OF_PEOPLE.get(path.rsplit(".", 1)[1], path)
        what = "How many" if path.endswith(".headcount") else what
        return f"{what}: staff not offered it, group {number}"
    if path.startswith("groups.") and path.rsplit(".", 1)[1] in _OF_PEOPLE:
        number = int(path.split(".")[1]) + 1
        return f"{_OF_PEOPLE[path.rsplit('.', 1)[1]]}: people it is offered to, group {number}"
    whole = next((name for name in _LABELS if path == name or path.startswith(f"{name}.")), None)
    return _LABELS[whole] if whole else path.replace(".", " ").replace("_", " ")


_LABELS = {
    "scheme.kind": "Kind of payment",
    "scheme.instalments": "When it is paid",
    "scheme.clawback.taper": "What somebody who leaves early owes",
    "appraisal.first_financial_year": "First financial year",
    "appraisal.optimism": "Mark down for weak evidence (optimism bias)",
    "council": "Council",
    "year": "Year",
    "measure": "Measure",
    "second_measure": "Second measure",
    "until": "The year to look at",
    "left_out": "Councils left out",
    "beside.group": "Compared with",
    "beside.codes": "The councils chosen",
    "target": "The figure to reach",
    "claim.change": "The change claimed",
    "claim.at_least": "Starts from",
    "claim.at_most": "Starts up to",
    "claim.years_on": "Years until then",
    "claim.among": "Read against",
    "baseline.kind": "How the service would go anyway",
    "baseline.towards": "The level it goes towards",
    "staffing_budget": "Budget for staff",
    "prices.pay_award": "Pay award by year",
    "prices.agency": "Growth of agency rates by year",
    "prices.cpi": "Growth of prices by year",
    "measures": "Measures",
}
_OF_PEOPLE = {
    "name": "Name",
    "grade": "Grade",
    "service": "Service",
    "role": "Role",
    "why": "Why not",
}
_WORDS = {
    "long_serving": "long-serving staff",
    "other_grade": "another grade",
    "adult_social_workers": "adult social workers",
    "other": "other",
    "from_parts": "added up from its parts",
    "retention": "retention payment",
    "golden_hello": "golden hello",
    "monthly": "less each month",
    "yearly": "less each year",
    "full": "all of it",
    "none": "nothing",
    "neighbours_2025": "statistical neighbours (2025)",
    "neighbours_2021": "statistical neighbours (2021)",
    "region": "councils in its region",
    "england": "all councils in England",
    "own": "your own list",
    "group": "the councils compared with",
    "median": "their middle (median)",
    "best_quarter": "their best quarter",
    "mean_reverting": "an unusual rate goes back towards others'",
    "flat": "everything stays as it is",
    "national_trend": "as England has moved in three years",
    "True": "yes",
    "False": "no",
}


def value_text(path: str, value: object) -> str:
    """Write a field's value for people.

    Example:
        >>> value_text("scheme.take_up", 0.83), value_text("scheme.take_up", None)
        ('83%', 'not set')
    """
    if value is None:
        return "not set"
    if path.startswith("measures.") and isinstance(value, str):
        return value
    row = register().behind(path.replace("not_offered.", "groups.", 1))
    if row is not None and isinstance(value, (int, float)):
        return row.unit.text(value)
    return _WORDS.get(str(value), str(value))
