"""One project's findings made ready to be shown at once: worst first, the ground they cover together, shapes by grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from .findings import GRADES, Finding, ProjectResult


@dataclass(frozen=True)
class Shown:
    """What label, dock and map show of one project.

    Attributes
    ----------
    result
        The project as checked.
    findings
        Worst grade first, and the largest part first within a grade.
    offending_m2
        Ellipsoidal area of the ground that any finding covers, counted once; None where no finding has ground.
    shapes
        Grade → WKB of its findings' parts together (EPSG:4490), the worst grade last, so that it is drawn on top.
    """

    result: ProjectResult
    findings: tuple[Finding, ...]
    offending_m2: float | None
    shapes: Mapping[str, bytes]


def shown_of(result: ProjectResult) -> Shown:
    """Make a project's result ready to be shown."""
    ordered = sorted(result.findings, key=lambda f: (GRADES.index(f.grade), -(f.area_m2 or 0.0)))
    shapes: dict[str, bytes] = {}
    grounds = []
    for grade in reversed(GRADES):
        parts = [f.geometry for f in ordered if f.grade == grade and f.geometry is not None]
        if parts:
            grounds += parts
            joined = np.array(parts, dtype=object)
            shapes[grade] = shapely.to_wkb(
                parts[0] if len(parts) == 1 else shapely.multipolygons(shapely.get_parts(joined))
            )
    together: float | None = None
    if len(grounds) == 1:
        together = next(f.area_m2 for f in ordered if f.geometry is not None)
    elif grounds:
        together = float(ellipsoidal_area(shapely.union_all(np.array(grounds, dtype=object))))
    return Shown(result, tuple(ordered), together, shapes)
