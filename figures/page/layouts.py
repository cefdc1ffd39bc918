"""A figure as an ordinary QGIS layout: made from a page template, or kept as a technician has adjusted it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsExpressionContextUtils,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsPrintLayout,
    QgsReadWriteContext,
    QgsRectangle,
)
from qgis.PyQt.QtXml import QDomDocument

from ...core.errors import PlannerError
from ...core.plan.schema import PLAN_EPSG
from ...core.plan.tables import PlanTables
from ...core.texts import Message, text
from ...layers.crs import city_crs, crs_choices
from ...layers.fonts import Typeface, typeface
from ...layers.roles import plan_id, plan_of
from ..cartography import map_frame
from ..cartography.labels import Lettering
from ..catalogue import Figure
from ..companion import companion_table
from ..sources import FigureLayers
from . import furnishing, grids, panel
from .fitting import one_line, round_scale
from .legend import fill_legend, names_in
from .lettering import label_font
from .pages import ALL_PAGES, PAPERS, TABLE_SIZE, Page, pages_for

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
#: A planner's own templates, beside the plan file, go before the plugin's.
OWN_FOLDER = "figure_templates"

#: Custom properties of a layout: which figure of which plan it is, its page, and how it was left.
FIGURE, PLAN, PAGE, LEFT = (f"restoration_planner/{n}" for n in ("figure", "figure_plan", "figure_page", "figure_left"))

#: Free space around the city inside the map frame.
MARGIN = 1.04

#: Items whose loss is told; the map itself cannot be done without.
FURNITURE = (
    "title",
    "figure_number",
    "legend",
    "north_arrow",
    "scale_bar",
    "scale_text",
    "inset",
    "footer_left",
    "footer_middle",
    "footer_right",
)


@dataclass(frozen=True)
class Imprint:
    """What is printed on every figure of a plan.

    Attributes
    ----------
    city, issuer
        Names from the plan; empty where it states none.
    date
        As it is printed.
    """

    city: str
    issuer: str
    date: str


@dataclass(frozen=True)
class LaidOut:
    """A layout in the project, and what the planner should know about it."""

    layout: QgsPrintLayout
    page: str
    notes: tuple[Message, ...] = ()


def template_file(name: str, folder: Path | None = None) -> Path:
    """The template of a page: in a planner's own folder where it has one (in capitals or not), else the plugin's."""
    file = f"{name.lower()}.qpt"
    own = sorted(folder.glob("*.[qQ][pP][tT]")) if folder is not None and folder.is_dir() else []
    return next((found for found in own if found.name.lower() == file), TEMPLATES / file)


def typefaces() -> tuple[Typeface, Typeface]:
    """Heiti for headings and names, songti for running text."""
    return typeface("heiti"), typeface("songti")


def lay_out(figure: Figure, layers: FigureLayers, tables: PlanTables, imprint: Imprint, paper: str) -> LaidOut:
    """The layout of a figure, in the project of its plan.

    One that was adjusted since it was made keeps its places, sizes and map extent; only its contents are brought
    up to date.  Any other is made anew, so that it fits what the plan holds now.

    Parameters
    ----------
    paper
        ``A4``, ``A3``, ``A1``, or a page in full such as ``A3-portrait``.

    Raises
    ------
    PlannerError
        If the plan has nothing drawn, the paper is not known, or the template cannot be used.
    """
    pages = pages_for(paper)
    if not pages:
        raise PlannerError("figures.unknown_page", page=paper, known=[*PAPERS, *ALL_PAGES])
    manager = layers.opened.project.layoutManager()
    for layout in manager.printLayouts():
        if layout.customProperty(FIGURE) != figure.number or not is_of_plan(layout, PLAN, layers.opened.path):
            continue
        layout.setCustomProperty(PLAN, plan_id(layers.opened.path))
        page = layout.customProperty(PAGE)
        if not is_adjusted(layout):
            manager.removeLayout(layout)
        elif page in {p.name for p in pages}:
            notes = _fill(layout, figure, layers, tables, imprint, pages_for(page)[0], adjusted=True)
            return LaidOut(layout, page, (_kept(figure, layout), *notes))
        # else it was adjusted on other paper, and waits there
    return _make(figure, layers, tables, imprint, pages)


def is_of_plan(layout: QgsPrintLayout, note: str, plan: Path) -> bool:
    """Whether a layout that has a note of its plan is of this one, also where both were moved together since."""
    noted = layout.customProperty(note)
    main = layout.itemById("map")
    shown = main.layers() if noted and isinstance(main, QgsLayoutItemMap) else []
    return noted == plan_id(plan) or any(plan_of(layer) == plan_id(plan) for layer in shown)


def is_adjusted(layout: QgsPrintLayout) -> bool:
    """Whether a layout is no longer as it was left."""
    return bool(layout.customProperty(LEFT) != fingerprint(layout))


def fingerprint(layout: QgsPrintLayout) -> str:
    """Everything about a layout that a technician adjusts: items, places, sizes, extents and words."""
    told = []
    for item in layout.items():
        if not isinstance(item, QgsLayoutItem):
            continue
        box = item.mapRectToScene(item.rect())
        # a scale bar sets its own size, and another one when a project is opened
        its_own = isinstance(item, QgsLayoutItemScaleBar)
        sides = " ".join(f"{v:.2f}" for v in (box.x(), box.y(), *(() if its_own else (box.width(), box.height()))))
        line = f"{item.id() or item.type()} {sides} {item.isVisible()} {item.rotation():.2f}"
        if isinstance(item, QgsLayoutItemMap):
            line += f" {item.extent().toString(0)} {item.crs().authid()} {item.scale():.0f} {item.mapRotation():.2f}"
            line += f" {[layer.name() for layer in map_frame.layers_of_ones_own(item)]}"
        elif isinstance(item, QgsLayoutItemLabel):
            font = label_font(item)
            line += f" {item.text()} {font.family()} {font.pointSizeF():.1f}"
        elif isinstance(item, QgsLayoutItemLegend):
            line += f" {item.title()} {item.columnCount()} {names_in(item)}"
        elif isinstance(item, QgsLayoutItemScaleBar):
            line += f" {item.style()} {item.unitsPerSegment():g} {item.numberOfSegments()}"
        told.append(line)
    return "\n".join(sorted(told))


def _kept(figure: Figure, layout: QgsPrintLayout) -> Message:
    return Message.of("figures.kept", number=figure.number, layout=layout.name())


def _make(figure: Figure, layers: FigureLayers, tables: PlanTables, imprint: Imprint, pages: list[Page]) -> LaidOut:
    project = layers.opened.project
    crs, extent = _city(layers)
    page = _best_page(pages, extent)
    layout = QgsPrintLayout(project)
    _load_template(layout, template_file(page.name, layers.opened.path.parent / OWN_FOLDER))
    layout.setName(_free_name(layers, figure, imprint))
    project.layoutManager().addLayout(layout)
    main = layout.itemById("map")
    scale = round_scale(extent.width(), extent.height(), main.rect().width(), main.rect().height())
    map_frame.show(main, crs, extent.center(), scale)
    notes = _fill(layout, figure, layers, tables, imprint, page, adjusted=False)
    layout.setCustomProperty(FIGURE, figure.number)
    layout.setCustomProperty(PLAN, plan_id(layers.opened.path))
    layout.setCustomProperty(PAGE, page.name)
    layout.setCustomProperty(LEFT, fingerprint(layout))
    return LaidOut(layout, page.name, tuple(notes))


def _city(layers: FigureLayers) -> tuple[QgsCoordinateReferenceSystem, QgsRectangle]:
    """The city's own projection, and what it covers in it, with some space around."""
    degrees = layers.opened.extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    if degrees.isEmpty():
        raise PlannerError("figures.no_outline", plan=layers.opened.name)
    crs = city_crs(degrees)
    extent = layers.opened.extent(crs)
    extent.scale(MARGIN)
    return crs, extent


