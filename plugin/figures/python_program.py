"""Which program runs Python as QGIS does: QGIS's own program is not one, except on Linux."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

_WITH_LIBRARIES = """
import os, runpy, sys
for folder in os.environ.get("PATH", "").split(os.pathsep):
    if os.path.isabs(folder) and os.path.isdir(folder) and hasattr(os, "add_dll_directory"):
        os.add_dll_directory(folder)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def python_program(
    platform: str = sys.platform,
    executable: str | None = None,
    prefix: str | None = None,
    version: tuple[int, int] = (sys.version_info.major, sys.version_info.minor),
) -> Path | None:
    """The interpreter that belongs to the Python inside QGIS, or None where there is none.

    Parameters
    ----------
    platform
        As `sys.platform`.
    executable
        What Python takes for its own program; by default `sys.executable`.
    prefix
        Where Python is installed; by default `sys.exec_prefix`.
    version
        Python's version; another one could not load QGIS's modules.

    Notes
    -----
    On Windows Python lives in ``apps\\Python39`` of the OSGeo4W tree and has its ``python3.exe`` in ``bin`` beside it or in
    its own folder; on macOS `sys.executable` is QGIS itself, and Python is in ``Contents/MacOS/bin``.
    """
    own = Path(executable if executable is not None else sys.executable or "")
    home = Path(prefix if prefix is not None else sys.exec_prefix)
    if platform == "win32":
        candidates = _on_windows(own, home, version)
    elif platform == "darwin":
        candidates = _on_macos(own, home, version)
    else:
        candidates = _elsewhere(own, home, version)
    return next((program for program in candidates if program.is_file()), None)


def arguments_for(module: str, file: Path, platform: str = sys.platform) -> list[str]:
    """What the interpreter is called with to run one of our modules with one file to read.

    On Windows a Python that is not inside QGIS looks for libraries nowhere but beside the modules that want them, and
    so does not find QGIS's; it is told to look where QGIS itself looks.
    """
    if platform == "win32":
        return ["-c", _WITH_LIBRARIES, module, str(file)]
    return ["-m", module, str(file)]


def _on_windows(own: Path, home: Path, version: tuple[int, int]) -> Iterator[Path]:
    names = ("python3.exe", "python.exe")
    if own.name.lower() in names:
        yield own
    for name in names:
        yield home / name
    # apps\Python39 below OSGeo4W's root, or the root itself where PYTHONHOME says so
    numbered = f"Python{version[0]}{version[1]}"
    for root in (home.parent.parent, home):
        for name in names:
            yield root / "apps" / numbered / name
        for name in names:
            yield root / "bin" / name


def _on_macos(own: Path, home: Path, version: tuple[int, int]) -> Iterator[Path]:
    numbered = f"python{version[0]}.{version[1]}"
    names = ("python3", numbered, "python")
    if own.name.startswith("python"):
        yield own
    for folder in (own.parent / "bin", home / "bin", own.parent):
        for name in names:
            yield folder / name


def _elsewhere(own: Path, home: Path, version: tuple[int, int]) -> Iterator[Path]:
    if own.name.startswith("python"):
        yield own
    for name in (f"python{version[0]}.{version[1]}", "python3"):
        yield home / "bin" / name
