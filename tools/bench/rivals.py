"""The same red-line overlaps by geopandas and by PostGIS, timed in the same run."""

from __future__ import annotations

import io
import os
import time
from typing import Any

import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]


def geopandas_overlay(projects: Array, red_lines: Array) -> tuple[float, float]:
    """Seconds and total square degrees of ``geopandas.overlay(projects, red_lines)``."""
    import geopandas

    left = geopandas.GeoDataFrame({"p": range(len(projects))}, geometry=projects, crs=4490)
    right = geopandas.GeoDataFrame({"r": range(len(red_lines))}, geometry=red_lines, crs=4490)
    started = time.perf_counter()
    common = geopandas.overlay(left, right, how="intersection", keep_geom_type=True)
    seconds = time.perf_counter() - started
    return seconds, float(shapely.area(common.geometry.to_numpy()).sum())


def postgis_overlay(projects: Array, red_lines: Array) -> tuple[float, float] | None:
    """Seconds (subdividing and indexing counted, loading not) and total square degrees.

    None where ``./dev bench`` could start no PostGIS for this run (no PGHOST).
    """
    if "PGHOST" not in os.environ:
        return None
    import psycopg2

    connection = psycopg2.connect("")
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, shapes in (("project", projects), ("red_line", red_lines)):
            lines = "".join(f"{i}\t{h}\n" for i, h in enumerate(shapely.to_wkb(shapes, hex=True)))
            cursor.execute(f"CREATE TABLE {name} (id integer, geom geometry)")
            cursor.copy_expert(f"COPY {name} FROM STDIN", io.StringIO(lines))
            cursor.execute(f"CREATE INDEX ON {name} USING gist (geom)")
            cursor.execute(f"VACUUM ANALYZE {name}")
        started = time.perf_counter()
        cursor.execute("CREATE TABLE tile AS SELECT id, ST_Subdivide(geom, 128) AS geom FROM red_line")
        cursor.execute("CREATE INDEX ON tile USING gist (geom)")
        cursor.execute("ANALYZE tile")
        cursor.execute(
            "SELECT sum(ST_Area(CASE WHEN ST_CoveredBy(p.geom, t.geom) THEN p.geom "
            "ELSE ST_Intersection(p.geom, t.geom) END)) FROM project p JOIN tile t ON ST_Intersects(p.geom, t.geom)"
        )
        total = float(cursor.fetchone()[0])
        seconds = time.perf_counter() - started
    connection.close()
    return seconds, total