def _best_page(pages: list[Page], extent: QgsRectangle) -> Page:
    """The arrangement that shows the city largest; of equals the first."""

    def needed(page: Page) -> float:
        _, _, width, height = page.boxes["map"]
        return max(extent.width() / width, extent.height() / height)

    best = min(needed(p) for p in pages)
    return next(p for p in pages if needed(p) <= best * 1.05)


def _load_template(layout: QgsPrintLayout, file: Path) -> None:
    document = QDomDocument()
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlannerError("figures.template_unreadable", file=str(file), reason=str(error)) from error
    understood = document.setContent(content)
    if not (understood[0] if isinstance(understood, tuple) else understood):
        raise PlannerError("figures.template_unreadable", file=str(file), reason="XML")
    layout.loadFromTemplate(document, QgsReadWriteContext())
    if not isinstance(layout.itemById("map"), QgsLayoutItemMap):
        raise PlannerError("figures.template_without_map", file=str(file))


def _free_name(layers: FigureLayers, figure: Figure, imprint: Imprint) -> str:
    name = text("figures.layout_name", number=figure.number, title=figure.title_for(imprint.city))
    taken = {layout.name() for layout in layers.opened.project.layoutManager().layouts()}
    return next(n for n in (name, *(f"{name} ({i})" for i in range(2, 1000))) if n not in taken)


