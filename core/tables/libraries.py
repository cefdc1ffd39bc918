"""The libraries that write workbooks and text documents: pure Python, bundled with the packaged plugin."""

from __future__ import annotations

import importlib
from types import ModuleType

from ..errors import PlannerError

#: Module → what it is called, and the format it is needed for.
LIBRARIES = {"xlsxwriter": ("XlsxWriter", "xlsx"), "odf": ("odfpy", "odt")}
#: Where `tools/package.py` puts them, seen from here.
_BUNDLED = "...bundled"


def library(module: str) -> ModuleType:
    """A module of one of the libraries: the bundled one, in a checkout the environment's.

    Parameters
    ----------
    module
        ``xlsxwriter``, ``odf.table`` …

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
        raise PlannerError("tables.no_library", library=name, format=format_name) from error
