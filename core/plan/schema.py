"""The tables of a plan: the only place that names tables, fields, types and codes.

Forms, styles, SQL, reports and documentation are made from this or checked against it.  Captions
are texts ``schema.<table>`` and ``schema.<table>.<field>``; names of codes ``codes.<list>.<code>``.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 2
PLAN_EPSG = 4490
GEOMETRY_COLUMN = "geom"

#: Without these three a GeoPackage is no plan.
REQUIRED_TABLES = ("plan", "restoration_zone", "project")

CODE_LISTS: dict[str, tuple[str, ...]] = {
    "project_type": (
        "mine",
        "forest_grass",
        "soil_water",
        "water",
        "farmland",
        "urban",
        "network",
        "construction",
        "mining",
    ),
    "measure": ("conserve", "natural", "assisted", "rebuild"),
    "unit_level": ("county", "town", "part"),
    "reserve_control": ("core", "general"),
    "urban_boundary_kind": ("concentrated", "elastic", "special"),
    "land_use_system": ("survey3", "planning2023"),
    "indicator_binding": ("binding", "expected"),
    "indicator_kind": ("stock", "cumulative"),
    "operator": ("=", ">="),
    "decision": ("accepted", "rejected"),
    "grade": ("violation", "review", "undetermined", "permitted", "pass"),
}


@dataclass(frozen=True)
class Field:
    """One column of a table.

    Attributes
    ----------
    name
        ASCII name in the file.
    type
        ``text``, ``integer``, ``real`` or ``boolean`` (always nullable).
    codes
        Name of the code list the value comes from, if any.
    refers_to
        ``table.field`` that the value (or each entry of a list) names, if any.
    is_list
        Whether the text holds a list in value-relation form.
    null_means
        The code that an unknown value stands for, if the contract gives one.
    """

    name: str
    type: str = "text"
    codes: str | None = None
    refers_to: str | None = None
    is_list: bool = False
    null_means: str | None = None


@dataclass(frozen=True)
class Table:
    """One table of a plan; ``geometry`` is an OGC type name or None."""

    name: str
    geometry: str | None
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(f for f in self.fields if f.name == name)

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of all fields, in order."""
        return tuple(f.name for f in self.fields)


POLYGONS = "MultiPolygon"
LINES = "MultiLineString"


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(n) for n in names)


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "plan",
            None,
            (
                Field("schema_version", "integer"),
                *_texts("name", "city", "province", "adcode", "issuer"),
                *(Field(n, "integer") for n in ("base_year", "start_year", "end_year", "near_year", "mid_year")),
                Field("total_area_km2", "real"),
                Field("pattern"),
            ),
        ),
        Table(
            "admin_unit",
            POLYGONS,
            (
                *_texts("code", "name"),
                Field("level", codes="unit_level"),
                Field("county"),
                Field("zone_code", refers_to="restoration_zone.code"),
                Field("key_area_code", refers_to="key_area.code"),
            ),
        ),
        Table(
            "restoration_zone",
            POLYGONS,
            (
                *_texts("code", "name"),
                *(Field(n, "real") for n in ("stated_area_km2", "stated_share_pct", "area_km2")),
                *_texts("problem", "direction"),
            ),
        ),
        Table(
            "key_area",
            POLYGONS,
            (
                *_texts("code", "name"),
                Field("zone_code", refers_to="restoration_zone.code"),
                Field("stated_area_km2", "real"),
                Field("area_km2", "real"),
            ),
        ),
        Table(
            "unit_membership",
            None,
            (
                *_texts("unit_name", "county"),
                Field("zone_code", refers_to="restoration_zone.code"),
                Field("key_area_code", refers_to="key_area.code"),
            ),
        ),
        Table("programme", None, _texts("code", "name")),
        Table(
            "project",
            POLYGONS,
            (
                *_texts("code", "name"),
                Field("programme_codes", refers_to="programme.code", is_list=True),
                Field("project_type", codes="project_type"),
                Field("measure", codes="measure"),
                Field("zone_codes", refers_to="restoration_zone.code", is_list=True),
                Field("key_area_codes", refers_to="key_area.code", is_list=True),
                Field("counties", is_list=True),
                Field("tasks"),
                Field("start_year", "integer"),
                Field("end_year", "integer"),
                Field("period_note"),
                Field("lead_department"),
                Field("departments", is_list=True),
                *(Field(n, "boolean") for n in ("new_construction_land", "temporary_land", "listed_in_plan")),
                *_texts("status", "opinion_ref", "stated_quantity"),
                Field("area_ha", "real"),
                Field("remark"),
            ),
        ),
        Table("red_line", POLYGONS, _texts("code", "name", "kind")),
        Table(
            "nature_reserve",
            POLYGONS,
            (*_texts("code", "name", "kind"), Field("control", codes="reserve_control", null_means="core")),
        ),
        Table("basic_farmland", POLYGONS, _texts("code", "name")),
        Table("urban_boundary", POLYGONS, (*_texts("code", "name"), Field("kind", codes="urban_boundary_kind"))),
        Table("legacy_mine", POLYGONS, (*_texts("code", "name", "kind", "county"), Field("treated", "boolean"))),
        Table("river", LINES, _texts("code", "name", "grade")),
        Table("water_body", POLYGONS, _texts("code", "name", "kind")),
        Table("land_use", POLYGONS, (*_texts("code", "name"), Field("system", codes="land_use_system"))),
        Table("ecosystem", POLYGONS, _texts("code", "name")),
        Table(
            "indicator",
            None,
            (
                *_texts("code", "name", "category"),
                Field("binding", codes="indicator_binding"),
                Field("unit"),
                Field("kind", codes="indicator_kind"),
            ),
        ),
        Table(
            "indicator_value",
            None,
            (
                Field("indicator_code", refers_to="indicator.code"),
                Field("year", "integer"),
                Field("operator", codes="operator"),
                Field("value", "real"),
                Field("text"),
            ),
        ),
        Table(
            "indicator_share",
            None,
            (Field("indicator_code", refers_to="indicator.code"), Field("unit_name"), Field("value", "real")),
        ),
        Table(
            "siting_finding",
            POLYGONS,
            (
                Field("project_code", refers_to="project.code"),
                Field("rule"),
                Field("grade", codes="grade"),
                *_texts("target_layer", "target_code", "target_name"),
                Field("area_m2", "real"),
                Field("share_pct", "real"),
                *_texts("advice", "basis", "reviewed", "run_at"),
            ),
        ),
        Table(
            "siting_review",
            None,
            (
                Field("project_code", refers_to="project.code"),
                *_texts("rule", "target_code"),
                Field("area_m2", "real"),
                Field("decision", codes="decision"),
                *_texts("note", "document", "reviewer", "reviewed_at"),
            ),
        ),
    )
}

#: Tables with geometry from the top of the map to its bottom.  It cannot be the order of the layer tree:
#: zones belong to the plan's group but fill the whole city, so control lines and boundaries are drawn
#: above them.  A plan file holds them in this order, because plain QGIS stacks a file's layers so.
DRAWING_ORDER: tuple[str, ...] = (
    "siting_finding",
    "project",
    "red_line",
    "nature_reserve",
    "basic_farmland",
    "urban_boundary",
    "key_area",
    "legacy_mine",
    "admin_unit",
    "river",
    "water_body",
    "restoration_zone",
    "ecosystem",
    "land_use",
)
