"""Build the plugin's zip file, `build/restoration_planner-VERSION.zip`, in the layout QGIS installs, and try it.

./dev package [FOLDER]
"""

from __future__ import annotations

import argparse
import configparser
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "restoration_planner"
FILES = ("metadata.txt", "__init__.py", "__main__.py", "LICENSE", "README.md")
ROOMS = ("core", "layers", "figures", "ui", "plugin", "i18n")
LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache"}
#: Pure Python libraries that go into the zip: distribution → its package or its one module (versions:
#: tools/dev/requirements-bundled.txt).  pypdf asks for typing_extensions before Python 3.11.
BUNDLED = {
    "XlsxWriter": "xlsxwriter",
    "odfpy": "odf",
    "defusedxml": "defusedxml",
    "pypdf": "pypdf",
    "typing_extensions": "typing_extensions",
}
LICENCE_FILE = re.compile(r"(^|[-/])(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)
REQUIRED_METADATA = ("name", "version", "qgisMinimumVersion", "description", "about", "author", "icon")


def read_metadata(path: Path) -> dict[str, str]:
    """The [general] section of a metadata.txt, keys as written; ValueError where QGIS would refuse it."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys such as name[zh] keep their case
    parser.read_string(path.read_text(encoding="utf-8"))
    general = dict(parser["general"])
    lacking = [key for key in REQUIRED_METADATA if not general.get(key)]
    if lacking:
        raise ValueError(f"metadata.txt lacks {', '.join(lacking)}")
    if not (path.parent / general["icon"]).is_file():
        raise ValueError(f"metadata.txt names an icon that is not there: {general['icon']}")
    return general


def packaged_files(root: Path = ROOT) -> Iterator[Path]:
    """What belongs into the plugin folder, in a fixed order: no tests, tools or settings of a developer's."""
    yield from (root / name for name in FILES if (root / name).is_file())
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and not LEFT_OUT.intersection(path.parts):
                yield path


def bundled_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of the bundled libraries' files, below `bundled`; their imports of themselves follow them there.

    Each keeps its licence; where a distribution brings no file of it, its metadata says which it is.
    """
    yield "__init__.py", b""
    for distribution, package in BUNDLED.items():
        found = importlib.metadata.distribution(distribution)
        licences = [file for file in found.files or () if LICENCE_FILE.search(file.as_posix())]
        licences = licences or [file for file in found.files or () if file.name in ("METADATA", "PKG-INFO")]
        module = f"{package}.py" in {file.as_posix() for file in found.files or ()}
        for file in licences:
            place = f"{package}.{file.name}" if module else f"{package}/{file.name}"
            yield place, Path(str(file.locate())).read_bytes()
        for file in sorted(found.files or (), key=str):
            if file.suffix == ".py" and (file.parts[0] == package or file.as_posix() == f"{package}.py"):
                source = Path(str(file.locate())).read_text(encoding="utf-8")
                yield file.as_posix(), with_bundled_imports(source).encode("utf-8")


def with_bundled_imports(source: str) -> str:
    """A module's source with the bundled packages under their new names.

    >>> with_bundled_imports("from odf.table import Table")
    'from restoration_planner.bundled.odf.table import Table'
    """
    names = "|".join(BUNDLED.values())
    source = re.sub(rf"^([ \t]*)from ({names})(?=[. ])", rf"\1from {NAME}.bundled.\2", source, flags=re.MULTILINE)
    source = re.sub(
        rf"^([ \t]*)import ({names})\.(\w+) as", rf"\1import {NAME}.bundled.\2.\3 as", source, flags=re.MULTILINE
    )
    # `import odf.element` binds odf
    plain = rf"^([ \t]*)import ({names})((?:\.\w+)*)[ \t]*$"
    return re.sub(plain, rf"\1import {NAME}.bundled.\2\3; from {NAME}.bundled import \2", source, flags=re.MULTILINE)


def build_package(folder: Path) -> Path:
    """Write the zip file into a folder and return its path; an earlier one is replaced only by a whole one."""
    metadata = read_metadata(ROOT / "metadata.txt")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{NAME}-{metadata['version']}.zip"
    unfinished = target.with_suffix(f".{os.getpid()}.unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
        for path in packaged_files():
            package.write(path, f"{NAME}/{path.relative_to(ROOT).as_posix()}")
        for name, content in bundled_files():
            package.writestr(f"{NAME}/bundled/{name}", content)
    unfinished.replace(target)
    return target


def try_package(package: Path) -> None:
    """Unpack a plugin zip and import it from there, apart from the checkout, as QGIS and the command line do."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        read_metadata(Path(folder) / NAME / "metadata.txt")
        program = (
            f"import {NAME}, {NAME}.core.texts, pathlib; "
            f"from {NAME}.core.libraries import library; "
            f"names = 'xlsxwriter.workbook', 'odf.opendocument', 'odf.table', 'odf.style'; "
            f"modules = [library(m) for m in names]; "
            f"assert not {{'xlsxwriter', 'odf', 'defusedxml'}} & set(__import__('sys').modules); "
            f"modules.append(library('pypdf')); "  # Pillow, which pypdf takes where it is, has defusedxml of its own
            f"import {NAME}.bundled.typing_extensions as older; older.Self, older.TypeAlias, older.TypeGuard; "
            f"assert all(m.__name__.startswith('{NAME}.bundled.') for m in modules), modules; "
            f"assert 'pypdf' not in __import__('sys').modules; "
            f"assert callable({NAME}.classFactory); "
            f"assert pathlib.Path({NAME}.__file__).is_relative_to(pathlib.Path({folder!r}).resolve()), {NAME}.__file__"
        )
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, "-c", program], check=True, cwd=folder, env=environment)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the plugin's zip file.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    try:
        package = build_package(arguments.folder)
    except ValueError as error:
        print(f"package: {error}", file=sys.stderr)
        return 2
    try_package(package)
    with zipfile.ZipFile(package) as archive:
        print(f"{package}  {len(archive.namelist())} files, {package.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
