"""A project's worst siting grade, as an expression of the style.

It reads the findings' layer, so the outline follows every new check, in plain QGIS as well.  The
layer is found by the variable `FINDINGS_VARIABLE` (a layer id, set on opening, so that each of
several plans finds its own), else by its name in the file.

The aggregate does not depend on the feature, so QGIS computes it once a drawing: one text of all
findings, worst first, in which each project then looks for its code.
"""

from __future__ import annotations

from ..core.plan.schema import CODE_LISTS

FINDINGS_VARIABLE = "restoration_planner_findings"

_RANK = f'array_find(array({", ".join(repr(g) for g in CODE_LISTS["grade"])}), "grade")'

#: ``0`` (violation) … ``3`` (permitted); empty text where findings exist but none of this project's;
#: null where nothing has been checked.  Char 31 cannot stand in a code.
WORST_GRADE = f"""with_variable('found',
 aggregate(layer:=coalesce(@{FINDINGS_VARIABLE}, 'siting_finding'), aggregate:='concatenate',
  expression:=concat(char(31), "project_code", char(31), {_RANK}),
  filter:="grade" IS NOT NULL AND "project_code" IS NOT NULL, concatenator:='',
  order_by:={_RANK}),
 CASE WHEN coalesce(@found, '') = '' OR "code" IS NULL THEN NULL
  WHEN strpos(@found, concat(char(31), "code", char(31))) = 0 THEN ''
  ELSE substr(@found, strpos(@found, concat(char(31), "code", char(31))) + length("code") + 2, 1) END)"""
