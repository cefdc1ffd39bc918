"""`./dev` from anywhere, quickly, and without touching what is not its own."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path


def dev(repository: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(repository / "dev"), *arguments], cwd=cwd, capture_output=True, text=True)


def test_second_call_starts_within_two_seconds(repository: Path, tmp_path: Path) -> None:
    dev(repository, "run", "true", cwd=tmp_path)
    started = time.monotonic()
    assert dev(repository, "run", "true", cwd=tmp_path).returncode == 0
    assert time.monotonic() - started < 2


def test_commands_run_where_they_are_called_and_leave_stdout_to_the_command(repository: Path, tmp_path: Path) -> None:
    done = dev(repository, "run", "pwd", cwd=tmp_path)
    assert done.stdout == f"{tmp_path}\n"


def test_the_package_is_this_checkout_whatever_its_folder_is_called(repository: Path, tmp_path: Path) -> None:
    program = "import os, restoration_planner; print(os.path.realpath(restoration_planner.__file__))"
    done = dev(repository, "run", "python", "-c", program, cwd=tmp_path)
    assert done.stdout == f"{repository / '__init__.py'}\n", done.stderr


def test_an_exit_code_is_passed_on(repository: Path, tmp_path: Path) -> None:
    assert dev(repository, "run", "sh", "-c", "exit 7", cwd=tmp_path).returncode == 7


def test_an_unknown_command_is_answered_with_the_known_ones(repository: Path, tmp_path: Path) -> None:
    done = dev(repository, "dmeo", cwd=tmp_path)
    assert done.returncode == 2
    assert "./dev demo" in done.stderr
    assert not done.stdout
