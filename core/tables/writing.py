"""The appendix's tables as files in a folder; each appears whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Cancelled, PlannerError
from ..store.geopackage import from_os_error
from ..store.whole_file import written_whole
from ..texts import Message, language
from .as_csv import to_csv
from .as_odt import to_odt
from .as_xlsx import to_xlsx
from .contents import Appendix
from .grid import TableFile

#: What a table can be written as, in the order in which it is.
FORMATS = ("xlsx", "csv", "odt")


@dataclass(frozen=True)
class TablesWritten:
    """What became of the appendix.

    Attributes
    ----------
    files
        Written, in order.
    skipped
        Why others were not: nothing to say, or a file that exists.
    remarks
        What the planner should know about the tables.
    """

    files: tuple[Path, ...]
    skipped: tuple[Message, ...]
    remarks: tuple[str, ...]


def formats_of(asked: str) -> tuple[str, ...]:
    """The formats named in a text such as ``xlsx,csv``; PlannerError where one is unknown or none is named."""
    names = [name.strip().lower().lstrip(".") for name in asked.replace("，", ",").replace(";", ",").split(",")]
    names = [name for name in dict.fromkeys(names) if name]
    if not names:
        raise PlannerError("tables.no_formats", known=list(FORMATS))
    for name in names:
        if name not in FORMATS:
            raise PlannerError("tables.unknown_format", format=name, known=list(FORMATS))
    return tuple(name for name in FORMATS if name in names)


def write_appendix(
    appendix: Appendix,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    force: bool = False,
    progress: Callable[[float, Message], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TablesWritten:
    """Write every table in every format; existing files are kept unless `force`.

    Raises
    ------
    PlannerError
        If the folder cannot be made or written, the disk is full, or a library is missing.
    Cancelled
        If it was stopped; files already written stay.
    """
    made_folder(folder)
    wanted = [
        (f"{stem}.{format_name}", make)
        for file in appendix.files
        for format_name in formats
        for stem, make in _contents(file, format_name)
    ]
    written: list[Path] = []
    skipped = list(appendix.missing)
    for number, (name, make) in enumerate(wanted):
        if cancelled is not None and cancelled():
            raise Cancelled
        path = folder / name
        if path.exists() and not force:
            skipped.append(Message.of("tables.exists", file=name))
            continue
        if progress is not None:
            progress(number / len(wanted), Message.of("tables.writing", file=name))
        with written_whole(path, replace=force) as beside:
            beside.write_bytes(make())
        written.append(path)
    remarks = dict.fromkeys(remark for file in appendix.files for sheet in file.sheets for remark in sheet.remarks)
    return TablesWritten(tuple(written), tuple(skipped), tuple(remarks))


def made_folder(folder: Path) -> None:
    """Make a folder where there is none yet; PlannerError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise PlannerError("tables.no_folder", folder=folder) from error
    except OSError as error:
        # the folders above are made too, so that one that is not there is one that may not be made
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise PlannerError("store.no_permission", path=folder) from error
        raise from_os_error(error, folder) from error


def _contents(file: TableFile, format_name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Stem and content of every file that a table becomes: a CSV file holds one sheet."""
    if format_name == "csv":
        for number, sheet in enumerate(file.sheets):
            stem = file.stem if number == 0 else f"{file.stem}_{_in_file_name(sheet.name)}"
            yield stem, lambda sheet=sheet: to_csv(sheet)  # type: ignore[misc]
    else:
        write = to_xlsx if format_name == "xlsx" else to_odt
        yield file.stem, lambda: write(file)


def _in_file_name(name: str) -> str:
    return name.replace(" ", "" if language() == "zh" else "_")
