"""The legend of a figure: what is on its map, in groups, in columns that fit."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsLayerTree,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayerTreeModel,
    QgsLayerTreeModelLegendNode,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsSymbolLegendNode,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSizeF, Qt
from qgis.PyQt.QtGui import QFont, QImage, QPainter
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem

from ...core.texts import text
from ..cartography.borders import legend_lines
from ..cartography.labels import Lettering
from ..catalogue import Figure
from ..sources import FigureLayers
from .fitting import fair_breaks, one_line, wrapped
from .lettering import print_font, set_legend_font

#: Rounding of text sizes between what is measured and what is drawn.
SAFETY_MM = 1.0
_COLUMN_BREAK = "legend/column-break"
#: On a layer of the legend: what its classes are called, before we broke the names.
_NAMES = "restoration_planner/class_names"
#: On a legend: ids of the layers that it has explained so far.
_EXPLAINED = "restoration_planner/explained"


def fill_legend(
    legend: QgsLayoutItemLegend,
    main: QgsLayoutItemMap,
    figure: Figure,
    layers: FigureLayers,
    keep: bool,
) -> None:
    """Explain the figure's layers in groups, and of their classes those that are on the map.

    ``keep`` leaves title, fonts and groups as they are, and adds what has come since.
    """
    legend.setLinkedMap(main)
    model = legend.model()
    if not keep:
        legend.setAutoUpdateModel(False)
        legend.setTitle(text("figures.legend"))
        model.rootGroup().removeAllChildren()
        legend.removeCustomProperty(_EXPLAINED)
    _explain_layers(legend, main, figure, layers)
    model.setLayerStyleOverrides(main.layerStyleOverrides())
    legend.setLegendFilterByMapEnabled(True)
    legend.setResizeToContents(False)
    _name_classes(legend)
    if keep:
        width = legend.rect().width() / max(1, legend.columnCount())
        wrap_legend(legend, _class_font(legend), width - 2 * SAFETY_MM, 1.5 * legend.symbolWidth())
    _filter_now(legend)


def _explain_layers(legend: QgsLayoutItemLegend, main: QgsLayoutItemMap, figure: Figure, layers: FigureLayers) -> None:
    """Add the layers that the legend has not had yet; what a technician took out of it stays out."""
    model = legend.model()
    root = model.rootGroup()
    for lost in [node for node in root.findLayers() if node.layer() is None]:  # its plan was closed
        lost.parent().removeChildNode(lost)
    had = [str(layer_id) for layer_id in legend.customProperty(_EXPLAINED, [])]
    variant_of = dict(figure.layers)
    for group in figure.legend:
        shown = {name: "tints" if name == "dem" else variant_of[name] for name in group.layers if layers.is_drawn(name)}
        new = {n: layer for n, v in shown.items() if (layer := layers.layer(n, v)).id() not in had}
        if not new:
            continue
        node = root.findGroup(_title(group.title))
        if node is None:
            node = root.addGroup(_title(group.title))
            QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Style.Subgroup)
        for name, layer in new.items():
            child = node.addLayer(layer)
            if not _is_single(main, layer):
                QgsLegendRenderer.setNodeLegendStyle(child, QgsLegendStyle.Style.Hidden)
            for index, line in enumerate(legend_lines(name, variant_of[name])):
                QgsMapLayerLegendUtils.setLegendNodeCustomSymbol(child, index, line)
            if isinstance(layer, QgsRasterLayer):
                _drop_band_name(child, model)
            model.refreshLayerLegend(child)
            had.append(layer.id())
    legend.setCustomProperty(_EXPLAINED, had)


def _drop_band_name(node: QgsLayerTreeLayer, model: QgsLayerTreeModel) -> None:
    """A raster's legend begins with "Band 1 (Gray)", which tells a reader nothing."""
    entries = model.layerOriginalLegendNodes(node)
    steps = [i for i, entry in enumerate(entries) if isinstance(entry, QgsRasterSymbolLegendNode)]
    if steps:
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, steps)


def _filter_now(legend: QgsLayoutItemLegend) -> None:
    """Leave out what the map does not show.

    The item does so when it is painted for the first time, and then no more, so it is painted here, on a scrap.
    Filtering its model instead would look at every feature of the figure here, and again when it is written.
    """
    scrap = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(scrap)
    legend.paint(painter, QStyleOptionGraphicsItem(), None)
    painter.end()
    if Qgis.QGIS_VERSION_INT >= 33200:
        legend.model().waitForHitTestBlocking()


def _title(titles: object) -> str:
    from ...core.texts import language

    return str(titles[language()])  # type: ignore[index]


def _is_single(main: QgsLayoutItemMap, layer: object) -> bool:
    """Whether a layer has one symbol, whose caption is then the layer's own name."""
    if not isinstance(layer, QgsVectorLayer):
        return False
    style = main.layerStyleOverrides().get(layer.id(), "")
    return 'type="singleSymbol"' in style and 'type="categorizedSymbol"' not in style


