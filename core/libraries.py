"""Pure Python libraries that write what others read: bundled with the packaged plugin, in a checkout the environment's."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import PlannerError

#: Module → what it is called, and the format it is needed for.
LIBRARIES = {"xlsxwriter": ("XlsxWriter", "xlsx"), "odf": ("odfpy", "odt"), "pypdf": ("pypdf", "")}
#: Where `tools/package.py` puts them, seen from here.
_BUNDLED = "..bundled"


def library(module: str) -> ModuleType:
    """A module of one of the libraries.

    Parameters
    ----------
    module
        ``xlsxwriter``, ``odf.table``, ``pypdf`` …

    Raises
    ------
    PlannerError
        If it is not there; the sentence names it and says what to do.
    """
    try:
        return importlib.import_module(f"{_BUNDLED}.{module}", __package__)
    except ModuleNotFoundError:
        pass
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name, format_name = LIBRARIES[module.partition(".")[0]]
        if not format_name:
            raise PlannerError("figures_export.no_library", library=name) from error
        raise PlannerError("tables.no_library", library=name, format=format_name) from error
