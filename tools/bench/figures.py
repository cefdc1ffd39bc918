"""The ten figures of the appendix as PDF and PNG, beside plain QGIS drawing the same maps.

`python tools/bench/figures.py FOLDER` measures, in a process of its own with QGIS, what `measure_figures` asks for.

What is compared: ours is `export_figures` from the open plan to the finished files, laying out and furniture
included.  Plain QGIS draws the same layers in the same styles at the same extent, projection and size, twice a map:
as a picture of 300 dots an inch that is then saved as PNG, and on a PDF.  Both with a painter and the settings that
"save the map as picture / as PDF" has by default (simplifying what is smaller than a dot), as that is
what a technician without this plugin would do; a layout that holds nothing but the map would do more.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 3
FORMATS = "pdf,png"
PAPER = "A3"
DPI = 300
#: The figure of land use.  Files begin with a figure's number, after one sign.
_LAND_USE = 2


def measure_figures() -> dict[str, Any]:
    """Make the city and measure it in a process of its own.

    Returns
    -------
    dict
        ``ours``, ``plain`` — median seconds; ``ratio`` — median of the rounds' ``ratios``; ``cpu_ratio`` — the same in
        processor time, which other programs disturb less; ``peak_gib``; ``figures`` — number → seconds of both;
        ``land_use_vertices``, ``land_use_pdf_mb``; ``land_use_opened`` — seconds that pdftoppm takes at 100 dpi, None
        where there is none.
    """
    from city import make_city

    with tempfile.TemporaryDirectory(prefix="restoration-planner-bench-") as name:
        folder = Path(name)
        vertices = make_city(folder / "benxi.gpkg")
        command = [sys.executable, __file__, str(folder)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        measured["land_use_vertices"] = vertices
        measured["land_use_opened"] = _seconds_to_open(Path(measured.pop("land_use_pdf")), folder)
        return measured


def _seconds_to_open(pdf: Path, folder: Path) -> float | None:
    if shutil.which("pdftoppm") is None:
        return None
    started = time.perf_counter()
    subprocess.run(["pdftoppm", "-r", "100", "-png", str(pdf), str(folder / "opened")], check=True)
    return time.perf_counter() - started


def _worker(folder: Path) -> int:
    from qgis.core import QgsApplication, QgsProject

    application = QgsApplication([], True)
    application.initQgis()
    try:
        print(json.dumps(_measured(folder)))
    finally:
        QgsProject.instance().clear()
        application.exitQgis()
    return 0


def _measured(folder: Path) -> dict[str, Any]:
    from city import write_dem
    from qgis.core import QgsCoordinateReferenceSystem, QgsProject

    from restoration_planner.core.plan.schema import PLAN_EPSG
    from restoration_planner.core.texts import set_language
    from restoration_planner.layers.opening import open_plan

    set_language("zh")
    project = QgsProject.instance()
    plan = folder / "benxi.gpkg"
    degrees = open_plan(plan, project).extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    dem = folder / "dem.tif"
    box = degrees.buffered(0.05)
    write_dem(dem, (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))
    rounds, cpu = [], []
    peak = 0.0
    for number in range(ROUNDS):
        project.clear()
        before = time.process_time()
        each = _ours(plan, dem, folder / "out")
        between = time.process_time()
        # the peak is that of our first export: later ones and the plain maps come on top of it
        peak = peak or _peak_gib()
        rounds.append((each, _plain(project, folder)))
        cpu.append((between - before) / (time.process_time() - between))
        ours, plain = (sum(seconds.values()) for seconds in rounds[-1])
        print(f"round {number + 1}: ours {ours:.1f} s, plain {plain:.1f} s, {ours / plain:.2f} ×", file=sys.stderr)
    ratios = [sum(ours.values()) / sum(plain.values()) for ours, plain in rounds]
    pdf = next((folder / "out").glob(f"?{_LAND_USE}_*.pdf"))
    return {
        "ours": statistics.median(sum(ours.values()) for ours, _ in rounds),
        "plain": statistics.median(sum(plain.values()) for _, plain in rounds),
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "cpu_ratio": statistics.median(cpu),
        "peak_gib": peak,
        "figures": {
            number: [statistics.median(r[side][number] for r in rounds) for side in (0, 1)] for number in rounds[0][1]
        },
        "land_use_pdf": str(pdf),
        "land_use_pdf_mb": pdf.stat().st_size / 1e6,
    }


def _ours(plan: Path, dem: Path, out: Path) -> dict[int, float]:
    """Seconds of each figure, until its last file was written; opening the plan counts with the first."""
    from qgis.core import QgsProject

    from restoration_planner.figures.export import Wanted, export_figures
    from restoration_planner.layers.opening import open_plan

    shutil.rmtree(out, ignore_errors=True)
    started = time.time()
    opened = open_plan(plan, QgsProject.instance())
    done = export_figures(opened, Wanted(out, formats=FORMATS, paper=PAPER, dem=dem))
    ended = time.time()
    if done.skipped:
        raise RuntimeError(f"figures were left out: {done.skipped}")
    finished: dict[int, float] = {}
    for file in done.files:
        number = int(file.name.partition("_")[0][1:])
        finished[number] = max(finished.get(number, 0.0), file.stat().st_mtime)
    finished[max(finished, key=lambda n: finished[n])] = ended
    seconds, before = {}, started
    for number in sorted(finished, key=lambda n: finished[n]):
        seconds[number], before = finished[number] - before, finished[number]
    return seconds


def _plain(project: Any, folder: Path) -> dict[int, float]:
    """Seconds that each figure's map alone takes as a picture and as a PDF."""
    from restoration_planner.figures.page.layouts import FIGURE

    seconds = {}
    for layout in project.layoutManager().printLayouts():
        started = time.perf_counter()
        _draw_picture(layout.itemById("map"), folder / "plain.png")
        _draw_pdf(layout.itemById("map"), folder / "plain.pdf")
        seconds[int(layout.customProperty(FIGURE))] = time.perf_counter() - started
    return seconds


