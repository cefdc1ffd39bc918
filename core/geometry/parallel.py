"""Shapely functions over long arrays: on all cores, and stopping soon after a cancel."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import Cancelled

Array = npt.NDArray[Any]

#: Geometries computed between two looks at whether the user has cancelled.
_BATCH = 256
_THREADS = min(4, os.cpu_count() or 1)


def never() -> bool:
    """For callers that cannot be cancelled."""
    return False


def in_batches(
    function: Callable[..., Any], *arrays: Array, cancelled: Callable[[], bool] = never, dtype: Any = object
) -> Array:
    """A vectorised shapely function of one or more arrays of the same length.

    GEOS lets go of Python's lock while it computes.  Operands must not be prepared geometries:
    those are not safe across threads.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    if cancelled():
        raise Cancelled
    count = len(arrays[0])
    if count <= _BATCH:
        return np.asarray(function(*arrays), dtype=dtype).reshape(count)
    result = np.empty(count, dtype=dtype)

    def work(start: int) -> None:
        if not cancelled():
            part = slice(start, start + _BATCH)
            result[part] = function(*(a[part] for a in arrays))

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(work, range(0, count, _BATCH)))
    if cancelled():
        raise Cancelled
    return result
