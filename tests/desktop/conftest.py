"""Starting the real QGIS Desktop, with the plugin unpacked from its zip file, on a screen of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCREENSHOTS = ROOT / "build" / "screenshots"
SCREEN = (1366, 768)
LOCALES = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True)
class DesktopRun:
    """What a script left behind: its `verdict`, QGIS's warnings, the folder with its pictures, what QGIS printed."""

    verdict: dict[str, Any]
    messages: list[str]
    pictures: Path
    log: str


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """A screen of 1366 × 768 that nobody sees; yields its DISPLAY."""
    reading, writing = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-ac"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def plugin_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as users get it."""
    folder = tmp_path_factory.mktemp("package")
    subprocess.run([sys.executable, str(ROOT / "tools" / "package.py"), str(folder)], check=True)
    (package,) = folder.glob("*.zip")
    return package


def make_profile(folder: Path, plugin_zip: Path, lang: str) -> None:
    """A fresh QGIS profile with the plugin installed, switched on, and QGIS in a language."""
    profile = folder / "profiles" / "default"
    with zipfile.ZipFile(plugin_zip) as package:
        package.extractall(profile / "python" / "plugins")
    settings = (ROOT / "tools" / "dev" / "QGIS3.ini").read_text(encoding="utf-8")
    settings += f"\n[locale]\nuserLocale={LOCALES[lang]}\noverrideFlag=true\n"
    (profile / "QGIS").mkdir()
    (profile / "QGIS" / "QGIS3.ini").write_text(settings, encoding="utf-8")


def desktop_environment(job: Path, screen: str, plan: Path | None, lang: str) -> dict[str, str]:
    """The caller's environment without what would lead QGIS to the checkout instead of the installed plugin."""
    left_out = ("PYTHONPATH", "QGIS_PLUGINPATH", "QGIS_CUSTOM_CONFIG_PATH", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment.pop("RESTORATION_PLANNER_LANG", None)
    environment.pop("RESTORATION_PLANNER_OPEN", None)
    environment |= {"DISPLAY": screen, "DESKTOP_TEST_JOB": str(job), "FC_LANG": {"zh": "zh-cn"}.get(lang, lang)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYQGIS_STARTUP": str(HERE / "at_startup.py")}
    if plan is not None:
        environment["RESTORATION_PLANNER_OPEN"] = str(plan)
    return environment


@pytest.fixture
def run_in_desktop(
    request: pytest.FixtureRequest, tmp_path: Path, screen: str, plugin_zip: Path
) -> Callable[..., DesktopRun]:
    """Play a script in the real QGIS Desktop: ``run_in_desktop(script, plan=None, lang="en", timeout=120, name=None)``.

    The script finds the names that `inside_qgis.py` lists. `plan` is opened by the plugin at the start. The test fails
    where the script raises, where an exception stays unhandled, or where QGIS does not close cleanly. Pictures are kept
    in build/screenshots/NAME-LANG; `name` is the test's own unless given.
    """

    def run(
        script: str, *, plan: Path | None = None, lang: str = "en", timeout: float = 120, name: str | None = None
    ) -> DesktopRun:
        name = name or request.node.name.split("[")[0]
        folder = tmp_path / f"desktop-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        pictures = SCREENSHOTS / f"{name}-{lang}"
        shutil.rmtree(pictures, ignore_errors=True)
        pictures.mkdir(parents=True)
        make_profile(folder, plugin_zip, lang)
        job, report, log = folder / "job.json", folder / "report.json", folder / "qgis.log"
        orders = {
            "name": name,
            "script": textwrap.dedent(script),
            "report": str(report),
            "begun": str(folder / "begun"),
            "pictures": str(pictures),
            "size": SCREEN,
            "give_up_after": timeout - 10,
        }
        job.write_text(json.dumps(orders), encoding="utf-8")
        command = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(folder)]
        command += ["--code", str(HERE / "inside_qgis.py")]
        environment = desktop_environment(job, screen, plan, lang)
        with log.open("wb") as output:
            qgis = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True
            )
            try:
                status: int | str = qgis.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(qgis.pid, signal.SIGKILL)
                qgis.wait()
                status = f"stopped after {timeout} s"
        printed = log.read_text(encoding="utf-8", errors="replace")
        assert report.exists(), f"QGIS ended ({status}) before the script did:\n{printed[-4000:]}"
        told = json.loads(report.read_text(encoding="utf-8"))
        assert not told["error"], f"in QGIS:\n{told['error']}\n{printed[-2000:]}"
        assert not told["unhandled"], "unhandled in QGIS:\n" + "\n".join(told["unhandled"])
        assert status == 0, f"QGIS did not close cleanly ({status}):\n{printed[-4000:]}"
        return DesktopRun(told["verdict"], told["messages"], pictures, printed)

    return run
