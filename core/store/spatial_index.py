"""A spatial index filled at once: the nodes of SQLite's R*Tree packed with sorted boxes.

Row by row SQLite takes longer for the index than for the rows.  GDAL fills a new layer's index in the same
way.  Source of the format: "Database Format of R-Tree Tables" in SQLite's ext/rtree/rtree.c; of the packing:
Leutenegger, Lopez and Edgington, STR: A simple and efficient algorithm for R-tree packing (1997).
"""

from __future__ import annotations

import sqlite3

import numpy as np

from ..plan.tables import Array
from .geopackage import quoted

#: A cell is a 64-bit number and four 32-bit coordinates, all big-endian, behind four bytes of a node's head.
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_HEAD = 4
#: How full nodes are made, so that the next rows find room.
_FILL = 0.85
_ROOT = 1


def fill_index(plan: sqlite3.Connection, index: str, keys: list[int], bounds: Array) -> None:
    """Enter boxes into a spatial index.

    Parameters
    ----------
    index
        Name of the R*Tree, as ``rtree_land_use_geom``.
    keys
        Keys of the rows.
    bounds
        ``(n, 4)`` west, south, east, north; not finite where there is no geometry, and then not entered.
    """
    there = np.isfinite(bounds).all(axis=1)
    ids, boxes = np.array(keys, np.int64)[there], bounds[there][:, [0, 2, 1, 3]]
    root = plan.execute(f"SELECT data FROM {quoted(index + '_node')} WHERE nodeno = {_ROOT}").fetchone()  # noqa: S608
    (nodes_there,) = plan.execute(f"SELECT count(*) FROM {quoted(index + '_node')}").fetchone()  # noqa: S608
    (held,) = plan.execute(f"SELECT count(*) FROM {quoted(index + '_rowid')}").fetchone()  # noqa: S608
    if held or root is None or nodes_there != 1:
        entries = zip(ids.tolist(), *boxes.T.tolist())
        plan.executemany(f"INSERT OR REPLACE INTO {quoted(index)} VALUES (?, ?, ?, ?, ?)", entries)  # noqa: S608
        return
    size = len(root[0])
    nodes, leaf_of, parent_of, depth = _packed(ids, _rounded(boxes), (size - _HEAD) // _CELL.itemsize)
    blobs = ((number, _node(cells, size, depth if number == _ROOT else 0)) for number, cells in nodes.items())
    plan.executemany(f"INSERT OR REPLACE INTO {quoted(index + '_node')} VALUES (?, ?)", blobs)  # noqa: S608
    pairs = zip(ids.tolist(), leaf_of.tolist())
    plan.executemany(f"INSERT INTO {quoted(index + '_rowid')} (rowid, nodeno) VALUES (?, ?)", pairs)  # noqa: S608
    plan.executemany(
        f"INSERT INTO {quoted(index + '_parent')} (nodeno, parentnode) VALUES (?, ?)",  # noqa: S608
        parent_of.items(),
    )


def _packed(ids: Array, boxes: Array, capacity: int) -> tuple[dict[int, Array], Array, dict[int, int], int]:
    """Node number → cells, each box's leaf, node → its parent, and the tree's depth."""
    per_node = max(int(capacity * _FILL), 2)
    nodes: dict[int, Array] = {}
    parent_of: dict[int, int] = {}
    leaf_of = np.full(len(ids), _ROOT)
    depth, following = 0, _ROOT + 1
    cells = np.empty(len(ids), _CELL)
    cells["id"], cells["box"] = ids, boxes
    position = np.arange(len(ids))
    while len(cells) > capacity:
        groups = _groups(cells["box"], per_node)
        above = np.empty(len(groups), _CELL)
        for at, group in enumerate(groups):
            members = cells[group]
            nodes[following] = members
            if depth == 0:
                leaf_of[position[group]] = following
            else:
                parent_of.update(dict.fromkeys(members["id"].tolist(), following))
            low, high = members["box"].min(axis=0), members["box"].max(axis=0)
            above[at] = (following, (low[0], high[1], low[2], high[3]))
            following += 1
        cells, depth = above, depth + 1
    nodes[_ROOT] = cells
    if depth:
        parent_of.update(dict.fromkeys(cells["id"].tolist(), _ROOT))
    return nodes, leaf_of, parent_of, depth


def _groups(boxes: Array, size: int) -> list[Array]:
    """Positions of boxes that lie together, `size` at most in a group: cut into slices by x, these by y."""
    x, y = boxes[:, 0] + boxes[:, 1], boxes[:, 2] + boxes[:, 3]
    count = -(-len(boxes) // size)
    per_slice = size * -(-count // max(int(np.ceil(np.sqrt(count))), 1))
    by_x = np.argsort(x, kind="stable")
    groups = []
    for start in range(0, len(by_x), per_slice):
        part = by_x[start : start + per_slice]
        part = part[np.argsort(y[part], kind="stable")]
        groups += [part[at : at + size] for at in range(0, len(part), size)]
    return groups


def _node(cells: Array, size: int, depth: int) -> bytes:
    head = depth.to_bytes(2, "big") + len(cells).to_bytes(2, "big")
    return (head + cells.tobytes()).ljust(size, b"\0")


def _rounded(boxes: Array) -> Array:
    """West, east, south, north in 32 bits, never smaller than they are (as SQLite rounds them)."""
    single = boxes.astype(np.float32)
    down, up = single[:, [0, 2]], single[:, [1, 3]]
    lows = np.where(down > boxes[:, [0, 2]], np.nextafter(down, np.float32(-np.inf)), down)
    highs = np.where(up < boxes[:, [1, 3]], np.nextafter(up, np.float32(np.inf)), up)
    return np.column_stack([lows[:, 0], highs[:, 0], lows[:, 1], highs[:, 1]])
