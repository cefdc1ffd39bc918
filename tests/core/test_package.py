"""The zip file holds the plugin, all of it and nothing else, and QGIS's plugin manager can read it."""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def package(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("package")
    subprocess.run([sys.executable, str(repository / "tools" / "package.py"), str(folder)], check=True)
    (file,) = folder.iterdir()
    return zipfile.ZipFile(file)


def test_everything_lies_in_one_folder_named_like_the_plugin(package: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in package.namelist()} == {"restoration_planner"}


def test_nothing_of_the_developers_is_shipped(package: zipfile.ZipFile) -> None:
    second = {name.split("/")[1] for name in package.namelist()}
    assert second <= {"core", "layers", "figures", "ui", "plugin", "i18n"} | {
        "metadata.txt", "__init__.py", "__main__.py", "LICENSE", "README.md"
    }  # fmt: skip
    assert not [name for name in package.namelist() if name.endswith((".pyc", ".gpkg")) or "/test" in name]


def test_every_committed_file_of_the_rooms_is_shipped(package: zipfile.ZipFile, repository: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "core", "layers", "figures", "ui", "plugin", "i18n"],
        cwd=repository,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    committed = {f"restoration_planner/{name}" for name in listed.stdout.splitlines() if (repository / name).exists()}
    assert committed <= set(package.namelist())


def test_metadata_says_what_qgis_needs_to_know(package: zipfile.ZipFile) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(package.read("restoration_planner/metadata.txt").decode("utf-8"))
    general = parser["general"]
    assert general["qgisMinimumVersion"] == "3.22"
    assert general["hasProcessingProvider"] == "yes"
    assert general["supportsQt6"] == "True"
    assert f"restoration_planner/{general['icon']}" in package.namelist()
    for key in ("name", "description", "about"):
        assert general[key].isascii()
        assert not general[f"{key}[zh]"].isascii()
