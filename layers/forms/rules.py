"""Constraints and defaults of the forms: what may be entered, what is offered, and how to mend what does not fit.

Sentences are ``project_form.constraint.<table>.<field>``.  Hard ones keep the form from being accepted; soft ones warn.
Files come as they are: what other offices deliver without a code or a name only warns.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import expressions as say

LONGEST_CODE = 32
LONGEST_NAME = 120
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Constraint:
    """What a field must fulfil: `not_null` and `unique` are hard; `expression` is hard or soft."""

    expression: str
    hard: bool = False
    not_null: bool = False
    unique: bool = False


def _both(*conditions: str) -> str:
    return " and ".join(f"({c})" for c in conditions)


_ZONE_LISTED = say.written_as_list("zone_codes")

CONSTRAINTS: dict[str, dict[str, Constraint]] = {
    "project": {
        "code": Constraint(_both(say.one_line("code", LONGEST_CODE), say.CODE_FITS_PLAN), not_null=True, unique=True),
        # A pasted line break keeps nobody from going on: the plugin makes a blank of it, and says so
        "name": Constraint(_both(say.present("name"), f'length("name")<={LONGEST_NAME}'), hard=True),
        "programme_codes": Constraint(
            _both(say.written_as_list("programme_codes"), say.known("programme_codes", "programme"))
        ),
        "zone_codes": Constraint(
            _both(say.present("zone_codes"), _ZONE_LISTED, say.known("zone_codes", "restoration_zone"))
        ),
        "key_area_codes": Constraint(
            _both(say.written_as_list("key_area_codes"), say.known("key_area_codes", "key_area"))
        ),
        "counties": Constraint(_both(say.present("counties"), say.written_as_list("counties"))),
        "start_year": Constraint(say.YEARS_IN_ORDER, hard=True),
        "end_year": Constraint(f"{say.present('period_note')} or {say.YEARS_IN_HORIZON}"),
        "period_note": Constraint(say.YEARS_OR_NOTE),
        "departments": Constraint(
            _both(
                f"{say.present('lead_department')} or {say.present('departments')}", say.written_as_list("departments")
            )
        ),
        "tasks": Constraint(f"length(coalesce(\"tasks\",''))<={LONGEST_TEXT}"),
        "remark": Constraint(f"length(coalesce(\"remark\",''))<={LONGEST_TEXT}"),
        "opinion_ref": Constraint(say.OPINION_NAMED),
    },
    "restoration_zone": {
        "code": Constraint(say.one_line("code", LONGEST_CODE), not_null=True, unique=True),
        "name": Constraint(_both(say.present("name"), say.one_line("name", LONGEST_NAME))),
    },
    "key_area": {
        "code": Constraint(say.one_line("code", LONGEST_CODE), not_null=True, unique=True),
        "name": Constraint(_both(say.present("name"), say.one_line("name", LONGEST_NAME))),
        "zone_code": Constraint(say.present("zone_code")),
    },
    "programme": {
        "code": Constraint(say.one_line("code", LONGEST_CODE), not_null=True, unique=True),
        "name": Constraint(_both(say.present("name"), say.one_line("name", LONGEST_NAME))),
    },
    "indicator": {
        "code": Constraint(say.one_line("code", LONGEST_CODE), not_null=True, unique=True),
        "name": Constraint(_both(say.present("name"), say.one_line("name", LONGEST_NAME))),
    },
    "indicator_value": {"value": Constraint('"value" is not NULL or ' + say.present("text"))},
    "siting_review": {
        "decision": Constraint(say.present("decision")),
        "document": Constraint(f"coalesce(\"decision\",'')<>'accepted' or {say.present('document')}"),
        "reviewer": Constraint(say.present("reviewer")),
    },
}


@dataclass(frozen=True)
class Default:
    """What a new row starts with; `kept_up` is also reckoned again while the form is filled in."""

    expression: str
    kept_up: bool = False


def _at_first(**defaults: str) -> dict[str, Default]:
    return {field: Default(say.at_first(field, expression)) for field, expression in defaults.items()}


DEFAULTS: dict[str, dict[str, Default]] = {
    "project": {
        "code": Default(say.CODE_DEFAULT, kept_up=True),
        "area_ha": Default(f"round({say.measured_area(1e4)},2)"),
        **_at_first(
            programme_codes=say.PROGRAMME_DEFAULT,
            zone_codes=say.ZONES_OF_SITE,
            key_area_codes=say.KEY_AREAS_OF_SITE,
            counties=say.COUNTIES_OF_SITE,
            start_year=say.horizon("start_year"),
            end_year=say.horizon("end_year"),
        ),
    },
    "restoration_zone": {"area_km2": Default(f"round({say.measured_area(1e6)},2)")},
    "key_area": {
        **_at_first(zone_code=say.ZONE_OF_SITE),
        "area_km2": Default(f"round({say.measured_area(1e6)},2)"),
    },
    "siting_review": {"reviewed_at": Default("format_date(now(),'yyyy-MM-dd')")},
}
