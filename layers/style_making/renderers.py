"""How each table is drawn.  Captions are not set here: `captions.py` writes them in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsNullSymbolRenderer,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
)

from ...core import palette
from ...core.plan.schema import CODE_LISTS
from ..grades import grade_filter
from .symbols import colour, fill_layer, fill_symbol, hatch_layer, line_layer, line_symbol

Categories = Iterable[tuple[object, QgsSymbol]]


def _categorised(expression: str, categories: Categories) -> QgsFeatureRenderer:
    return QgsCategorizedSymbolRenderer(expression, [QgsRendererCategory(v, s, "") for v, s in categories])


def restoration_zone() -> QgsFeatureRenderer:
    """By code.  One category for all here: the plan's own zones are filled in when it has some."""
    return _categorised("code", [("", _zone_symbol(palette.ZONE_COLOURS[0]))])


def _zone_symbol(fill: str) -> QgsFillSymbol:
    return fill_symbol(fill_layer(colour(fill), colour("#5a5a5a"), 0.5))


def key_area() -> QgsFeatureRenderer:
    """A wide outline with a light edge and a sparse hatch, so that the zone's colour shows."""
    green = palette.KEY_AREA_COLOUR
    return QgsSingleSymbolRenderer(
        fill_symbol(
            hatch_layer(colour(green, 0.45), 135, 3.2, 0.18),
            line_layer(colour("#ffffff", 0.75), 1.3),
            line_layer(colour(green), 0.7, pattern="4;1.2"),
        )
    )


def admin_unit() -> QgsFeatureRenderer:
    """Boundaries by level, without fill."""
    colours = palette.ADMIN_COLOURS
    return _categorised(
        "level",
        [
            ("county", fill_symbol(line_layer(colour(colours["county"]), 0.6, pattern="5;1;1;1"))),
            ("town", fill_symbol(line_layer(colour(colours["town"]), 0.2, pattern="1.6;1"))),
            ("part", fill_symbol(line_layer(colour(colours["part"]), 0.2, pattern="0.6;0.8"))),
            ("", fill_symbol(line_layer(colour(colours["part"]), 0.2))),
        ],
    )


def project() -> QgsFeatureRenderer:
    """Kind by fill, worst grade of its findings by outline: two groups of rules, two parts of the legend."""
    root = QgsRuleBasedRenderer.Rule(None)
    root.setRuleKey("project")
    kinds = _rule(None, "", "legend.project_types")
    for kind in CODE_LISTS["project_type"]:
        fill = colour(palette.PROJECT_TYPE_COLOURS[kind], 0.85)
        symbol = fill_symbol(fill_layer(fill, colour("#3a3a3a"), 0.2))
        kinds.appendChild(_rule(symbol, f"\"project_type\" = '{kind}'", f"project_type.{kind}"))
    unknown = fill_symbol(fill_layer(colour(palette.UNKNOWN_TYPE_COLOUR, 0.85), colour("#3a3a3a"), 0.2))
    kinds.appendChild(_rule(unknown, "ELSE", "legend.unknown_type"))
    grades = _rule(None, "", "legend.siting_grades")
    for grade in CODE_LISTS["grade"]:
        grades.appendChild(_rule(_grade_outline(grade), grade_filter(grade), f"grade.{grade}"))
    root.appendChild(kinds)
    root.appendChild(grades)
    return QgsRuleBasedRenderer(root)


def _rule(symbol: QgsSymbol | None, expression: str, key: str) -> QgsRuleBasedRenderer.Rule:
    rule = QgsRuleBasedRenderer.Rule(symbol, 0, 0, expression, "")
    rule.setRuleKey(key)
    return rule


#: Outlines differ in width and dash as well as in colour.
GRADE_LINES: dict[str, tuple[float, str | None]] = {
    "violation": (1.0, None),
    "review": (0.8, None),
    "undetermined": (0.7, "1.6;1"),
    "permitted": (0.6, None),
    "pass": (0.4, None),
}


def _grade_outline(grade: str) -> QgsFillSymbol:
    width, pattern = GRADE_LINES[grade]
    return fill_symbol(
        line_layer(colour("#ffffff", 0.9), width + 0.6),
        line_layer(colour(palette.GRADE_COLOURS[grade]), width, pattern=pattern),
    )


def siting_finding() -> QgsFeatureRenderer:
    """The offending parts by grade, the worst on top and strongest."""
    fills = {"violation": 0.55, "review": 0.4, "undetermined": 0.25, "permitted": 0.25, "pass": 0.0}
    categories = []
    for grade in CODE_LISTS["grade"]:
        base = palette.GRADE_COLOURS[grade]
        layers = [fill_layer(colour(base, fills[grade]), None)]
        if grade == "violation":
            layers.append(hatch_layer(colour(base), 45, 1.6, 0.35))
        layers.append(line_layer(colour(base), 0.7 if grade == "violation" else 0.45))
        symbol = fill_symbol(*layers)
        for layer in range(symbol.symbolLayerCount()):
            symbol.symbolLayer(layer).setRenderingPass(len(CODE_LISTS["grade"]) - CODE_LISTS["grade"].index(grade))
        categories.append((grade, symbol))
    renderer = _categorised("grade", categories)
    renderer.setUsingSymbolLevels(True)
    return renderer


def red_line() -> QgsFeatureRenderer:
    """Red outline; the hatch is sparse, so that what lies below stays readable."""
    red = palette.RED_LINE_COLOUR
    return QgsSingleSymbolRenderer(
        fill_symbol(hatch_layer(colour(red, 0.55), 45, 4.0, 0.16), line_layer(colour(red), 0.5))
    )


