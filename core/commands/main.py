"""The command line: arguments in, exit code out; one clear line for whatever goes wrong.

Exit codes: 0 done and nothing wrong, 1 done and open violations found, 2 could not be done.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from ..errors import PlannerError
from ..store.lasting import begin_anew, something_lasts
from ..texts import Message, text

DONE, WRONG, FAILED = 0, 1, 2
DEBUG_VARIABLE = "RESTORATION_PLANNER_DEBUG"
PROGRAM = "python -m restoration_planner"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    _speak_utf8()
    gc.set_threshold(
        200_000, 50, 50
    )  # rows by the ten thousand live to the end: looking for rubbish among them takes a fifth of the time
    if not sys.warnoptions:
        warnings.simplefilter(
            "ignore"
        )  # numpy's remarks on degenerate polygons are for developers; python -W shows them
    try:
        options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        with _stopping_cleanly_when_asked():
            code = run(options)
            sys.stdout.flush()
        return code
    except PlannerError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail(text("commands.interrupted_late" if something_lasts() else "commands.interrupted"))
    except BrokenPipeError:
        _give_up_stdout()  # whoever read our output has had enough of it
        return FAILED
    except MemoryError:
        return _fail(text("commands.out_of_memory"))
    except ModuleNotFoundError as error:
        return _fail(text("commands.module_missing", name=error.name))
    except Exception as error:  # noqa: BLE001 - the last resort: a planner gets a sentence, a developer the details
        return _fail(text("commands.unexpected", kind=type(error).__name__, reason=error, variable=DEBUG_VARIABLE))


def _give_up_stdout() -> None:
    """Python must not try on leaving to write the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(sentence: str) -> int:
    if os.environ.get(DEBUG_VARIABLE) and sys.exc_info()[0] is not None:
        traceback.print_exc()
    _clear_progress()
    print(" ".join(sentence.split()), file=sys.stderr)
    return FAILED


def _check(options: argparse.Namespace) -> int:
    from .check import check_to_report

    result, content = check_to_report(
        options.plan, options.format, options.rules, options.output, not options.no_save, _progress_to_terminal()
    )
    _clear_progress()
    if options.output is None:
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            _give_up_stdout()
            raise PlannerError("commands.output_refused", reason=error.strerror) from error
    if sys.stderr.isatty():
        for note in result.notes:
            print(note, file=sys.stderr)
        if options.output is not None:
            grades = [f"{text(f'codes.grade.{grade}')} {n}" for grade, n in result.summary.items() if n]
            values: dict[str, object] = {"projects": len(result.projects), "grades": grades or ["0"]}
            print(text("commands.checked", None, plan=options.plan, output=options.output, **values), file=sys.stderr)
    return WRONG if result.open_violations else DONE


def _new(options: argparse.Namespace) -> int:
    from .new import create

    tables = create(options.plan, options.template, options.force)
    counts: dict[str, object] = {t: len(tables[t]) for t in ("restoration_zone", "key_area", "project", "indicator")}
    print(text("commands.made", None, plan=options.plan, template=options.template, **counts))
    return DONE


def _build_zones(options: argparse.Namespace) -> int:
    from .build_zones import area_table, kept_rows, run

    built = run(options.plan, options.force)
    print(area_table(built))
    kept = [f"{text(f'schema.{area.table}')} {area.code}" for area in kept_rows(built)]
    if kept:
        print(text("commands.kept", rows=kept))
    for message in built.messages():
        print(message)
    return DONE


def _import(options: argparse.Namespace) -> int:
    from .import_layer import run

    report = run(
        options.plan,
        options.layer_of_plan,
        options.source,
        options.layer,
        options.encoding,
        options.crs,
        options.map,
        options.set,
    )
    for message in report.messages():
        print(message)
    return DONE


def _export(options: argparse.Namespace) -> int:
    from .export_layer import run

    def say_before(delivery: Any) -> None:
        for message in delivery.messages():
            print(message)
        sys.stdout.flush()

    _, delivered = run(
        options.plan,
        options.layer_of_plan,
        options.target,
        options.profile,
        options.crs,
        options.encoding,
        options.force,
        say_before,
        options.append,
    )
    for message in delivered.messages():
        print(message)
    return DONE


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, in the user's language."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as a sentence."""
        raise PlannerError("commands.usage", reason=_in_our_words(message), command=self.prog)


