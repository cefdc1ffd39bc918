"""Pictures that figures are held against: drawn with one typeface that every supported system has, kept for each QGIS."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "references"
#: Where Debian keeps the fonts of tools/dev/packages-base.txt.
CHINESE = Path("/usr/share/fonts/truetype/wqy")
LATIN = Path("/usr/share/fonts/truetype/dejavu")


def kept_for(version: str) -> Path:
    """The pictures for a QGIS, by its version as ``3.22.16-Białowieża``: the second number tells them apart."""
    found = re.match(r"\d+\.\d+", version)
    assert found is not None, version
    return FOLDER / f"qgis-{found[0]}"


def only_fonts(folder: Path, *fonts: Path) -> dict[str, str]:
    """The surroundings of a process that sees no fonts but those in some folders."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "fonts.conf"
    seen = "".join(f"<dir>{font}</dir>" for font in fonts)
    file.write_text(
        f'<?xml version="1.0"?><fontconfig>{seen}<cachedir>{folder / "cache"}</cachedir></fontconfig>', encoding="utf-8"
    )
    return {**os.environ, "FONTCONFIG_FILE": str(file), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}


def draw(folder: Path) -> list[Path]:
    """Draw the figures into a folder, in a process of its own; the pictures in order."""
    shutil.rmtree(folder, ignore_errors=True)
    surroundings = only_fonts(folder / "fonts", CHINESE, LATIN)
    command = [sys.executable, str(HERE / "draw_pages.py"), str(folder)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return sorted(folder.glob("[0-9][0-9].png"))