def nature_reserve() -> QgsFeatureRenderer:
    """Core and general control zone; a null control counts as core."""
    core, general = palette.RESERVE_COLOURS["core"], palette.RESERVE_COLOURS["general"]
    return _categorised(
        "coalesce(\"control\", 'core')",
        [
            (
                "core",
                fill_symbol(
                    hatch_layer(colour(core, 0.7), 0, 2.6, 0.2),
                    hatch_layer(colour(core, 0.7), 90, 2.6, 0.2),
                    line_layer(colour(core), 0.8),
                ),
            ),
            (
                "general",
                fill_symbol(
                    hatch_layer(colour(general, 0.7), 90, 3.2, 0.18), line_layer(colour(general), 0.6, pattern="3;1")
                ),
            ),
        ],
    )


def basic_farmland() -> QgsFeatureRenderer:
    """A thin yellow-brown hatch: there are many small parcels."""
    brown = palette.FARMLAND_COLOUR
    return QgsSingleSymbolRenderer(
        fill_symbol(
            fill_layer(colour("#fff2a8", 0.45), None),
            hatch_layer(colour(brown, 0.6), 0, 1.8, 0.12),
            line_layer(colour(brown), 0.3),
        )
    )


def urban_boundary() -> QgsFeatureRenderer:
    """Outlines by kind over a faint fill."""
    colours = palette.URBAN_BOUNDARY_COLOURS
    dashes = {"concentrated": None, "elastic": "3;1", "special": "1;1"}
    categories: list[tuple[object, QgsSymbol]] = [
        (
            kind,
            fill_symbol(fill_layer(colour(base, 0.12), None), line_layer(colour(base), 0.6, pattern=dashes[kind])),
        )
        for kind, base in colours.items()
    ]
    categories.append(("", fill_symbol(line_layer(colour(colours["concentrated"]), 0.4))))
    return _categorised("kind", categories)


def legacy_mine() -> QgsFeatureRenderer:
    """By whether it has been treated."""
    categories = []
    for state, base in palette.MINE_COLOURS.items():
        layers = [fill_layer(colour(base, 0.5), colour(base), 0.35)]
        if state == "untreated":
            layers.insert(1, hatch_layer(colour("#3a1a0c", 0.8), 45, 1.4, 0.16))
            layers.insert(2, hatch_layer(colour("#3a1a0c", 0.8), 135, 1.4, 0.16))
        categories.append((state, fill_symbol(*layers)))
    return _categorised(
        "CASE WHEN \"treated\" IS NULL THEN 'unknown' WHEN \"treated\" THEN 'treated' ELSE 'untreated' END", categories
    )


def river() -> QgsFeatureRenderer:
    """A blue line."""
    return QgsSingleSymbolRenderer(line_symbol(line_layer(colour(palette.WATER_COLOUR), 0.45)))


def water_body() -> QgsFeatureRenderer:
    """A light blue surface."""
    return QgsSingleSymbolRenderer(
        fill_symbol(fill_layer(colour(palette.WATER_FILL), colour(palette.WATER_COLOUR), 0.25))
    )


def land_use() -> QgsFeatureRenderer:
    """By class.  One number means different classes in the two systems, so the system comes first."""
    fine = ",".join(f"'{c}'" for c in palette.LAND_USE_COLOURS["planning2023"] if len(c) == 4)
    expression = (
        'concat("system", \'.\', if("system" = \'planning2023\' and left("code", 4) in '
        f'({fine}), left("code", 4), left("code", 2)))'
    )
    categories: list[tuple[object, QgsSymbol]] = [
        (f"{system}.{code}", fill_symbol(fill_layer(colour(base), colour("#9a9a9a", 0.5), 0.06)))
        for system, classes in palette.LAND_USE_COLOURS.items()
        for code, base in classes.items()
    ]
    unknown = fill_symbol(
        fill_layer(colour("#f4f4f4"), colour("#9a9a9a"), 0.1), hatch_layer(colour("#9a9a9a"), 45, 2, 0.1)
    )
    categories.append(("", unknown))
    return _categorised(expression, categories)


def ecosystem() -> QgsFeatureRenderer:
    """By the first-level class: from the name, else from the first digit of the code."""
    words = {"1": "森林", "2": "灌", "3": "草", "4": "湿地", "5": "农田", "6": "城镇", "7": "荒漠"}
    cases = " ".join(f"WHEN \"name\" LIKE '%{word}%' THEN '{digit}'" for digit, word in words.items())
    categories = [
        (digit, fill_symbol(fill_layer(colour(base), colour("#8a8a8a", 0.5), 0.06)))
        for digit, base in palette.ECOSYSTEM_COLOURS.items()
    ]
    categories.append(("", fill_symbol(fill_layer(colour("#ededed"), colour("#8a8a8a", 0.5), 0.06))))
    return _categorised(f'CASE {cases} ELSE left("code", 1) END', categories)


RENDERERS: dict[str, Callable[[], QgsFeatureRenderer]] = {
    f.__name__: f
    for f in (
        restoration_zone,
        key_area,
        admin_unit,
        project,
        siting_finding,
        red_line,
        nature_reserve,
        basic_farmland,
        urban_boundary,
        legacy_mine,
        river,
        water_body,
        land_use,
        ecosystem,
    )
}


def renderer_of(table: str) -> QgsFeatureRenderer:
    """The renderer of a table (the null renderer where it has no geometry)."""
    return RENDERERS[table]() if table in RENDERERS else QgsNullSymbolRenderer()
