"""Administrative borders by rank: each has its own line, on the map and in the legend."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsLineSymbol,
    QgsRendererCategory,
    QgsSymbolLayer,
)

from ...core.texts import text
from ...layers.style_making.symbols import colour, fill_symbol, line_layer, line_symbol
from ..catalogue import CITY_BORDER, LOCATION

#: Borders by rank: line, its dashes, and the band behind it.  The band hides the dashes that the neighbour has
#: drawn along the same border, and those of lower ranks; so bands let nothing through.
RANKS: dict[str, tuple[str, float, str, str, float]] = {
    "province": ("#2b2b2b", 0.7, "7;1.2;1;1.2", "#d8c3cf", 2.4),
    "city": ("#2b2b2b", 0.6, "6;1;1;1;1;1", "#c6b8cf", 1.8),
    "county": ("#3d3d3d", 0.42, "4.5;0.9;0.9;0.9", "#ffffff", 0.5),
    "town": ("#707070", 0.16, "1.6;1", "#c4c4c4", 0.2),
    "part": ("#8a8a8a", 0.14, "0.6;0.7", "#cccccc", 0.18),
}


def border(rank: str) -> list[QgsSymbolLayer]:
    """A border's line on its band, for a symbol of lines or of areas."""
    line, width, pattern, band, band_width = RANKS[rank]
    return [line_layer(colour(band), band_width), line_layer(colour(line), width, pattern=pattern)]


def borders(*ranks: str) -> QgsFeatureRenderer:
    """The borders of units of these levels, the lowest level drawn first."""
    categories = [QgsRendererCategory(r, fill_symbol(*border(r)), text(f"codes.unit_level.{r}")) for r in ranks]
    renderer = QgsCategorizedSymbolRenderer("level", categories)
    by_rank = QgsFeatureRequest.OrderByClause("\"level\" = 'county'", True)
    renderer.setOrderBy(QgsFeatureRequest.OrderBy([by_rank]))
    renderer.setOrderByEnabled(True)
    return renderer


def legend_lines(table: str, variant: str) -> list[QgsLineSymbol]:
    """Lines that stand in the legend for classes that are borders: a box would look like an area."""
    ranks = {
        (CITY_BORDER, "line"): ("city",),
        (LOCATION, "line"): ("province",),
        ("admin_unit", "counties"): ("county",),
        ("admin_unit", "towns"): ("county", "town", "part"),
        ("admin_unit", "named"): ("county", "town", "part"),
    }
    return [line_symbol(*border(rank)) for rank in ranks.get((table, variant), ())]
