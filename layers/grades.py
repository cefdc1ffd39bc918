"""A project's worst siting grade, as filters of the style's rules.

Where a plan was opened by `opening.open_plan`, the project layer carries one variable a grade: the
codes of the projects that have such a finding.  `note_grades` sets them on opening and after each
check.  Drawing then looks at no other layer, which is fast and safe while layers come and go.

In plain QGIS there are no such variables, and the filters ask the findings' layer, called as its
table, for the same text with an aggregate.
"""

from __future__ import annotations

from collections import defaultdict

from qgis.core import QgsExpressionContextUtils, QgsFeatureRequest, QgsVectorLayer

from ..core.plan.schema import CODE_LISTS

VARIABLE_PREFIX = "restoration_planner_"

#: The symbol for a unit separator: no code holds it, and unlike the separator itself XML may.
SEPARATOR = "\u241f"

_GRADES = tuple(g for g in CODE_LISTS["grade"] if g != "pass")


def grade_filter(grade: str) -> str:
    """The condition that a grade is the project's worst.

    ``pass`` is what has no finding of another grade, once anything has been checked; before the first
    check no project has a grade.
    """
    worse = [f"NOT {_has(g)}" for g in CODE_LISTS["grade"][: CODE_LISTS["grade"].index(grade)]]
    if grade == "pass":
        checked = " OR ".join(f"{_codes(g)} <> ''" for g in _GRADES)
        return " AND ".join(['"code" IS NOT NULL', *worse, f"({checked})"])
    return " AND ".join([_has(grade), *worse])


def note_grades(project: QgsVectorLayer, findings: QgsVectorLayer) -> None:
    """Tell the project layer which projects have findings of which grade, and have it drawn anew.

    Call it on opening a plan and whenever its findings have changed.
    """
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    names = findings.fields().names()
    if "project_code" in names and "grade" in names:
        request = QgsFeatureRequest()
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes(["project_code", "grade"], findings.fields())
        code_at, grade_at = names.index("project_code"), names.index("grade")
        for feature in findings.getFeatures(request):
            code, grade = feature.attribute(code_at), feature.attribute(grade_at)
            if isinstance(code, str) and isinstance(grade, str):
                codes[grade][code] = None
    for grade in _GRADES:
        listed = "".join(f"{SEPARATOR}{code}{SEPARATOR}" for code in codes[grade])
        QgsExpressionContextUtils.setLayerVariable(project, VARIABLE_PREFIX + grade, listed)
    project.triggerRepaint()


def _codes(grade: str) -> str:
    variable = f"@{VARIABLE_PREFIX}{grade}"
    asked = (
        f"aggregate('siting_finding', 'concatenate', '{SEPARATOR}' || \"project_code\" || '{SEPARATOR}', "
        f"\"grade\" = '{grade}')"
    )
    # CASE looks at the layer only where there is no variable.
    return f"(CASE WHEN {variable} IS NOT NULL THEN {variable} ELSE coalesce({asked}, '') END)"


def _has(grade: str) -> str:
    return f"(coalesce(strpos({_codes(grade)}, '{SEPARATOR}' || \"code\" || '{SEPARATOR}'), 0) > 0)"
