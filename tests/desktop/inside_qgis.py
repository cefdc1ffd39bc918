"""Runs inside the real QGIS Desktop (`qgis --code`): plays a test's script, reports, leaves by the menu.

The script is plain Python and finds these names:

    iface, plugin        QGIS's interface; the started plugin or None
    verdict              a dictionary for the test, must be fit for JSON
    wait_until(condition, seconds=20, what="…")    keeps the window alive until a condition holds
    pause(seconds)       keeps the window alive that long
    screenshot(name)     the main window as NAME-window.png and the whole screen as NAME-screen.png
    answer_next_dialog(function)    calls function(dialog) once the next modal dialog stands open
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qgis.utils
from qgis.core import Qgis, QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QLabel, QWidget

JOB = json.loads(Path(os.environ["DESKTOP_TEST_JOB"]).read_text(encoding="utf-8"))
WIDTH, HEIGHT = JOB["size"]
iface = qgis.utils.iface
verdict: dict[str, Any] = {}
report: dict[str, Any] = {"verdict": verdict, "error": None, "unhandled": [], "messages": []}
begun = False
left = False


def save_report() -> None:
    Path(JOB["report"]).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def remember_unhandled(kind: type[BaseException], value: BaseException, trace: Any) -> None:
    report["unhandled"].append("".join(traceback.format_exception(kind, value, trace)))


def remember_message(text: str, tag: str, level: int) -> None:
    if level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical):
        report["messages"].append(f"{tag}: {text}")


def pause(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    (getattr(loop, "exec", None) or loop.exec_)()


def wait_until(condition: Callable[[], object], seconds: float = 20, what: str = "a condition") -> Any:
    """What the condition returned once it was true; AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        pause(0.02)


def screenshot(name: str) -> None:
    folder = Path(JOB["pictures"])
    window = iface.mainWindow()
    # Twice: what a grab makes a widget lay out is painted by the next
    for _ in range(2):
        QApplication.processEvents()
        picture = window.grab()
    assert picture.save(str(folder / f"{name}-window.png"))
    assert QGuiApplication.primaryScreen().grabWindow(0).save(str(folder / f"{name}-screen.png"))


def answer_next_dialog(function: Callable[[QWidget], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            function(dialog)
        elif time.monotonic() < end:
            QTimer.singleShot(50, look)
        else:
            report["unhandled"].append(f"no dialog appeared within {seconds} s")

    QTimer.singleShot(50, look)


def give_up() -> None:
    """Called when the script, or leaving after it, has taken too long: say what was on the screen."""
    dialog = QApplication.activeModalWidget()
    words = [dialog.windowTitle(), *(label.text() for label in dialog.findChildren(QLabel))] if dialog else []
    late = "QGIS did not close after the script" if left else "the script did not end in time"
    report["error"] = report["error"] or (f"{late}; a dialog stood open: {words}" if dialog else late)
    try:
        screenshot("stuck")
    finally:
        save_report()
        os._exit(3)


def play() -> None:
    global begun
    if begun:
        return
    begun = True
    Path(JOB["begun"]).touch()
    window = iface.mainWindow()
    window.showNormal()
    window.setGeometry(0, 0, WIDTH, HEIGHT)
    pause(0.2)
    names = {
        "iface": iface,
        "plugin": qgis.utils.plugins.get("restoration_planner"),
        "verdict": verdict,
        "pause": pause,
        "wait_until": wait_until,
        "screenshot": screenshot,
        "answer_next_dialog": answer_next_dialog,
    }
    try:
        exec(compile(JOB["script"], JOB["name"], "exec"), names)  # noqa: S102  # the test's own script
    except BaseException:  # noqa: BLE001  # whatever it was belongs into the report
        report["error"] = traceback.format_exc()
    try:
        screenshot("end")
    except BaseException:  # noqa: BLE001
        report["error"] = report["error"] or traceback.format_exc()
    save_report()
    # A dialog that the script left open, or that an error in unloading opens, must not hold up the other tests
    QTimer.singleShot(5000 if report["error"] else 20000, give_up)
    leave()


def leave() -> None:
    """Close QGIS by its own menu, so that unloading and shutting down are tested too."""
    global left
    left = True
    for layer in QgsProject.instance().mapLayers().values():
        if getattr(layer, "isEditable", bool)():
            layer.rollBack()
    QgsSettings().setValue("app/askToSaveMemoryLayers", False)
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


sys.excepthook = remember_unhandled
QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel].connect(remember_message)
QTimer.singleShot(int(JOB["give_up_after"] * 1000), give_up)
# Not at once: before its event loop runs, QGIS cannot be told to leave. The second is for where the signal came before.
iface.initializationCompleted.connect(lambda: QTimer.singleShot(0, play))
QTimer.singleShot(3000, play)