#: What argparse says, and the text that says it in both languages.
_COMPLAINTS = (
    (r"the following arguments are required: (?P<names>.*)", "commands.usage_required"),
    (r"unrecognized arguments: (?P<names>.*)", "commands.usage_unknown"),
    (r"argument (?P<name>.*): invalid choice: (?P<value>.*) \(choose from (?P<known>.*)\)", "commands.usage_choice"),
    (r"argument (?P<name>.*): expected one argument", "commands.usage_one_value"),
    (r"ambiguous option: (?P<value>.*) could match (?P<known>.*)", "commands.usage_ambiguous"),
)


def _in_our_words(message: str) -> str:
    for pattern, text_id in _COMPLAINTS:
        match = re.fullmatch(pattern, message)
        if match:
            return text(text_id, **match.groupdict())
    return message


def _parser() -> argparse.ArgumentParser:
    from ..report.write import FORMATS

    parser = _Parser(prog=PROGRAM, description=text("commands.about"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    check = _command(commands, "check", _check)
    check.add_argument("--rules", metavar="FILE", help=text("commands.help_rules"))
    check.add_argument("--format", choices=FORMATS, default="json", help=text("commands.help_format"))
    check.add_argument("--output", metavar="FILE", help=text("commands.help_output"))
    check.add_argument("--no-save", action="store_true", help=text("commands.help_no_save"))

    new = _command(commands, "new", _new)
    new.add_argument("--template", required=True, metavar="benxi|yangquan|blank", help=text("commands.help_template"))
    new.add_argument("--force", action="store_true", help=text("commands.help_new_force"))

    build_zones = _command(commands, "build-zones", _build_zones)
    build_zones.add_argument("--force", action="store_true", help=text("commands.help_zones_force"))

    bring_in = _command(commands, "import", _import)
    bring_in.add_argument("layer_of_plan", metavar="LAYER", help=text("intake.help_layer"))
    bring_in.add_argument("source", metavar="SOURCE", help=text("intake.help_source"))
    bring_in.add_argument("--layer", metavar="NAME", help=text("intake.help_name"))
    bring_in.add_argument("--encoding", metavar="ENC", help=text("intake.help_encoding"))
    bring_in.add_argument("--crs", metavar="EPSG", help=text("intake.help_crs"))
    for option in ("map", "set"):
        bring_in.add_argument(
            f"--{option}", metavar="FIELD=…", nargs="+", action="extend", default=[], help=text(f"intake.help_{option}")
        )

    export = _command(commands, "export", _export)
    export.add_argument("layer_of_plan", metavar="LAYER", help=text("delivery.help_layer"))
    export.add_argument("target", metavar="TARGET", help=text("delivery.help_target"))
    export.add_argument("--profile", metavar="NAME", help=text("delivery.help_profile"))
    export.add_argument("--crs", metavar="EPSG|zones", help=text("delivery.help_crs"))
    export.add_argument("--encoding", metavar="GBK|UTF-8", help=text("delivery.help_encoding"))
    export.add_argument("--force", action="store_true", help=text("delivery.help_force"))
    export.add_argument("--append", action="store_true", help=text("delivery.help_append"))
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    about = text(f"commands.about_{name.replace('-', '_')}")
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.add_argument("plan", metavar="PLAN.gpkg", help=text("commands.help_plan"))
    parser.set_defaults(run=run)
    return parser


def _progress_to_terminal() -> Callable[[float, Message], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(fraction: float, message: Message) -> None:
        print(f"\r\033[K{fraction:4.0%} {message}", end="", file=sys.stderr, flush=True)

    return show


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _speak_utf8() -> None:
    """Chinese must get through a pipe whatever the system's code page; a terminal knows its own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


@contextmanager
def _stopping_cleanly_when_asked() -> Iterator[None]:
    """A polite request to end is like Ctrl-C: what was begun is rolled back, and what lasts already is brought to its end."""
    begin_anew()
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        if not something_lasts():
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
