"""`./dev run qgis_process …` works as written: the plugin is found, switched on, and keeps stdout clean."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ALGORITHMS = {
    "createplan",
    "importlayer",
    "exportlayer",
    "buildzones",
    "sitingcheck",
    "sitingsheet",
    "auditplan",
    "exportfigures",
    "exporttables",
}
BUILT_LATER = {"auditplan", "exporttables"}


@pytest.fixture(scope="module")
def listed(repository: Path) -> dict[str, Any]:
    command = [str(repository / "dev"), "run", "qgis_process", "list", "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_provider_is_listed_without_further_steps(listed: dict[str, Any]) -> None:
    assert "restoration" in listed["providers"]


def test_algorithms_carry_the_ids_that_scripts_rely_on(listed: dict[str, Any]) -> None:
    found = set(listed["providers"]["restoration"]["algorithms"])
    names = {identifier.partition(":")[2] for identifier in found}
    assert names <= ALGORITHMS
    assert names >= ALGORITHMS - BUILT_LATER
