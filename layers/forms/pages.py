"""What stands on which page of a form, in which order; forms of fewer fields have groups instead of pages.

An entry with an ``@`` is a panel (`panels`): a text made from the plan, which is only read.
Captions are ``project_form.page.<page>``.
"""

from __future__ import annotations

#: Table → page → its fields and panels.
PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "project": {
        "identity": ("programme_codes", "code", "name", "project_type", "listed_in_plan"),
        "siting": ("zone_codes", "key_area_codes", "counties", "new_construction_land", "temporary_land", "@site"),
        "works": ("measure", "tasks", "stated_quantity", "area_ha", "@measured"),
        "time": ("start_year", "end_year", "period_note", "lead_department", "departments"),
        "approvals": ("status", "opinion_ref", "remark"),
        "findings": ("@findings",),
        "papers": ("@papers",),
        "history": ("@history",),
    },
    "restoration_zone": {
        "identity": ("code", "name"),
        "areas": ("stated_area_km2", "stated_share_pct", "area_km2", "@measured_km2"),
        "content": ("problem", "direction"),
        "belongs": ("@key_areas",),
    },
    "key_area": {
        "identity": ("code", "name", "zone_code"),
        "areas": ("stated_area_km2", "area_km2", "@measured_km2"),
    },
    "programme": {"identity": ("code", "name"), "belongs": ("@projects",)},
    "red_line": {"identity": ("code", "name", "kind"), "areas": ("@measured",)},
    "nature_reserve": {"identity": ("code", "name", "kind", "control"), "areas": ("@measured",)},
    "basic_farmland": {"identity": ("code", "name"), "areas": ("@measured",)},
    "urban_boundary": {"identity": ("code", "name", "kind"), "areas": ("@measured",)},
    "indicator": {
        "identity": ("code", "name", "category"),
        "measure": ("unit", "binding", "kind"),
        "belongs": ("@values",),
    },
    "siting_review": {
        "subject": ("project_code", "rule", "target_code", "area_m2"),
        "decision": ("decision", "note", "document", "reviewer", "reviewed_at"),
    },
    "siting_finding": {
        "subject": ("project_code", "rule", "grade", "target_layer", "target_code", "target_name"),
        "areas": ("area_m2", "share_pct"),
        "advice": ("advice", "basis", "reviewed", "run_at"),
    },
}

#: Forms with pages to leaf through; the others show their groups one below the other.
PAGED = ("project", "restoration_zone", "programme", "indicator")
#: Made by the siting check: looked at, not written.
READ_ONLY = ("siting_finding",)

LONG_TEXTS = {
    "problem",
    "direction",
    "pattern",
    "tasks",
    "remark",
    "stated_quantity",
    "advice",
    "basis",
    "note",
    "text",
}