def style_legend(legend: QgsLayoutItemLegend, lettering: Lettering, sizes: dict[str, float], shrink: float) -> None:
    zoom = lettering.zoom * shrink
    for part, size, bold, above in (
        (QgsLegendStyle.Style.Title, sizes["title"], True, 0.0),
        (QgsLegendStyle.Style.Group, sizes["group"], True, 2.2),
        (QgsLegendStyle.Style.Subgroup, sizes["group"], True, 2.2),
        (QgsLegendStyle.Style.Symbol, sizes["class"], False, 1.3),
        (QgsLegendStyle.Style.SymbolLabel, sizes["class"], False, 2.0),
    ):
        style = legend.style(part)
        family = lettering.heiti if bold else lettering.songti
        set_legend_font(style, print_font(family, size * zoom, bold))
        if part != QgsLegendStyle.Style.SymbolLabel:
            style.setMargin(QgsLegendStyle.Side.Top, above * zoom)
        if part == QgsLegendStyle.Style.Subgroup:
            style.setMargin(QgsLegendStyle.Side.Bottom, 0.8 * zoom)
        legend.setStyle(part, style)
    legend.setSymbolWidth(7 * zoom)
    legend.setSymbolHeight(3.6 * zoom)
    legend.setBoxSpace(0)
    legend.setColumnSpace(4 * zoom)
    legend.setWrapString("\n")
    legend.setEqualColumnWidth(False)


def _name_classes(legend: QgsLayoutItemLegend) -> None:
    """Note what the classes are called, and take back how we broke those names before; a technician's words stay."""
    model = legend.model()
    for node in model.rootGroup().findLayers():
        before = [str(name) for name in node.customProperty(_NAMES, [])]
        ours = [
            index
            for index, name in enumerate(before)
            if _squeezed(QgsMapLayerLegendUtils.legendNodeUserLabel(node, index)) == _squeezed(name) != ""
        ]
        for index in ours:
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, index, "")
        if ours:
            model.refreshLayerLegend(node)
        node.setCustomProperty(_NAMES, [_printed(entry) for entry in model.layerOriginalLegendNodes(node)])


def _printed(entry: QgsLayerTreeModelLegendNode) -> str:
    """What a class is called, in one line.  QGIS would reckon what stands between [% and %]."""
    written = entry.symbolLabel() if isinstance(entry, QgsSymbolLegendNode) else entry.data(Qt.ItemDataRole.DisplayRole)
    return one_line(str(written or "")).replace("[%", "［%")


def names_in(legend: QgsLayoutItemLegend) -> list[str]:
    """What stands in a legend in words of its own: headings, renamed layers, labels of classes."""
    root = legend.model().rootGroup()
    told = [group.name() for group in root.findGroups()]
    for node in root.findLayers():
        labels = range(len(node.customProperty(_NAMES, [])))
        told.append(str(node.customProperty("legend/title-label", "")))
        told += [_squeezed(QgsMapLayerLegendUtils.legendNodeUserLabel(node, index)) for index in labels]
    return told


def _squeezed(words: str) -> str:
    return "".join(words.split())


def wrap_legend(legend: QgsLayoutItemLegend, font: QFont, width: float, symbol_mm: float) -> None:
    """Break class names that are wider than a column."""
    model = legend.model()
    for node in model.rootGroup().findLayers():
        changed = False
        for index, name in enumerate(node.customProperty(_NAMES, [])):
            broken = wrapped(name, font, max(width - symbol_mm, 12)) if name else ""
            shown = QgsMapLayerLegendUtils.legendNodeUserLabel(node, index)
            if broken != (shown or name) or "［%" in broken != shown:
                QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, index, broken)
                changed = True
        if changed:  # it reads the layer's style anew
            model.refreshLayerLegend(node)


def _class_font(legend: QgsLayoutItemLegend) -> QFont:
    style = legend.style(QgsLegendStyle.Style.SymbolLabel)
    if Qgis.QGIS_VERSION_INT < 33000:
        return QFont(style.font())
    font = QFont(style.textFormat().font())
    font.setPointSizeF(style.textFormat().size())
    return font


def groups_of(legend: QgsLayoutItemLegend) -> list[QgsLayerTreeGroup]:
    return [node for node in legend.model().rootGroup().children() if QgsLayerTree.isGroup(node)]


def break_columns(legend: QgsLayoutItemLegend, columns: int) -> None:
    """Keep groups whole: columns about equally long, broken between groups.  One column: no breaks of ours."""
    model = legend.model()
    groups = groups_of(legend)
    lines = [2 + sum(max(1, len(model.layerLegendNodes(child))) for child in g.findLayers()) for g in groups]
    breaks = set() if columns < 2 else fair_breaks(lines, columns)
    for position, group in enumerate(groups):
        if position in breaks:
            group.setCustomProperty(_COLUMN_BREAK, "1")
        else:
            group.removeCustomProperty(_COLUMN_BREAK)


def legend_size(legend: QgsLayoutItemLegend) -> QSizeF:
    """Width and height that a legend needs, in millimetres."""
    size = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()
    return QSizeF(size.width() + SAFETY_MM, size.height() + SAFETY_MM)
