"""Importing what the engine is built on, in the one way that works inside QGIS, when it is first needed."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from ..core.errors import PlannerError

#: Module → oldest version that will do.
NEEDED: dict[str, tuple[int, ...]] = {"numpy": (1, 20), "yaml": (5,), "shapely": (2, 0), "pyproj": (3, 0)}
#: Where the package is called otherwise than its module.
PACKAGES = {"yaml": "PyYAML"}

_ready = False


def import_engine() -> None:
    """Import the engine's modules once.

    Raises
    ------
    PlannerError
        If one is missing or too old; the sentence names it, `requirements` says how to get it.
    """
    global _ready
    if _ready:
        return
    missing = missing_modules()
    if missing:
        raise PlannerError("shell.missing_modules", modules=missing)
    _ready = True


def missing_modules() -> list[str]:
    """What is missing or too old, as ``shapely ≥ 2.0``; everything that is there is imported."""
    missing = []
    for name, oldest in NEEDED.items():
        try:
            with own_symbols_first():
                module = importlib.import_module(name)
        except (ImportError, OSError):
            # OSError: a compiled module that finds no library of its own
            module = None
        if module is None or _version(name, module) < oldest:
            missing.append(f"{PACKAGES.get(name, name)} ≥ {'.'.join(map(str, oldest))}")
    return missing


@contextmanager
def own_symbols_first() -> Iterator[None]:
    """Let compiled modules bind to the libraries they bring, not to those that QGIS has loaded.

    A wheel of shapely ≥ 2.1 that binds to Debian 12's GEOS 3.11 inside QGIS breaks or crashes.  Only
    Linux resolves symbols in that way.
    """
    deep_bind = getattr(os, "RTLD_DEEPBIND", 0)
    if not deep_bind:
        yield
        return
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | deep_bind)
    try:
        yield
    finally:
        sys.setdlopenflags(flags)


def _version(name: str, module: ModuleType) -> tuple[int, ...]:
    """The version's leading numbers; a build that does not know its own counts as new enough."""
    written = str(getattr(module, "__version__", ""))
    if not written[:1].isdigit() or written.startswith("0+"):
        try:
            written = version(PACKAGES.get(name, name))
        except PackageNotFoundError:
            return NEEDED[name]
    numbers = []
    for part in written.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers) or NEEDED[name]
