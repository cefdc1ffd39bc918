"""Runs in QGIS before its plugins are loaded (PYQGIS_STARTUP): tells of a dialog that keeps QGIS from starting at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QLabel, QTextEdit, QWidget

JOB = json.loads(Path(os.environ["DESKTOP_TEST_JOB"]).read_text(encoding="utf-8"))


def words_of(dialog: QWidget) -> str:
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    texts += [edit.toPlainText() for edit in dialog.findChildren(QTextEdit)]
    return "\n".join([dialog.windowTitle(), *filter(None, texts)])


def look() -> None:
    dialog = QApplication.activeModalWidget()
    if Path(JOB["begun"]).exists():
        restoration_planner_watch.stop()
    elif dialog is not None:
        QGuiApplication.primaryScreen().grabWindow(0).save(str(Path(JOB["pictures"]) / "not-started-screen.png"))
        report = {"error": f"QGIS stopped at a dialog while starting:\n{words_of(dialog)}"}
        Path(JOB["report"]).write_text(json.dumps(report), encoding="utf-8")
        os._exit(3)


restoration_planner_watch = QTimer()
restoration_planner_watch.timeout.connect(look)
restoration_planner_watch.start(1000)
