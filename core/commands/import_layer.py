"""Layers and tables of others into a plan file."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..intake.asking import UNWATCHED, Watch
from ..intake.import_report import ImportReport
from ..intake.importing import carry_out
from ..intake.mapping import table_named
from ..intake.profiles import profiles_for
from ..intake.proposal import GCJ02, Answers, propose
from ..intake.reading import read_source
from ..store.geopackage import refuse_read_only
from ..store.plan_file import read_plan


def run(
    plan: str | PathLike[str],
    layer: str,
    source: str | PathLike[str],
    source_layer: str | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    mapping: Sequence[str] = (),
    constants: Sequence[str] = (),
    watch: Watch = UNWATCHED,
) -> ImportReport:
    """Import a layer of a file into a table of a plan; see `intake.proposal.propose`.

    Parameters
    ----------
    layer
        Name or caption of the plan's table, or a word that import profiles have for it alone.
    crs
        EPSG code (``4529`` or ``EPSG:4529``), or ``GCJ02``.
    mapping, constants
        ``field=source`` and ``field=value``.

    Raises
    ------
    PlannerError
        If the plan or the source cannot be used, or something has to be decided; nothing has then changed.
    Cancelled
        If the watch stops the work; likewise.
    """
    path = Path(plan)
    table = table_named(layer, profiles_for(path))
    code = _crs_code(crs)
    asked, fixed = _pairs(mapping, "--map"), _pairs(constants, "--set")
    read_plan(path, ["plan"])
    refuse_read_only(path)
    found = read_source(Path(source), source_layer, encoding, watch.part(0.0, 0.4))
    proposal = propose(path, table, found, Answers(code, asked, fixed), watch.part(0.4, 0.9))
    return carry_out(proposal, watch.part(0.9, 1.0)).report


def _pairs(written: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for entry in written:
        name, sign, value = entry.partition("=")
        if not sign or not name.strip():
            raise PlannerError("intake.no_pair", option=option, value=entry)
        pairs[name.strip()] = value.strip()
    return pairs


def _crs_code(written: str | None) -> int | str | None:
    if written is None:
        return None
    plain = written.strip().upper().replace("-", "")
    if plain == GCJ02.upper():
        return GCJ02
    number = plain.removeprefix("EPSG:")
    if not number.isdigit() or len(number) > 6:
        raise PlannerError("intake.crs_no_such", code=written)
    return int(number)
