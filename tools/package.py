"""Build the plugin's zip file, `build/restoration_planner-VERSION.zip`, in the layout QGIS installs, and try it.

    ./dev package [FOLDER]
"""

from __future__ import annotations

import argparse
import configparser
import os
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


def build_package(folder: Path) -> Path:
    """Write the zip file into a folder and return its path; an earlier one is replaced only by a whole one."""
    metadata = read_metadata(ROOT / "metadata.txt")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{NAME}-{metadata['version']}.zip"
    unfinished = target.with_suffix(f".{os.getpid()}.unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
        for path in packaged_files():
            package.write(path, f"{NAME}/{path.relative_to(ROOT).as_posix()}")
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
