"""Papers and photos in the real QGIS Desktop: from the menu and the form, attached, lost and found, used as a site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.papers.attached import papers_of
from restoration_planner.core.texts import text
from restoration_planner.tests import photos
from restoration_planner.tests.small_plan import make_small_plan

pytest.importorskip("PIL", reason="photos are made with Pillow")

ATTACH = """
from pathlib import Path
from qgis.core import QgsProject
from qgis.gui import QgsActionMenu, QgsAttributeDialog
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QDialog, QMessageBox, QTabWidget

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
layer = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
layer.selectByExpression("code = 'P1'")
def opened():
    window.findChild(QAction, "RestorationPlanner_papers").trigger()
    named = lambda: window.findChildren(QDialog, "RestorationPlannerPapersDialog")  # one that is closed goes later
    dialog = wait_until(lambda: next((d for d in named() if d.isVisible()), None), what="the dialog")
    dialog.move(150, 60)
    return dialog
dialog = opened()
pause(0.3)
screenshot("01-empty")
def rest():
    pause(0.3)
    wait_until(lambda: dialog.add_button.isEnabled(), what="the work")
    pause(0.5)
dialog.add(FILES[:2])
rest()
dialog.keep.setCurrentIndex(2)
dialog.add(FILES[2:4])
rest()
dialog.keep.setCurrentIndex(0)
dialog.add(FILES[4:])
pause(0.5)
box = dialog.findChild(QMessageBox)
verdict["asked"] = box is not None
screenshot("02-outside")
next(b for b in box.buttons() if b is not box.escapeButton() and b is box.defaultButton()).click()
rest()
Path(FILES[1]).unlink()
dialog.close()
pause(0.3)
dialog = opened()
dialog.table.selectRow(0)
wait_until(lambda: len(dialog.model._pictures) >= 3, what="the small pictures")
pause(0.5)
verdict["size"] = [dialog.width(), dialog.height()]
screenshot("03-attached")
QTest.mouseClick(dialog.site.button, Qt.MouseButton.LeftButton)
pause(1)
verdict["parts"] = next(layer.getFeatures("code = 'P1'")).geometry().constGet().numGeometries()
screenshot("04-site")
dialog.close()
layer.undoStack().undo()
layer.rollBack()
feature = next(layer.getFeatures("code = 'P1'"))
form = iface.getFeatureForm(layer, feature)
form.resize(900, 640)
form.show()
form.move(200, 60)
pause(0.5)
for tabs in form.findChildren(QTabWidget):
    for number in range(tabs.count()):
        if tabs.tabText(number) == PAGE:
            tabs.setCurrentIndex(number)
pause(0.8)
screenshot("05-form")
menu = QgsActionMenu(layer, feature, "Feature", window)
verdict["offered"] = [a.text() for a in menu.actions()]
form.close()
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_papers_are_attached_and_shown(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    folder, camera = tmp_path / "规划 plan", tmp_path / "相机"
    (folder / "照片").mkdir(parents=True)
    camera.mkdir()
    plan = make_small_plan(folder / "方格市.gpkg")
    approval = folder / "关于西坡造林项目立项的批复（2024年第12号）.pdf"
    approval.write_bytes(b"%PDF-1.4\n" + b"x" * 300_000)
    files = [
        photos.photo(folder / "照片" / "IMG_20240503_102030.jpg", 124.085, 41.085, size=(1600, 1200)),
        photos.photo(folder / "照片" / "IMG_20240503_110000.jpg", None, colour=(150, 110, 60)),
        photos.photo(folder / "西坡全景.png", 116.4, 39.9, size=(2000, 700), colour=(120, 160, 90)),
        approval,
        photos.photo(camera / "DSC_0001.jpg", 124.095, 41.09, colour=(180, 60, 40)),
    ]
    page = text("project_form.page.papers", lang)
    run = run_in_desktop(
        f"FILES, PAGE = {[str(f) for f in files]!r}, {page!r}\n" + ATTACH,
        plan=plan,
        lang=lang,
        name="papers",
        timeout=120,
    )
    verdict = run.verdict
    assert verdict["asked"] and verdict["size"][0] <= 1366 and verdict["size"][1] <= 768
    assert verdict["parts"] == 2
    caption = {"zh": "资料与照片…", "en": "Papers and photos…"}[lang]
    assert caption in verdict["offered"]
    papers = papers_of(plan, 1)
    assert [p.path for p in papers] == [
        "照片/IMG_20240503_102030.jpg",
        "照片/IMG_20240503_110000.jpg",
        None,
        None,
        "方格市_papers/DSC_0001.jpg",
    ]
    assert papers[0].longitude == pytest.approx(124.085) and papers[1].longitude is None
    assert not [m for m in run.messages if "Traceback" in m], run.messages
