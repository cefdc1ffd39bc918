"""A project's worst siting grade, as filters of the style's rules.

They read the findings' layer, so the outline follows every new check, in plain QGIS as well.  The
layer is found by the variable `FINDINGS_VARIABLE` (a layer id, set on opening, so that each of
several plans finds its own), else by its name in the file.

An aggregate does not depend on the feature, so QGIS computes it once a drawing: one text of all
project codes with a grade, in which each project looks for its own.  QGIS parses the aggregate's
parts anew for every feature, though; short parts, cheap conditions first, make the drawing fast.
"""

from __future__ import annotations

from ..core.plan.schema import CODE_LISTS

FINDINGS_VARIABLE = "restoration_planner_findings"

_LAYER = f"coalesce(@{FINDINGS_VARIABLE}, 'siting_finding')"


def grade_filter(grade: str) -> str:
    """The condition that a grade is the project's worst.

    ``pass`` is what has no finding of another grade, once anything has been checked; before the first
    check no project has a grade.
    """
    worse = [_has(g) for g in CODE_LISTS["grade"][: CODE_LISTS["grade"].index(grade)]]
    if grade == "pass":
        checked = f"aggregate({_LAYER}, 'count', \"grade\") > 0"
        return " AND ".join([f"NOT {has}" for has in worse] + ['"code" IS NOT NULL', checked])
    return " AND ".join([_has(grade)] + [f"NOT {has}" for has in worse])


def _has(grade: str) -> str:
    # Char 31 cannot stand in a code, so no code is found inside another.
    codes = f"aggregate({_LAYER}, 'concatenate', char(31) || \"project_code\" || char(31), \"grade\" = '{grade}')"
    return f'(coalesce(strpos({codes}, char(31) || "code" || char(31)), 0) > 0)'