def _settings(item: Any) -> Any:
    """What a map canvas would have for the map of a layout."""
    from qgis.core import QgsMapSettings, QgsProject
    from qgis.PyQt.QtCore import QSize

    settings = QgsMapSettings()
    settings.setDestinationCrs(item.crs())
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setEllipsoid(QgsProject.instance().ellipsoid())
    settings.setLayers(item.layers())
    settings.setLayerStyleOverrides(item.layerStyleOverrides())
    settings.setOutputDpi(DPI)
    dots = DPI / 25.4
    settings.setOutputSize(QSize(round(item.rect().width() * dots), round(item.rect().height() * dots)))
    settings.setExtent(item.extent())
    settings.setBackgroundColor(item.backgroundColor())
    return settings


def _draw_picture(item: Any, file: Path) -> None:
    from qgis.core import QgsMapRendererSequentialJob

    job = QgsMapRendererSequentialJob(_settings(item))
    job.start()
    job.waitForFinished()
    if not job.renderedImage().save(str(file)):
        raise RuntimeError(f"{file} could not be written")


def _draw_pdf(item: Any, file: Path) -> None:
    from qgis.core import QgsMapRendererCustomPainterJob, QgsMapSettings
    from qgis.PyQt.QtCore import QMarginsF, QSizeF
    from qgis.PyQt.QtGui import QPageSize, QPainter, QPdfWriter

    settings = _settings(item)
    settings.setFlag(QgsMapSettings.Flag.ForceVectorOutput, True)
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QSizeF(item.rect().width(), item.rect().height()), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(DPI)
    painter = QPainter(writer)
    job = QgsMapRendererCustomPainterJob(settings, painter)
    job.renderSynchronously()
    painter.end()


def _peak_gib() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    sys.exit(_worker(Path(sys.argv[1])))
