"""Who covers vacancies and who holds cases, month by month."""

from __future__ import annotations

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Column
from retention_lib.outputs.excel.plan_world_people import World, changed_by, driven_by
from retention_lib.plans.played import Played
from retention_lib.rates import FloatArray
from retention_lib.workforce.engine import Path


def _level(
    key: str, heading: str, says: str, formula: str, known: FloatArray | None = None, **look: str
) -> Column:
    """Give a column that is worked out on the first day as in every month."""
    return Column(
        key=key,
        heading=heading,
        says=says,
        formula=formula,
        first=formula,
        known=known,
        look=look.get("look", "people"),  # type: ignore[arg-type]  # one of the looks
    )


def cover_columns(world: World, path: Path, found: Played) -> tuple[Column, ...]:
    """Give vacancies, and the agency staff who cover them or come beyond them."""
    cover = "*".join(["[anyway!cover]", *changed_by(world, "agency_cover")])
    extra = "*".join(["[anyway!extra]", *changed_by(world, "agency_extra")])
    vacancy = "IF([vacancies]+[in_post]>0,[vacancies]/([vacancies]+[in_post]),0)"
    agency = "IF([agency]+[in_post]>0,[agency]/([agency]+[in_post]),0)"
    return (
        _level(
            "vacancies",
            "Vacancies",
            "Posts - staff, never below 0",
            "MAX(0,[posts]-[in_post])",
            path.vacancies[0],
        ),
        _level(
            "cover",
            "Share covered",
            "As it goes anyway x what measures leave of it",
            f"MAX(0,MIN(1,{cover}))",
            driven_by(found, "cover", world),
            look="share",
        ),
        _level(
            "covered",
            "Vacancies covered by agency staff",
            "Vacancies x share",
            "[vacancies]*[cover]",
            path.covered[0],
        ),
        _level(
            "extra",
            "Agency staff beyond vacancies",
            "As it goes anyway x what measures leave of it",
            extra,
            path.extra_agency[0],
        ),
        _level("agency", "Agency staff", "Both together", "[covered]+[extra]", path.agency[0]),
        _level(
            "uncovered",
            "Posts nobody covers",
            "Vacancies - covered",
            "[vacancies]-[covered]",
            path.uncovered[0],
        ),
        _level(
            "vacancy_rate",
            "Vacancy rate",
            "Vacancies / (vacancies + staff)",
            vacancy,
            path.vacancy_rate[0],
            look="share",
        ),
        _level(
            "agency_rate",
            "Agency rate",
            "Agency / (agency + staff)",
            agency,
            path.agency_rate[0],
            look="share",
        ),
    )


def cases_columns(world: World, path: Path, found: Played) -> tuple[Column, ...]:
    """Give cases, who holds them, and how many each."""
    held, usual = name_of("service.case_holding_share"), name_of("service.newly_qualified_load")
    loads = [usual, *changed_by(world, "load")]
    load = f"MIN({','.join(loads)})" if len(loads) > 1 else usual
    protected = "+".join(changed_by(world, "protected")) or "0"
    capacity = "+".join(changed_by(world, "capacity")) or "0"
    spared = "(1-[load])*([newly_qualified]+MIN([social_worker]+[senior],[protected]))"
    full = f"{held}*([in_post]+[agency]-{spared})"
    return (
        _level(
            "cases",
            "Open cases",
            "As it goes anyway x what measures leave of it",
            "*".join(["[anyway!cases]", *changed_by(world, "demand")]),
            path.cases[0],
        ),
        _level(
            "holders",
            "Who hold cases",
            "(Staff + agency) x share who hold cases",
            f"{held}*([in_post]+[agency])",
            path.case_holders[0],
        ),
        _level(
            "caseload",
            "Caseload (DfE)",
            "Cases / who hold them",
            "IF([holders]>0,[cases]/[holders],0)",
            path.caseload[0],
        ),
        _level(
            "load",
            "Load of a newly qualified worker",
            "Share of a full caseload",
            load,
            driven_by(found, "newly_qualified_load", world),
            look="share",
        ),
        _level(
            "protected",
            "Recruits with a capped caseload",
            "All measures together",
            protected,
            driven_by(found, "protected", world),
        ),
        _level(
            "full_loads",
            "Full caseloads",
            "Who hold cases, a capped one as its share",
            full,
        ),
        _level(
            "experienced_caseload",
            "Cases of an experienced worker",
            "Cases / full caseloads",
            "IF([full_loads]>0,[cases]/[full_loads],0)",
            path.experienced_caseload[0],
        ),
        _level(
            "new_caseload",
            "Cases of a newly qualified worker",
            "An experienced worker's x load",
            "[experienced_caseload]*[load]",
            path.newly_qualified_caseload[0],
        ),
        _level(
            "capacity",
            "Time that support gives back",
            "All measures together",
            capacity,
            driven_by(found, "capacity", world),
            look="share",
        ),
        _level(
            "workload",
            "Workload in cases",
            "Caseload / (1 + time given back)",
            "IF([capacity]>-1,[caseload]/(1+[capacity]),0)",
            path.workload[0],
        ),
    )
