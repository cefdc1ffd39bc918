"""The zip file holds the plugin, all of it and nothing else, and QGIS's plugin manager can read it."""

from __future__ import annotations

import configparser
import os
import shutil
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
    assert second <= {"core", "layers", "figures", "ui", "plugin", "i18n", "bundled"} | {
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


def test_bundled_libraries_work_from_the_zip_alone_and_keep_their_licences(
    package: zipfile.ZipFile, tmp_path: Path
) -> None:
    package.extractall(tmp_path)
    bundled = tmp_path / "restoration_planner" / "bundled"
    assert "Copyright" in (bundled / "xlsxwriter" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in (bundled / "defusedxml" / "LICENSE").read_text(encoding="utf-8")
    assert "GNU General Public License" in (bundled / "odf" / "METADATA").read_text(encoding="utf-8")
    assert "Redistribution" in (bundled / "pypdf" / "LICENSE").read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE" in (bundled / "typing_extensions.LICENSE").read_text(encoding="utf-8")
    program = """
import sys
for name in ("xlsxwriter", "odf", "defusedxml", "pypdf", "typing_extensions"):
    sys.modules[name] = None  # the environment's own cannot be imported
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.tables.as_odt import to_odt
from restoration_planner.core.tables.as_xlsx import to_xlsx
from restoration_planner.core.tables.contents import appendix_of
(first, *_) = appendix_of(plan_from_template("benxi")).files
assert to_xlsx(first)[:2] == to_odt(first)[:2] == b"PK"
import restoration_planner.bundled.typing_extensions as older
assert older.Self and older.TypeAlias and older.TypeGuard
from restoration_planner.core.libraries import library
assert library("pypdf").PdfWriter().add_blank_page(10, 10)
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=tmp_path)


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


@pytest.mark.parametrize("version", ["3.9", "3.10"])
def test_the_bundled_pypdf_works_with_an_older_python(package: zipfile.ZipFile, tmp_path: Path, version: str) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"Python {version} is not installed")
    package.extractall(tmp_path)
    program = """
import io, sys
sys.modules["typing_extensions"] = None  # as on a system that lacks it
from restoration_planner.core.libraries import library
pypdf, written = library("pypdf"), io.BytesIO()
writer = pypdf.PdfWriter()
writer.add_blank_page(100, 100)
writer.add_outline_item("图8", 0)
writer.write(written)
assert pypdf.PdfReader(written).outline[0].title == "图8"
"""
    environment = {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    subprocess.run([python, "-c", program], check=True, env=environment, cwd=tmp_path)
