"""The icons: one family, listed, drawn, and readable on light and dark."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.ui.icons import FOLDER, icon

ICONS = sorted(FOLDER.glob("*.svg"))
BACKGROUNDS = {"light": "#f0f0f0", "dark": "#323232"}
LEAST_CONTRAST = 3.0  # what WCAG 2.1 asks of graphics


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_list_of_resources_names_every_icon(repository: Path) -> None:
    listed = ElementTree.parse(repository / "resources.qrc").getroot().iter("file")
    assert [entry.text for entry in listed] == [f"ui/icons/{path.name}" for path in ICONS]


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_drawn_on_a_grid_of_24_and_not_empty(path: Path, qgis_app: Any) -> None:
    assert ElementTree.parse(path).getroot().get("viewBox") == "0 0 24 24"
    picture = icon(path.stem).pixmap(48, 48).toImage()
    assert not picture.isNull()
    inked = sum(picture.pixelColor(x, y).alpha() > 128 for x in range(48) for y in range(48))
    assert inked > 48 * 48 * 0.05


@pytest.mark.parametrize("path", [p for p in ICONS if p.stem != "plugin"], ids=lambda path: path.stem)
def test_every_line_stands_out_on_light_and_dark(path: Path) -> None:
    colours = set(re.findall(r'stroke="(#[0-9a-f]{6})"', path.read_text(encoding="utf-8")))
    assert colours
    for colour in colours:
        for name, background in BACKGROUNDS.items():
            assert contrast(colour, background) >= LEAST_CONTRAST, (colour, name)
