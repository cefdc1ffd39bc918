"""Run the project's checks and tests, two at a time, and end with one line that counts them all.

The tests are three runs of pytest, because each needs another process: `core` one that has never seen QGIS, `qgis` one
with QGIS inside (pytest-qgis), `desktop` one that starts the real QGIS Desktop and needs none itself.

    python tools/dev/suites.py [--only SUITE …] [--counts FILE] [ARGS for pytest]

Arguments for pytest leave the checks out; paths among them choose the suites that they belong to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "build" / "test-reports"
ROOMS = ("core", "layers", "figures", "ui", "plugin")
SUITES = ("core", "qgis", "desktop")
COUNTED = ("passed", "failed", "errors", "skipped")
NO_TESTS_COLLECTED = 5
WITHOUT_QGIS = ("-p", "no:pytest_qgis")


@dataclass
class Job:
    """A command of its own; `report` is the JUnit file it writes where it is a run of pytest."""

    name: str
    command: list[str]
    report: Path | None = None
    may_be_empty: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    ok: bool = False


def checks() -> list[Job]:
    packages = [f"-prestoration_planner.{room}" for room in ROOMS if (ROOT / room / "__init__.py").exists()]
    python = [sys.executable, "-m"]
    return [
        Job(
            "style",
            [*python, "ruff", "check", "--quiet", "--output-format", "concise", "--cache-dir", "build/ruff", "."],
        ),
        Job("imports", [str(Path(sys.executable).parent / "lint-imports"), "--cache-dir", "build/imports"]),
        Job("types", [*python, "mypy", *packages]),
    ]


def belongs_to(path: str, suite: str) -> list[str]:
    """What of a path given to pytest lies in a suite: itself, the whole suite, or nothing."""
    target = Path(path.split("::")[0]).resolve()
    folder = ROOT / "tests" / suite
    if target.is_relative_to(folder):
        return [path]
    return [str(folder)] if folder.is_relative_to(target) else []


def suite_jobs(arguments: list[str], only: list[str]) -> list[Job]:
    paths = [a for a in arguments if not a.startswith("-") and Path(a.split("::")[0]).exists()]
    options = [a for a in arguments if a not in paths]
    jobs = []
    for suite in only:
        chosen = [part for path in paths for part in belongs_to(path, suite)] if paths else [f"tests/{suite}"]
        if not chosen:
            continue
        report = REPORTS / f"{suite}.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *options, *chosen]
        command[3:3] = [] if suite == "qgis" else WITHOUT_QGIS
        jobs.append(Job(suite, command, report, may_be_empty=bool(arguments)))
    return jobs


def count_report(report: Path) -> Counter[str]:
    """The numbers in a JUnit file; passed is what is left."""
    counts: Counter[str] = Counter()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        counts["failed"] += number["failures"]
        counts["errors"] += number["errors"]
        counts["skipped"] += number["skipped"]
        counts["passed"] += number["tests"] - number["failures"] - number["errors"] - number["skipped"]
    return counts


def run(job: Job, printing: Lock, live: bool) -> None:
    """Run a job; its output appears at once where it runs alone, else in one piece when it has ended."""
    if job.report is not None:
        job.report.unlink(missing_ok=True)
    started = time.monotonic()
    done = subprocess.run(
        job.command,
        cwd=ROOT,
        stdin=None if live else subprocess.DEVNULL,
        stdout=None if live else subprocess.PIPE,
        stderr=None if live else subprocess.STDOUT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    job.ok = done.returncode == 0 or (job.may_be_empty and done.returncode == NO_TESTS_COLLECTED)
    if job.report is not None:
        if job.report.exists():
            job.counts = count_report(job.report)
        if not job.ok and not job.counts["failed"] + job.counts["errors"]:
            job.counts["errors"] += 1  # it ended before it could say so: a crash, a wrong option
    if not live:
        with printing:
            print(f"\n--- {job.name}: {'ok' if job.ok else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
            output = done.stdout.decode("utf-8", errors="replace").rstrip()
            if output and (job.report is not None or not job.ok):
                print(output, flush=True)


def closing_line(counts: Counter[str], seconds: float) -> str:
    shown = [key for key in COUNTED if counts[key] or key != "errors"]
    parts = [f"{counts[key]} {'error' if key == 'errors' and counts[key] == 1 else key}" for key in shown]
    return f"===== {', '.join(parts)} in {seconds:.1f}s ====="


def main(arguments: list[str]) -> int:
    only, counts_file, rest = list(SUITES), None, []
    iterator = iter(arguments)
    for argument in iterator:
        if argument == "--only":
            only = next(iterator).split(",")
        elif argument == "--counts":
            counts_file = Path(next(iterator))
        else:
            rest.append(argument)
    REPORTS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    jobs = suite_jobs(rest, only)
    if not rest and only == list(SUITES):
        # the longest first; the checks fill the gaps
        jobs = [*jobs[1:], *jobs[:1], *checks()]
    live = len(jobs) == 1
    printing = Lock()
    with ThreadPoolExecutor(max_workers=max(2, (os.cpu_count() or 2))) as pool:
        list(pool.map(lambda job: run(job, printing, live), jobs))
    seconds = time.monotonic() - started
    counts = sum((job.counts for job in jobs), Counter[str]())
    broken = [job.name for job in jobs if not job.ok]
    if broken:
        print(f"\nnot well: {', '.join(broken)}")
    if counts_file is not None:
        counts_file.write_text(json.dumps({**counts, "seconds": round(seconds, 1)}), encoding="utf-8")
    if not live:
        print("\n" + closing_line(counts, seconds))
    return 1 if broken or not jobs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
