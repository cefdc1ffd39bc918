"""Values on their way between a file and the plan's arrays: every field gets the type the schema says."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from ..plan.schema import PLAN_EPSG, Field, Table
from ..plan.tables import Array, Rows, clean, object_array
from .vector import LayerToWrite

_SURROGATE = re.compile("[\udc80-\udcff]")


def as_column(field: Field, values: Sequence[object]) -> Array:
    """A field's values as the schema types them; empty text and NaN are null."""
    convert = {"text": _text, "integer": _integer, "real": _real, "boolean": _boolean}[field.type]
    known: dict[object, object] = {}
    column = []
    for value in values:
        if value.__class__ is str:  # most values, and most of them stand in many rows
            if value not in known:
                known[value] = None if clean(value) is None else convert(value)
            column.append(known[value])
        else:
            column.append(None if value is None else convert(value))
    return object_array(column)


def as_layer(rows: Rows, table: Table) -> LayerToWrite:
    """A table's rows as a layer for a new file: every field of the schema, geometry where the table has one."""
    count = len(rows)
    geometry = None
    if table.geometry is not None:
        geometry = np.full(count, None, dtype=object) if rows.geometry is None else rows.geometry
    return LayerToWrite(
        table.name,
        table.geometry,
        PLAN_EPSG if table.geometry is not None else None,
        {f.name: f.type for f in table.fields},
        {f.name: as_column(f, rows[f.name].tolist()).tolist() for f in table.fields if f.name in rows.columns},
        geometry,
        count,
    )


def decoded(value: object) -> object:
    """A value as it is; as text where it is one that is not UTF-8 and came as bytes or with surrogates for them."""
    if isinstance(value, bytes):  # so fiona gives it
        return _decoded(value)
    if isinstance(value, str) and not value.isascii() and _SURROGATE.search(value):  # so GDAL does, and SQLite to us
        return _decoded(value.encode("utf-8", errors="surrogateescape"))
    return value


def _text(value: object) -> str:
    value = decoded(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _decoded(value: bytes) -> str:
    """Text that another program stored in its own encoding: in China that is GB 18030."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("utf-8", errors="replace")


def _integer(value: object) -> int | None:
    number = _real(value)
    return None if number is None else round(number) if not isinstance(value, int) else int(value)


def _real(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def _boolean(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in ("true", "yes", "是") if not is_number(value) else float(value) != 0
    return bool(value)


def is_number(value: str) -> bool:
    """Whether a text reads as a number."""
    try:
        float(value)
    except ValueError:
        return False
    return True
