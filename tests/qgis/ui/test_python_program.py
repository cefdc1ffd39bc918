"""Which program runs Python as QGIS does, on each system."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from restoration_planner.plugin.figures.python_program import arguments_for, python_program


def made(root: Path, *files: str) -> Path:
    for file in files:
        place = root / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return root


def test_windows_python_is_found_in_osgeo4w(tmp_path: Path) -> None:
    root = made(
        tmp_path, "bin/qgis-bin.exe", "bin/python3.exe", "apps/Python39/python.exe", "apps/Python312/python3.exe"
    )
    qgis, home = str(root / "bin/qgis-bin.exe"), str(root / "apps/Python39")
    assert python_program("win32", qgis, home, (3, 9)) == root / "apps/Python39/python.exe"
    # what Python calls its own program is QGIS's where it is embedded, and is never run
    (root / "apps/Python39/python.exe").unlink()
    assert python_program("win32", qgis, home, (3, 9)) == root / "bin/python3.exe"
    assert python_program("win32", qgis, str(root), (3, 12)) == root / "apps/Python312/python3.exe"


def test_windows_python_of_another_version_is_not_taken(tmp_path: Path) -> None:
    root = made(tmp_path, "bin/qgis-bin.exe", "apps/Python312/python3.exe")
    assert python_program("win32", str(root / "bin/qgis-bin.exe"), str(root / "apps/Python39"), (3, 9)) is None


def test_python_of_a_macos_bundle_is_found(tmp_path: Path) -> None:
    root = made(tmp_path / "QGIS.app/Contents/MacOS", "QGIS", "bin/python3")
    assert python_program("darwin", str(root / "QGIS"), str(tmp_path / "nowhere"), (3, 9)) == root / "bin/python3"


def test_elsewhere_python_is_its_own_program(tmp_path: Path) -> None:
    root = made(tmp_path, "venv/bin/python", "usr/bin/qgis", "usr/bin/python3", "usr/bin/python3.11")
    own = root / "venv/bin/python"
    assert python_program("linux", str(own), str(root / "usr"), (3, 11)) == own
    assert (
        python_program("linux", str(root / "usr/bin/qgis"), str(root / "usr"), (3, 11)) == root / "usr/bin/python3.11"
    )
    assert python_program("linux", "", str(root / "nowhere"), (3, 11)) is None
    assert python_program() is not None


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_module_is_run_with_its_file_on_every_system(tmp_path: Path, platform: str) -> None:
    file = tmp_path / "附图 1.json"
    file.write_text('{"a": 1}', encoding="utf-8")
    program = python_program()
    assert program is not None
    told = subprocess.run(
        [str(program), *arguments_for("json.tool", file, platform)], capture_output=True, check=True, text=True
    )
    assert json.loads(told.stdout) == {"a": 1}
