"""PROJ is used in one thread that Python made and that lives as long as the process.

pyproj keeps a PROJ context for every thread of the operating system.  From 3.7.0 on it is freed with
the thread's Python state but remembered by the thread, and the next use of it crashes the process
(pyproj issue 1509).  QGIS's task threads are such: pooled by Qt, given a Python state anew for every task.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, TypeVar, cast

_NAME = "restoration-planner-proj"
_POOL = ThreadPoolExecutor(1, thread_name_prefix=_NAME)

Function = TypeVar("Function", bound=Callable[..., Any])


def in_proj_thread(function: Function) -> Function:
    """Have a function that uses pyproj run in PROJ's thread, whichever thread calls it; the caller waits."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if threading.current_thread().name.startswith(_NAME):
            return function(*args, **kwargs)
        return _POOL.submit(function, *args, **kwargs).result()

    return cast(Function, run)
