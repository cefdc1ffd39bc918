"""What is written on a figure's map: in a typeface that is installed, sized for paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qgis.core import (
    Qgis,
    QgsAbstractVectorLayerLabeling,
    QgsCallout,
    QgsExpression,
    QgsPalLayerSettings,
    QgsProperty,
    QgsPropertyCollection,
    QgsRuleBasedLabeling,
    QgsSimpleLineCallout,
    QgsTextBackgroundSettings,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QSizeF
from qgis.PyQt.QtGui import QColor

from ...layers.style_making.labels import LABELS, Label
from ...layers.style_making.symbols import colour, line_layer, line_symbol
from ..page.lettering import searchable_family
from ..page.lettering import text_format as format_of


@dataclass(frozen=True)
class Lettering:
    """Typefaces and size of type on a page.

    Attributes
    ----------
    heiti, songti
        Installed families for headings and names, and for running text.
    zoom
        Size of type against A3.
    """

    heiti: str
    songti: str
    zoom: float = 1.0


@dataclass(frozen=True)
class PlacedLabel:
    """A label that a figure has placed itself.

    Attributes
    ----------
    fid
        Of the feature.
    words, size
        What is written, and its size against the usual one.
    foot
        The middle of its lower edge, in the layer's degrees.
    leader
        Where its line ends, in the layer's degrees; None where it has none.
    """

    fid: int
    words: str
    size: float
    foot: tuple[float, float]
    leader: tuple[float, float] | None = None


#: The names of figures, where they differ from the screen's.  Scale limits are the screen's affair.
_LABELS: dict[str, Label] = {
    **LABELS,
    "restoration_zone": replace(LABELS["restoration_zone"], size=10),
    "zone_code": replace(LABELS["restoration_zone"], expression='"code"', size=15, colour="#6a6a6a"),
    "key_area": replace(LABELS["key_area"], size=8),
    # The spaces keep plates apart: QGIS places words, not what is drawn behind them
    "project": replace(LABELS["project"], expression="concat(' ', \"code\", ' ')", size=7),
    "admin_unit": replace(LABELS["admin_unit"], show="\"level\" = 'county'", sizes=None, size=9, colour="#3c3c3c"),
    "admin_unit_towns": replace(LABELS["admin_unit"], show="\"level\" <> 'county'", sizes=None, size=6.2),
    # A reserve is named once, though its core and its general zone are two rows
    "nature_reserve": replace(
        LABELS["nature_reserve"],
        show="coalesce(\"control\", 'core') = 'general' or count(1, group_by:=\"name\") = 1",
    ),
}
#: Names of waters are slanted and in songti, as on Chinese maps.
_WATERS = ("river", "water_body")


def labelling(name: str, lettering: Lettering) -> QgsVectorLayerSimpleLabeling | None:
    """The labels of a table (or of one of the kinds above), placed by QGIS; None where it has none."""
    label = _LABELS.get(name)
    return None if label is None else QgsVectorLayerSimpleLabeling(_settings(name, label, lettering))


#: Fields that hold the name of an outline, in the order in which they are looked for.
_NAME_FIELDS = ("name", "name_zh", "xzqmc", "mc", "市", "省")


def names_around(fields: Sequence[str], lettering: Lettering) -> QgsVectorLayerSimpleLabeling | None:
    """Small names of the outlines around a city; None where the file has no field of names."""
    known = {field.lower(): field for field in fields}
    field = next((known[name] for name in _NAME_FIELDS if name in known), None)
    if field is None:
        return None
    settings = _settings("around", Label(QgsExpression.quotedColumnRef(field), 5.5, "#5a5262"), lettering)
    return QgsVectorLayerSimpleLabeling(settings)


def placed_labelling(
    name: str, labels: Sequence[PlacedLabel], lettering: Lettering, besides: str | None = None
) -> QgsAbstractVectorLayerLabeling:
    """Labels that stand where a figure has placed them.

    Parameters
    ----------
    name
        The kind of label.
    labels
        Some for each feature: the plates of a project with several sites.
    besides
        A kind of label of the same layer that QGIS places.
    """
    root = QgsRuleBasedLabeling.Rule(None)
    usual = lettering
    lettering = replace(lettering, heiti=searchable_family(lettering.heiti, [p.words for p in labels]))
    rounds: list[dict[int, PlacedLabel]] = []
    for placed in labels:
        here = next((r for r in rounds if placed.fid not in r), None)
        if here is None:
            here = {}
            rounds.append(here)
        here[placed.fid] = placed
    for those in rounds:
        rule = QgsRuleBasedLabeling.Rule(_placed_settings(_LABELS[name], name, list(those.values()), lettering))
        rule.setFilterExpression(f"$id IN ({','.join(map(str, those))})")
        root.appendChild(rule)
    if besides is not None:
        rule = QgsRuleBasedLabeling.Rule(_settings(besides, _LABELS[besides], usual))
        rule.setFilterExpression(_LABELS[besides].show or "")
        root.appendChild(rule)
    return QgsRuleBasedLabeling(root)


def _placed_settings(
    label: Label, name: str, labels: Sequence[PlacedLabel], lettering: Lettering
) -> QgsPalLayerSettings:
    settings = _settings(name, replace(label, expression=_by_id({p.fid: _quoted(p.words) for p in labels})), lettering)
    settings.placement = QgsPalLayerSettings.Placement.Horizontal
    settings.fitInPolygonOnly = False
    settings.labelPerPart = False
    settings.priority = 10
    if Qgis.QGIS_VERSION_INT >= 32600:
        where = settings.placementSettings()
        where.setOverlapHandling(Qgis.LabelOverlapHandling.AllowOverlapIfRequired)
        settings.setPlacementSettings(where)
    else:
        settings.displayAll = True
    told = _data_defined(replace(label, sizes=None, show=None), lettering)
    sizes = {p.fid: f"{label.size * lettering.zoom * p.size:.4f}" for p in labels}
    kinds = QgsPalLayerSettings.Property
    for kind, expression in (
        (kinds.Size, _by_id(sizes)),
        (kinds.PositionX, _by_id({p.fid: f"{p.foot[0]:.9f}" for p in labels})),
        (kinds.PositionY, _by_id({p.fid: f"{p.foot[1]:.9f}" for p in labels})),
        (kinds.Hali, "'Center'"),
        (kinds.Vali, "'Bottom'"),
    ):
        told.setProperty(kind, QgsProperty.fromExpression(expression))
    led = {p.fid: p.leader for p in labels if p.leader is not None}
    if led:
        leader = _leader()
        ends = QgsPropertyCollection()
        for end, axis in ((QgsCallout.Property.DestinationX, 0), (QgsCallout.Property.DestinationY, 1)):
            ends.setProperty(end, QgsProperty.fromExpression(_by_id({f: f"{p[axis]:.9f}" for f, p in led.items()})))
        leader.setDataDefinedProperties(ends)
        settings.setCallout(leader)
        told.setProperty(kinds.CalloutDraw, QgsProperty.fromExpression(f"$id IN ({','.join(map(str, led))})"))
    if name == "project":
        settings.setFormat(_plate(settings.format()))
    settings.setDataDefinedProperties(told)
    return settings


def _by_id(values: Mapping[int, str]) -> str:
    """An expression that gives each feature its value."""
    return "CASE " + " ".join(f"WHEN $id = {fid} THEN {value}" for fid, value in values.items()) + " END"


def _quoted(words: str) -> str:
    text = words.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{text}'"


def _settings(name: str, label: Label, lettering: Lettering) -> QgsPalLayerSettings:
    settings = QgsPalLayerSettings()
    settings.fieldName = label.expression
    settings.isExpression = True
    settings.setFormat(_format(name, label, lettering))
    settings.priority = label.priority
    settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    settings.obstacle = label.obstacle
    if label.along_line:
        settings.placement = QgsPalLayerSettings.Placement.Curved
        settings.mergeLines = True
        settings.repeatDistance = 95 * lettering.zoom
        settings.repeatDistanceUnit = QgsUnitTypes.RenderUnit.RenderMillimeters
    elif label.beside:
        settings.placement = QgsPalLayerSettings.Placement.OutsidePolygons
        settings.labelPerPart = True
    else:
        settings.placement = QgsPalLayerSettings.Placement.Horizontal
        settings.centroidInside = True
        settings.fitInPolygonOnly = name == "admin_unit_towns"
    settings.setDataDefinedProperties(_data_defined(label, lettering))
    return settings


def _format(name: str, label: Label, lettering: Lettering) -> QgsTextFormat:
    water = name in _WATERS
    family = lettering.songti if water else lettering.heiti
    text_format = format_of(family, label.size * lettering.zoom, label.bold, label.colour, italic=water)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.6)
    halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    halo.setColor(colour("#ffffff", 0.85))
    text_format.setBuffer(halo)
    return text_format


def _plate(text_format: QgsTextFormat) -> QgsTextFormat:
    """A code on a small white plate, as the numbered symbols of printed plans."""
    plate = QgsTextBackgroundSettings()
    plate.setEnabled(True)
    plate.setType(QgsTextBackgroundSettings.ShapeType.ShapeRectangle)
    plate.setSizeType(QgsTextBackgroundSettings.SizeType.SizeBuffer)
    plate.setSize(QSizeF(0.1, 0.2))
    plate.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    plate.setRadii(QSizeF(1.2, 1.2))
    plate.setRadiiUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    plate.setFillColor(QColor("#ffffff"))
    plate.setStrokeColor(QColor("#1a1a1a"))
    plate.setStrokeWidth(0.25)
    plate.setStrokeWidthUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    changed = QgsTextFormat(text_format)
    changed.setBackground(plate)
    halo = changed.buffer()
    halo.setEnabled(False)
    changed.setBuffer(halo)
    return changed


def _leader() -> QgsSimpleLineCallout:
    """A line from a plate to its site."""
    leader = QgsSimpleLineCallout()
    leader.setEnabled(True)
    leader.setLineSymbol(line_symbol(line_layer(colour("#1a1a1a"), 0.2)))
    leader.setMinimumLength(0)
    return leader


def _data_defined(label: Label, lettering: Lettering) -> QgsPropertyCollection:
    properties = QgsPropertyCollection()
    if label.show:
        properties.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(label.show))
    if label.sizes:
        sizes = f"({label.sizes}) * {lettering.zoom}"
        properties.setProperty(QgsPalLayerSettings.Property.Size, QgsProperty.fromExpression(sizes))
    # Equal labels would be drawn in the order in which memory happened to be given out, another one each time
    height = QgsProperty.fromExpression(f"{label.priority} + $id * 1e-7")
    properties.setProperty(QgsPalLayerSettings.Property.ZIndex, height)
    return properties
