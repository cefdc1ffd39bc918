"""A project's worst siting grade, as filters of the style's rules.

A style holds, for each grade, the codes of the projects that have such a finding (`core.store.grade_outlines` writes
them into the stored style after each check).  Where a plan was opened by `opening.open_plan`, one variable a grade on
the project layer goes before: `note_grades` sets them on opening and after each check.  Drawing looks at no other
layer, which is fast and safe while layers come and go.
"""

from __future__ import annotations

from collections import defaultdict

from qgis.core import QgsExpressionContextUtils, QgsFeatureRequest, QgsVectorLayer

from ..core.plan.schema import CODE_LISTS
from ..core.store.grade_outlines import FOUND_GRADES, SEPARATOR, VARIABLE_PREFIX, codes_expression, listed


def grade_filter(grade: str) -> str:
    """The condition that a grade is the project's worst.

    ``pass`` is what has no finding of another grade, once anything has been checked; before the first
    check no project has a grade.
    """
    worse = [f"NOT {_has(g)}" for g in CODE_LISTS["grade"][: CODE_LISTS["grade"].index(grade)]]
    if grade == "pass":
        checked = " OR ".join(f"{codes_expression(g)} <> ''" for g in FOUND_GRADES)
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
    for grade in FOUND_GRADES:
        QgsExpressionContextUtils.setLayerVariable(project, VARIABLE_PREFIX + grade, listed(codes[grade]))
    project.triggerRepaint()


def _has(grade: str) -> str:
    return f"(coalesce(strpos({codes_expression(grade)}, '{SEPARATOR}' || \"code\" || '{SEPARATOR}'), 0) > 0)"