def _fill(
    layout: QgsPrintLayout,
    figure: Figure,
    layers: FigureLayers,
    tables: PlanTables,
    imprint: Imprint,
    page: Page,
    adjusted: bool,
) -> list[Message]:
    """Put a figure's contents into its layout; where it was adjusted, without moving or resizing anything."""
    notes: list[Message] = []
    main = layout.itemById("map")
    if not isinstance(main, QgsLayoutItemMap):
        raise PlannerError("figures.template_without_map", file=layout.name())
    heiti, songti = typefaces()
    lettering = Lettering(heiti.family, songti.family, page.type_zoom)
    map_frame.show_layers(main, figure, layers, lettering)
    degrees = layers.opened.extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    _set_variables(layout, figure, imprint, crs_choices(degrees)[0].caption, main.scale(), page)
    if not adjusted:
        map_frame.furnish(main, degrees, lettering, page.zoom)
        inset = layout.itemById("inset")
        if isinstance(inset, QgsLayoutItemMap):
            map_frame.show_location(inset, main, layers, lettering, page.zoom)
        furnishing.dress_labels(layout, lettering)
        furnishing.dress_arrow(layout, main, TEMPLATES / "north_arrow.svg")
        furnishing.dress_scale_bar(layout, main, lettering, page)
    legend = layout.itemById("legend")
    if isinstance(legend, QgsLayoutItemLegend):
        fill_legend(legend, main, figure, layers, keep=adjusted)
    table = companion_table(figure.table, tables) if figure.table else None
    if table is not None and not table.rows:
        table = None
    if adjusted:
        furnishing.break_words(layout)
        if not grids.refill_tables(layout, table):
            notes.append(Message.of("figures.table_cut", number=figure.number, layout=layout.name()))
    else:
        notes += panel.fit_legend_and_table(layout, figure, table, lettering, page, TABLE_SIZE)
    gone = [i for i in FURNITURE if layout.itemById(i) is None]
    if gone:
        names = [Message.of(f"figures.item_{i}") for i in gone]
        notes.append(Message.of("figures.items_gone", number=figure.number, items=names))
    return notes


def _set_variables(
    layout: QgsPrintLayout, figure: Figure, imprint: Imprint, projection: str, scale: float, page: Page
) -> None:
    title = figure.title_for(one_line(imprint.city))
    values = {
        "figure_title": title,
        "figure_title_unbroken": title,
        "figure_number": text("figures.number_label", number=figure.number),
        "figure_issuer": text("figures.issuer", issuer=one_line(imprint.issuer) or text("figures.no_issuer")),
        "figure_crs": text("figures.crs", projection=projection),
        "figure_date": text(
            "figures.date_and_review",
            review=figure.review_number or text("figures.no_review"),
            date=imprint.date,
        ),
        "figure_scale": text(
            "figures.scale_on_paper", scale=f"{round(scale):,}".replace(",", " "), paper=page.name.partition("-")[0]
        ),
        "figure_inset": text("figures.inset"),
    }
    for name, value in values.items():
        QgsExpressionContextUtils.setLayoutVariable(layout, name, value)
