"""QGIS Desktop starts with the plugin, which shows itself in the reader's language and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

STARTS = """
import gc
import qgis.utils
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolBar

def widgets():
    window = iface.mainWindow()
    found = {}
    for kind in (QAction, QDockWidget, QToolBar):
        for widget in window.findChildren(kind):
            found.setdefault(kind.__name__, []).append(widget.objectName())
    return {kind: sorted(names) for kind, names in found.items()}

def ours(names):
    return [name for name in names if "restoration" in name.lower()]

def providers():
    return sorted(provider.id() for provider in QgsApplication.processingRegistry().providers())

verdict["loaded"] = "restoration_planner" in qgis.utils.plugins
verdict["file"] = qgis.utils.plugins["restoration_planner"].__class__.__module__
verdict["with"] = {kind: ours(names) for kind, names in widgets().items()}
verdict["words"] = [
    action.text() for action in iface.mainWindow().findChildren(QAction) if ours([action.objectName()]) and action.text()
]
verdict["provider"] = "restoration" in providers()
screenshot("started")

# Off, on and off again, as the plugin manager does it: what is left after each is the same, and nothing of ours
left = []
for _ in range(2):
    assert qgis.utils.unloadPlugin("restoration_planner")
    plugin = None
    pause(0.3)
    gc.collect()
    left.append(widgets())
    verdict.setdefault("providers_left", []).append("restoration" in providers())
    assert qgis.utils.loadPlugin("restoration_planner") and qgis.utils.startPlugin("restoration_planner")
    pause(0.3)
verdict["again"] = {kind: ours(names) for kind, names in widgets().items()}
verdict["left"] = [{kind: ours(names) for kind, names in found.items()} for found in left]
verdict["grew"] = left[0] != left[1]
"""

CHINESE = range(0x4E00, 0xA000)


def has_chinese(text: str) -> bool:
    return any(ord(character) in CHINESE for character in text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_starts_in_the_users_language_and_leaves_nothing_behind(run_in_desktop: Any, lang: str) -> None:
    run = run_in_desktop(STARTS, lang=lang, name="starts")
    verdict = run.verdict
    assert verdict["loaded"]
    assert verdict["provider"]
    assert verdict["with"]["QAction"], "the plugin shows no action in the window"
    assert verdict["words"]
    assert all(has_chinese(words) == (lang == "zh") for words in verdict["words"]), verdict["words"]
    assert not any(names for found in verdict["left"] for names in found.values()), verdict["left"]
    assert not verdict["grew"]
    assert not any(verdict["providers_left"])
    assert verdict["again"] == verdict["with"]
    assert not [message for message in run.messages if "restoration" in message.lower()], run.messages
    assert (run.pictures / "started-window.png").stat().st_size > 10_000
