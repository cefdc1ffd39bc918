"""Commands that are asked to stop when what they do already lasts: they come to their end, and say nothing untrue."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from restoration_planner.core.store.plan_file import read_plan

#: Each: what is slow (just after the change was made), and the command's arguments.
COMMANDS = {
    "new": ("store.whole_file", "_folder_to_disk", ["new", "new.gpkg", "--template", "blank"]),
    "check": ("commands.check", "render", ["check", "{plan}", "--output", "report.json"]),
    "export": ("delivery.writing", "Delivered", ["export", "{plan}", "project", "out.gpkg"]),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["new", "export"])
def test_what_is_done_is_not_denied(number: int, command: str, outside: Path, tmp_path: Path) -> None:
    process = _slow(command, outside, tmp_path)
    process.send_signal(number)
    _, complaints = process.communicate(timeout=30)
    assert process.returncode == 0 and complaints == b""
    assert (tmp_path / COMMANDS[command][2][-1 if command == "export" else 1]).is_file()
    assert not list(tmp_path.glob(".*"))


def test_what_is_not_done_is_not_claimed(outside: Path, tmp_path: Path) -> None:
    before = outside.read_bytes()
    process = _slow("check", outside, tmp_path)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)
    assert process.returncode == 2 and len(complaints.splitlines()) == 1
    assert outside.read_bytes() == before and not (tmp_path / "report.json").exists()
    assert len(read_plan(outside)["siting_finding"]) == 0


def _slow(command: str, plan: Path, folder: Path) -> subprocess.Popen[bytes]:
    """The command, stopped for three seconds where `COMMANDS` says so."""
    module, name, words = COMMANDS[command]
    code = (
        f"import sys, time; from restoration_planner.core.{module.rpartition('.')[0]} import {module.rpartition('.')[2]} as m\n"
        "from restoration_planner.core.commands.main import main\n"
        f"real = m.{name}\n"
        "def slow(*a, **k): print('busy', flush=True); time.sleep(3); return real(*a, **k)\n"
        f"m.{name} = slow; sys.exit(main(sys.argv[1:]))"
    )
    arguments = [word.format(plan=plan) for word in words]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    while process.stdout.readline().strip() != b"busy":
        assert process.poll() is None
    time.sleep(0.1)
    return process
