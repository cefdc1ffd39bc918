"""The offending parts as GeoJSON, one feature a finding.

RFC 7946 wants WGS 84; ours are degrees of CGCS2000, and two members say so: ``crs``, which GIS
programs read, and ``coordinates_note`` for people.
"""

from __future__ import annotations

import json

import numpy as np
import shapely

from ..plan.schema import PLAN_EPSG
from ..plan.tables import PlanTables, object_array
from ..siting.findings import CheckResult
from ..texts import text
from .values import finding_values, finite, pairs


def to_geojson(result: CheckResult, tables: PlanTables) -> bytes:
    """A FeatureCollection as UTF-8; a finding without a part has a null geometry."""
    found = list(pairs(result))
    geometries = _written(object_array([finding.geometry for _, finding in found]))
    features = [
        '{"type": "Feature", "properties": '
        + _dump(
            {
                "project_code": project.code,
                "project_name": project.name,
                "project_grade": project.grade,
                "project_area_m2": finite(project.area_m2),
                **finding_values(finding),
                "run_at": result.run_at,
            }
        )
        + ', "geometry": '
        + geometry
        + "}"
        for (project, finding), geometry in zip(found, geometries)
    ]
    members = {
        "type": "FeatureCollection",
        "name": "siting_finding",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{PLAN_EPSG}"}},
        "coordinates_note": text("report.geojson.coordinates"),
        "plan": result.plan,
        "run_at": result.run_at,
        "rules_file": result.rules_file,
        "summary": result.summary,
        "dropped_slivers": result.dropped_slivers,
        "notes": [str(note) for note in result.notes],
    }
    collection = _dump(members)[:-1] + ', "features": [\n' + ",\n".join(features) + "\n]}\n"
    return collection.encode("utf-8")


def _written(geometries: np.ndarray) -> list[str]:
    """Geometries as GeoJSON text, outer rings counter-clockwise as RFC 7946 asks."""
    # The normal form has clockwise outer rings, holes against them: turned round it is what we need.
    turned = shapely.reverse(shapely.normalize(geometries))
    return [written or "null" for written in shapely.to_geojson(turned).tolist()]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
