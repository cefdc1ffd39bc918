"""The main job on the plan of Benxi, from outlines to maps, in a folder of its own.

    ./dev demo [DIR]

The geometry is illustrative; `towns`, `control_lines` and `sites` say how it is made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from city_plan import labelled_plan, with_layers
from control_lines import draw_control_lines
from mosaic import cut_mosaic
from outlines import benxi_districts
from sites import PLANTED
from towns import TOWNS, assign_towns

from restoration_planner.core.commands import build_zones
from restoration_planner.core.commands.check import run_check
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.report.values import rule_caption
from restoration_planner.core.report.write import render
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.findings import CheckResult
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import LANGUAGE_VARIABLE, language, set_language, text

PLAN_FILE = "benxi.gpkg"
REPORTS = {"findings.json": "json", "findings.csv": "csv", "findings.geojson": "geojson", "report.html": "html"}


class Demo:
    """One run: what it writes and says, and how long each step takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan = folder / PLAN_FILE
        self.spoken = language()

    def run(self) -> bool:
        """Do everything; whether the check found exactly what was planted."""
        began = time.perf_counter()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.say("demo.heading", folder=self.folder)
        (self.folder / "README.txt").write_text(
            text("demo.readme", "zh") + "\n\n" + text("demo.readme", "en") + "\n", "utf-8"
        )
        # What is saved in the plan and drawn on the maps is Chinese; what is printed is in the user's language.
        set_language("zh")
        self.write_plan(self.draw_plan())
        self.build_zones()
        result, tables = self.check()
        self.write_reports(result, tables)
        self.draw_maps()
        self.line(text("demo.total", self.spoken), time.perf_counter() - began)
        return self.compare(result)

    def draw_plan(self) -> PlanTables:
        """Districts, towns, control lines and sites as tables."""
        template = plan_from_template("benxi")
        with self.step() as done:
            districts = benxi_districts()
            mosaic = cut_mosaic(districts)
            done["demo.step.outlines"] = {"cells": len(mosaic.cells)}
        with self.step() as done:
            town = assign_towns(mosaic, districts, template)
            done["demo.step.towns"] = {"towns": len(TOWNS)}
        with self.step() as done:
            lines = draw_control_lines(mosaic, districts, town)
            red = lines.rows["red_line"]
            done["demo.step.lines"] = {"patches": len(red), "km2": f"{ellipsoidal_area(red.geometry).sum() / 1e6:,.2f}"}
        with self.step() as done:
            tables = with_layers(labelled_plan(template), mosaic, districts, town, lines)
            done["demo.step.sites"] = {"projects": len(tables["project"])}
        return tables

    def write_plan(self, tables: PlanTables) -> None:
        """The plan file, in the place of an earlier run's."""
        with self.step() as done:
            create_plan(self.plan, tables, force=True)
            done["demo.step.plan"] = {"file": self.plan.name}

    def build_zones(self) -> None:
        """Zones and key areas out of the towns, stated against measured areas."""
        with self.step() as done:
            built = build_zones.run(self.plan, force=True)
            done["demo.step.zones"] = {"zones": len(built.zones), "key_areas": len(built.key_areas)}
        set_language(self.spoken)
        print("\n" + build_zones.area_table(built) + "\n", flush=True)
        set_language("zh")

    def check(self) -> tuple[CheckResult, PlanTables]:
        """The siting check, its findings saved in the plan."""
        with self.step() as done:
            result, tables = run_check(self.plan)
            done["demo.step.check"] = {"projects": len(result.projects), "findings": len(result.findings)}
        return result, tables

    def write_reports(self, result: CheckResult, tables: PlanTables) -> None:
        """Every format in Chinese, and the page in English too."""
        with self.step() as done:
            for name, kind in REPORTS.items():
                (self.folder / name).write_bytes(render(result, tables, kind))
            set_language("en")
            in_english = check_siting(tables, load_rules(), plan=str(self.plan))
            (self.folder / "report_en.html").write_bytes(render(in_english, tables, "html"))
            set_language("zh")
            done["demo.step.reports"] = {"files": ", ".join([*REPORTS, "report_en.html"])}

    def draw_maps(self) -> None:
        """The maps, by QGIS in a process of its own."""
        with self.step() as done:
            maps = subprocess.run(
                [sys.executable, str(Path(__file__).with_name("maps.py")), str(self.plan), str(self.folder)],
                env={**os.environ, LANGUAGE_VARIABLE: "zh", "QT_QPA_PLATFORM": "offscreen"},
                capture_output=True,
                text=True,
                encoding="utf-8",
            )
            if maps.returncode:
                raise PlannerError("demo.maps_failed", reason=maps.stderr.strip())
            done["demo.step.maps"] = {"files": ", ".join(maps.stdout.split())}

    def compare(self, result: CheckResult) -> bool:
        """Print for each project what was planted and what was found."""
        set_language(self.spoken)
        self.say("demo.planted")
        wrong = 0
        for project in result.projects:
            code = str(project.code)
            planted = PLANTED[code].findings
            found = {(f.rule, f.grade) for f in project.findings}
            verdict = text("demo.found") + " " + (_rules(found) or text("demo.nothing"))
            for key, rules in (("demo.missed", planted - found), ("demo.unexpected", found - planted)):
                verdict += "; " + text(key, rules=_rules(rules)) if rules else ""
            wrong += found != planted
            print(f"  {'✗' if found != planted else '✓'} {code}  {text(f'demo.fault.{code}')} — {verdict}")
        if result.dropped_slivers:
            self.say("demo.slivers", count=result.dropped_slivers)
        if wrong:
            self.say("demo.not_all_found", count=wrong)
        else:
            self.say("demo.all_found", projects=len(result.projects))
        return not wrong

    def say(self, key: str, **params: object) -> None:
        """A sentence in the user's language."""
        print(text(key, self.spoken, **params), flush=True)

    @contextmanager
    def step(self) -> Iterator[dict[str, dict[str, object]]]:
        """Time a step and print its line: the text's key and values that the body puts into the dictionary."""
        done: dict[str, dict[str, object]] = {}
        began = time.perf_counter()
        yield done
        for key, params in done.items():
            self.line(text(key, self.spoken, **params), time.perf_counter() - began)

    def line(self, told: str, seconds: float) -> None:
        """A line with its time in front."""
        print(f"{text('demo.seconds', self.spoken, seconds=f'{seconds:6.2f}')}  {told}", flush=True)


def _rules(findings: set[tuple[str, str]] | frozenset[tuple[str, str]]) -> str:
    return ", ".join(sorted(rule_caption(rule) for rule, _ in findings))


def main(arguments: list[str]) -> int:
    """Run the demo into the folder named, by default ``build/demo``."""
    folder = Path(arguments[0]) if arguments else Path("build/demo")
    try:
        return 0 if Demo(folder).run() else 1
    except PlannerError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
