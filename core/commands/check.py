"""The siting check of a plan file."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from ..errors import Cancelled, PlannerError
from ..plan.schema import TABLES
from ..plan.tables import PlanTables
from ..report.write import render
from ..siting.check import check_siting
from ..siting.findings import CheckResult
from ..siting.rules import load_rules
from ..siting.saved import findings_as_rows
from ..store.geopackage import refuse_read_only
from ..store.plan_file import ensure_current, read_plan, replace_rows
from ..store.whole_file import written_whole_or_into
from ..texts import Message

Progress = Callable[[float, Message], None]

#: Tables that neither the default rules nor the reports look at, and that may be very large.
_UNUSED = {"land_use", "ecosystem", "legacy_mine", "river", "water_body", "siting_finding"}


def run_check(
    plan: str | PathLike[str],
    rules: str | PathLike[str] | None = None,
    save: bool = True,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[CheckResult, PlanTables]:
    """Check a plan file and, with `save`, put the findings into it.

    Parameters
    ----------
    rules
        A rules file, or None for the default rules.

    Returns
    -------
    CheckResult, PlanTables
        The outcome, and those tables of the plan that rules and reports use.

    Raises
    ------
    PlannerError
        If the plan or the rules cannot be used, or the findings not be saved.
    Cancelled
        If ``cancelled()`` became true; the plan is then as it was.
    """
    path = Path(plan)
    rule_set = load_rules(None if rules is None else Path(rules))
    if save and path.is_file():
        refuse_read_only(path)
    tables = read_plan(path, set(TABLES) - (_UNUSED - {rule.layer for rule in rule_set.rules}))
    if cancelled is not None and cancelled():
        raise Cancelled
    result = check_siting(tables, rule_set, plan=str(path), progress=progress, cancelled=cancelled)
    if save:
        save_findings(path, result)
    return result, tables


def save_findings(plan: str | PathLike[str], result: CheckResult) -> None:
    """Put a run's findings in the place of the last run's; an older plan is migrated first, after a backup."""
    ensure_current(plan)
    replace_rows(plan, {"siting_finding": findings_as_rows(result)})


def check_to_report(
    plan: str | PathLike[str],
    format: str,  # noqa: A002 - the word of the contract
    rules: str | PathLike[str] | None = None,
    output: str | PathLike[str] | None = None,
    save: bool = True,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[CheckResult, bytes]:
    """Check a plan file and write the report; plan and report are both written, or neither.

    Parameters
    ----------
    output
        File to write, or None where the caller takes the bytes.

    Raises
    ------
    PlannerError, Cancelled
        As `run_check`; also if `output` is the plan or the rules file itself, or cannot be written.
    """
    if output is not None:
        for source in (plan, rules):
            if source is not None and Path(output).resolve() == Path(source).resolve():
                raise PlannerError("commands.output_is_input", output=output)
    if save and Path(plan).is_file():
        refuse_read_only(Path(plan))
    result, tables = run_check(plan, rules, False, progress, cancelled)
    content = render(result, tables, format)
    if output is None:
        if save:
            save_findings(plan, result)
    else:
        with written_whole_or_into(Path(output)) as beside:
            beside.write_bytes(content)
            if save:
                save_findings(plan, result)
    return result, content
