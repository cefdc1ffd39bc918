"""What makes figures quick and their files small: things are done once, and vertices are as fine as print."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from qgis.core import (
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsPrintLayout,
    QgsProject,
)
from qgis.PyQt.QtGui import QImage

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.figures.press.writing import write_layout
from restoration_planner.layers.maps import ink
from restoration_planner.layers.opening import OpenPlan, open_plan

from .conftest import CITIES, strips

DAY = date(2026, 5, 1)
#: Vertices of one lake-like parcel, some thousand a millimetre of the page.
DENSE = 200_000
COLUMNS, ROWS = 60, 40


def city_with_land_use(folder: Path, parcels: list[shapely.Geometry]) -> OpenPlan:
    """The wide city, with parcels of the land survey."""
    tables = strips(*CITIES["wide"])
    records = [{"code": f"{1 + k % 3:02d}", "system": "survey3"} for k in range(len(parcels))]
    shapes = [shapely.MultiPolygon([parcel]) for parcel in parcels]
    land_use = Rows.from_records("land_use", records, shapes)
    path = folder / "plan.gpkg"
    create_plan(path, PlanTables({**tables.rows, "land_use": land_use}))
    return open_plan(path, QgsProject.instance())


def dense_ring() -> shapely.Geometry:
    angle = np.linspace(0, 2 * np.pi, DENSE, endpoint=False)
    radius = 0.3 + 0.01 * np.sin(40 * angle)
    return shapely.Polygon(np.column_stack([124.7 + 1.3 * radius * np.cos(angle), 41.2 + radius * np.sin(angle)]))


def hexagons() -> list[shapely.Geometry]:
    """A tiling of the city's middle by six-sided parcels."""
    found = []
    for k in range(COLUMNS * ROWS):
        x, y = 124.0 + 0.02 * (k % COLUMNS) + 0.01 * (k // COLUMNS % 2), 41.0 + 0.01 * (k // COLUMNS)
        angle = np.radians([30, 90, 150, 210, 270, 330])
        found.append(shapely.Polygon(np.column_stack([x + 0.0115 * np.cos(angle), y + 0.0066 * np.sin(angle)])))
    return found


def export(plan: OpenPlan, folder: Path, figures: str, formats: str) -> list[Path]:
    return export_figures(plan, Wanted(folder, figures, formats, printed=DAY)).files


def only_layout() -> QgsPrintLayout:
    (layout,) = QgsProject.instance().layoutManager().printLayouts()
    return layout


def drawn(pdf: Path) -> tuple[int, int]:
    """Straight and curved pieces of all paths of a PDF."""
    content = b""
    written = pdf.read_bytes()
    for start in re.finditer(rb"stream\r?\n", written):
        if written[: start.start()].endswith(b"end"):
            continue
        try:
            content += zlib.decompressobj().decompress(written[start.end() :])
        except zlib.error:  # a picture or a font as it is
            continue
    return len(re.findall(rb"\d l\s", content)), len(re.findall(rb"\d c\s", content))


def seen(pdf: Path, dots: int) -> npt.NDArray[np.bool_]:
    """What is dark on a PDF's first page."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    subprocess.run([tool, "-r", str(dots), "-png", "-singlefile", str(pdf), str(pdf.with_suffix(""))], check=True)
    found: npt.NDArray[np.bool_] = ink(QImage(str(pdf.with_suffix(".png"))).convertToFormat(QImage.Format.Format_RGB32))
    return found


def test_a_figure_is_laid_out_once_however_many_formats_it_is_written_in(wide_city: OpenPlan, tmp_path: Path) -> None:
    made: list[str] = []
    manager = QgsProject.instance().layoutManager()

    def note(name: str) -> None:
        made.append(name)

    manager.layoutAdded.connect(note)
    files = export(wide_city, tmp_path / "out", "8,9", "pdf,png,svg")
    manager.layoutAdded.disconnect(note)
    assert len(files) == 6
    assert len(made) == 2


def test_the_classes_on_the_map_are_not_looked_for_again_when_a_figure_is_written(
    wide_city: OpenPlan, tmp_path: Path
) -> None:
    export(wide_city, tmp_path / "out", "8", "png")
    layout = only_layout()
    legend = layout.itemById("legend")
    assert isinstance(legend, QgsLayoutItemLegend)
    model = legend.model()
    times: list[str] = []

    def note(*_: object) -> None:
        times.append("filtered")

    model.rowsInserted.connect(note)  # the entries are made anew each time
    for name in ("png", "pdf"):
        assert write_layout(layout, tmp_path / f"again.{name}", name)
    assert times == []
    legend.updateFilterByMap(False)  # as QGIS asks for it, to see that it would be noticed
    assert write_layout(layout, tmp_path / "again.png", "png")
    assert times != []
    model.rowsInserted.disconnect(note)


def test_a_pdf_holds_no_more_vertices_than_print_can_show(tmp_path: Path) -> None:
    plan = city_with_land_use(tmp_path, [dense_ring()])
    (pdf,) = export(plan, tmp_path / "out", "2", "pdf")
    layout = only_layout()
    straight, _ = drawn(pdf)
    frame = layout.itemById("map").rect()
    # One vertex for each 0.4 dots (0.034 mm) along an outline that is no longer than twice the frame's
    assert 1000 < straight < 2 * 2 * (frame.width() + frame.height()) / 0.034
    assert straight < DENSE / 4
    whole = tmp_path / "whole.pdf"
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = 300
    settings.forceVectorOutput = True
    settings.simplifyGeometries = False
    assert QgsLayoutExporter(layout).exportToPdf(str(whole), settings) == QgsLayoutExporter.ExportResult.Success
    assert drawn(whole)[0] > DENSE
    assert pdf.stat().st_size < whole.stat().st_size / 2
    ours, theirs = seen(pdf, 150), seen(whole, 150)
    assert ours.mean() > 0.01
    assert (ours != theirs).mean() < 0.0005


def test_lines_of_parcels_are_lines_in_a_pdf_and_not_outlines_of_lines(tmp_path: Path) -> None:
    parcels = hexagons()
    plan = city_with_land_use(tmp_path, parcels)
    (with_parcels,) = export(plan, tmp_path / "out", "2", "pdf")
    straight, curved = drawn(with_parcels)
    assert len(parcels) * 5 <= straight <= len(parcels) * 8 + 5000
    assert curved < len(parcels)
