"""The same plan gives the same figures: drawn again, by another process, after the project was saved and opened."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtGui import QImage

from restoration_planner.core.texts import set_language
from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.layers.opening import open_plan

from .made_up_city import make_city
from .reading_back import content_of, drawing_of, without_dates

#: Those with the most labels, relief, and a table; all ten in each format would take minutes.
SOME = ("5,7,10", "pdf,svg,png")
ALL = (("", "pdf"), SOME)


class Runs:
    """The same ten figures, exported again and again into folders beside one another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan, self.dem = make_city(folder)

    def here(self, project: QgsProject, name: str, asked: tuple[tuple[str, str], ...]) -> Path:
        set_language("zh")
        opened = open_plan(self.plan, project)
        for figures, formats in asked:
            wanted = Wanted(self.folder / name, figures, formats, paper="A4", dem=self.dem, printed=date(2026, 5, 1))
            done = export_figures(opened, wanted)
            assert done.files
        return self.folder / name

    def elsewhere(self, name: str) -> Path:
        script = Path(__file__).with_name("in_another_process.py")
        salted = {**os.environ, "PYTHONHASHSEED": "4711", "QT_QPA_PLATFORM": "offscreen"}
        salted.pop("QT_HASH_SEED", None)
        asked = [f"{figures}:{formats}" for figures, formats in ALL]
        given = [str(self.plan), str(self.folder / name), str(self.dem), *asked]
        subprocess.run([sys.executable, str(script), *given], env=salted, check=True, capture_output=True)
        return self.folder / name


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, qgis_app: object) -> Iterator[dict[str, Path]]:
    """How the figures were made → where they are."""
    made = Runs(tmp_path_factory.mktemp("same"))
    project = QgsProject()
    found = {"first": made.here(project, "first", ALL), "again": made.here(project, "again", (SOME,))}
    saved = str(made.folder / "work.qgz")
    assert project.write(saved)
    project.clear()
    assert project.read(saved)
    found["reopened"] = made.here(project, "reopened", (SOME,))
    project.clear()
    found["elsewhere"] = made.elsewhere("elsewhere")
    yield found
    set_language(None)


def pairs(runs: dict[str, Path], other: str, suffix: str) -> list[tuple[Path, Path]]:
    files = sorted(runs[other].glob(f"*.{suffix}"))
    assert len(files) == (10 if suffix == "pdf" and other == "elsewhere" else 3)
    return [(runs["first"] / file.name, file) for file in files]


@pytest.mark.parametrize("other", ["again", "reopened"])
@pytest.mark.parametrize("suffix", ["pdf", "svg"])
def test_one_process_writes_the_same_bytes_but_for_dates(runs: dict[str, Path], other: str, suffix: str) -> None:
    for one, two in pairs(runs, other, suffix):
        assert without_dates(one) == without_dates(two), one.name


@pytest.mark.parametrize("other", ["again", "reopened", "elsewhere"])
def test_pixels_are_the_same(runs: dict[str, Path], other: str) -> None:
    for one, two in pairs(runs, other, "png"):
        assert QImage(str(one)) == QImage(str(two)), one.name


@pytest.mark.parametrize(("suffix", "read"), [("pdf", content_of), ("svg", drawing_of)])
def test_another_process_writes_the_same_document(
    runs: dict[str, Path], suffix: str, read: Callable[[Path], object]
) -> None:
    for one, two in pairs(runs, "elsewhere", suffix):
        assert read(one) == read(two), one.name


def test_a_changed_plan_is_noticed(runs: dict[str, Path]) -> None:
    """What the comparison leaves out is not what matters: two figures differ in it."""
    one, two = sorted(runs["first"].glob("*.pdf"))[:2]
    assert content_of(one) != content_of(two)
    one, two = sorted(runs["first"].glob("*.svg"))[:2]
    assert drawing_of(one) != drawing_of(two)
