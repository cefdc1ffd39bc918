"""Print what `./dev matrix` found as one table: python tools/dev/matrix_table.py FOLDER"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HEAD = ("where", "QGIS", "GEOS", "shapely", "passed", "failed", "skipped", "seconds")


def row(versions_file: Path) -> list[str]:
    """One system's line; a run that never came to its counts shows dashes."""
    where = versions_file.name.removesuffix("-versions.json")
    versions = json.loads(versions_file.read_text(encoding="utf-8") or "{}")
    counts_file = versions_file.with_name(f"{where}.json")
    counts = json.loads(counts_file.read_text(encoding="utf-8")) if counts_file.exists() else None
    found = [where, *(versions.get(key, "–") for key in ("qgis", "geos", "shapely"))]
    if counts is None:
        return [*found, "–", "–", "–", "–"]
    failed = counts.get("failed", 0) + counts.get("errors", 0)
    return [*found, *map(str, (counts.get("passed", 0), failed, counts.get("skipped", 0), counts["seconds"]))]


def main(folder: Path) -> None:
    rows = [list(HEAD), *(row(file) for file in sorted(folder.glob("*-versions.json")))]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEAD))]
    print()
    for line in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


main(Path(sys.argv[1]))
