"""Files of a delivery appear together or not at all: made in a folder beside the target, then moved."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import PlannerError
from ..store import vector
from ..store.geopackage import from_os_error, is_read_only, reading
from ..store.lasting import lasts_from_here
from ..store.opening import is_plan, refuse_what_is_no_database
from .formats import FILE_GDB, GEOPACKAGE, SHAPEFILE, Format

#: What belongs to a shapefile or lies beside it as its index: left over, it would belong to other data.
_SHAPEFILE_PARTS = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qix", ".sbn", ".sbx", ".fbn", ".fbx", ".ain", ".aih",
    ".atx", ".ixs", ".mxs", ".idm", ".ind", ".cst", ".shp.xml",
)  # fmt: skip
_BESIDE_A_DATABASE = ("", "-journal", "-wal", "-shm")


@contextmanager
def made_together(
    targets: Sequence[Path], kind: Format, force: bool, append: str | None = None
) -> Iterator[list[Path]]:
    """Names to write the targets to; on leaving they take their places, or all vanish after an error.

    Parameters
    ----------
    targets
        Files in one folder, of one format.
    force
        Whether what stands in their places goes; it is put back where the new files cannot take them.
    append
        Name of the layer that joins those of a GeoPackage or file geodatabase: the names yielded are then
        copies of what stands, and `force` allows only that this one layer is replaced.

    Raises
    ------
    PlannerError
        If a target exists and `force` is not given, is a plan, or cannot be written.
    """
    refuse_targets(targets, kind, force, append)
    folder = targets[0].absolute().parent
    beside = folder / f".{targets[0].stem}.{uuid.uuid4().hex[:8]}"
    old = beside / "replaced"
    try:
        try:
            old.mkdir(parents=True)
            if append is not None:
                for target in targets:
                    _copy(target, beside / target.name, kind)
            yield [beside / target.name for target in targets]
            made = [path for path in sorted(beside.iterdir()) if path != old]
            for path in made:
                _to_disk(path)
            for target in targets:
                _refuse(target, kind, force, append)  # also what came meanwhile
            lasts_from_here()
            _move([p for t in targets for p in _standing(t, kind)], made, folder, old)
        except OSError as error:
            raise from_os_error(error, targets[0]) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_targets(targets: Sequence[Path], kind: Format, force: bool, append: str | None = None) -> None:
    """Refuse targets that cannot be written, before anything is said or done; as `made_together` does."""
    if append is not None and kind not in (GEOPACKAGE, FILE_GDB):
        raise PlannerError("delivery.one_layer_only", format=kind.caption)
    folder = targets[0].absolute().parent
    if not folder.is_dir():
        raise PlannerError("store.no_such_folder", folder=folder)
    if is_read_only(folder):
        raise PlannerError("store.no_permission", path=folder)
    for target in targets:
        _refuse(target, kind, force, append)


def _refuse(target: Path, kind: Format, force: bool, append: str | None) -> None:
    standing = _standing(target, kind)
    if not standing:
        return
    if not force and append is None:
        several = kind in (GEOPACKAGE, FILE_GDB)
        names = [path.name for path in standing]
        name = target.name if target.name in names else names[0]
        raise PlannerError("delivery.exists_append" if several else "store.exists", path=name)
    if (target.is_dir() or kind is FILE_GDB) and not _is_file_gdb(target, kind):
        raise PlannerError("delivery.other_folder", path=target.name)
    if kind is GEOPACKAGE and _holds_plan(target):
        raise PlannerError("delivery.target_is_plan", path=target.name)
    for path in standing:
        if is_read_only(path):
            raise PlannerError("store.read_only", path=path.name)
    if append is not None:
        if len(standing) > 1:  # a log or journal: what another program writes now would be lost
            raise PlannerError("delivery.in_use", path=target.name)
        names = [info.name for info in vector.list_layers(target)]
        if not force and append.casefold() in (name.casefold() for name in names):
            raise PlannerError("delivery.layer_exists", path=target.name, layer=append, layers=names)


def _copy(target: Path, copy: Path, kind: Format) -> None:
    """A database as it stands, read through SQLite: another program may have it open."""
    if not _standing(target, kind):
        return
    if kind is FILE_GDB:
        shutil.copytree(target, copy)
        return
    with reading(target) as connection, closing(sqlite3.connect(copy)) as made:
        connection.backup(made)


def _standing(target: Path, kind: Format) -> list[Path]:
    """What stands in a target's place."""
    if kind is SHAPEFILE:
        names = {f"{target.stem}{ending}".lower() for ending in _SHAPEFILE_PARTS}
        return sorted(p for p in target.absolute().parent.iterdir() if p.name.lower() in names)
    endings = _BESIDE_A_DATABASE if kind is GEOPACKAGE else ("",)
    found = [target.absolute().with_name(target.name + ending) for ending in endings]
    return [path for path in found if path.exists() or path.is_symlink()]


def _is_file_gdb(target: Path, kind: Format) -> bool:
    return kind is FILE_GDB and target.is_dir() and any(target.glob("*.gdbtable"))


def _holds_plan(path: Path) -> bool:
    try:
        refuse_what_is_no_database(path)
    except PlannerError:
        return False
    with reading(path) as connection:
        return is_plan(connection)


def _move(standing: Sequence[Path], made: Sequence[Path], folder: Path, old: Path) -> None:
    """Old files out of the way, new ones in; back again where that fails."""
    moved: list[tuple[Path, Path]] = []
    try:
        for path in standing:
            os.rename(path, old / path.name)
            moved.append((path, old / path.name))
        for path in made:
            os.rename(path, folder / path.name)
            moved.append((path, folder / path.name))
    except BaseException:
        for before, now in reversed(moved):
            os.rename(now, before)
        raise


def _to_disk(path: Path) -> None:
    for file in path.iterdir() if path.is_dir() else [path]:
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
