"""What happens where the engine's libraries are missing: the plugin loads and says how to get them."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.texts import set_language, text
from restoration_planner.plugin import engine_import, requirements


@pytest.fixture
def without_shapely(monkeypatch: pytest.MonkeyPatch) -> None:
    original = importlib.import_module

    def import_module(name: str, package: str | None = None) -> ModuleType:
        if name == "shapely":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return original(name, package)

    monkeypatch.setattr(engine_import.importlib, "import_module", import_module)
    monkeypatch.setattr(engine_import, "_ready", False)


def test_everything_is_there_in_this_environment() -> None:
    assert engine_import.missing_modules() == []


def test_a_missing_library_is_named(without_shapely: None) -> None:
    assert engine_import.missing_modules() == ["shapely ≥ 2.0"]
    with pytest.raises(PlannerError, match="shapely ≥ 2.0"):
        engine_import.import_engine()


@pytest.mark.parametrize(
    ("written", "missing"),
    [("1.8.5", True), ("2.0", False), ("2.1.0rc1", False), ("0+unknown", False), ("10.0", False)],
)
def test_versions_compare_as_numbers(monkeypatch: pytest.MonkeyPatch, written: str, missing: bool) -> None:
    import shapely

    monkeypatch.setattr(shapely, "__version__", written)
    assert bool(engine_import.missing_modules()) is missing


@pytest.mark.skipif(not hasattr(os, "RTLD_DEEPBIND"), reason="only where symbols are bound as on Linux")
def test_compiled_modules_bind_to_their_own_libraries_and_the_flags_are_put_back() -> None:
    before = sys.getdlopenflags()
    with engine_import.own_symbols_first():
        assert sys.getdlopenflags() & os.RTLD_DEEPBIND
    assert sys.getdlopenflags() == before
    with pytest.raises(ImportError), engine_import.own_symbols_first():
        raise ImportError
    assert sys.getdlopenflags() == before


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("system", ["windows", "macos", "flatpak", "debian12", "linux"])
def test_every_system_has_steps_that_can_be_copied(monkeypatch: pytest.MonkeyPatch, lang: str, system: str) -> None:
    monkeypatch.setattr(requirements, "system_kind", lambda: system)
    set_language(lang)
    steps = requirements.how_to_get(["shapely ≥ 2.0"])
    set_language(None)
    assert "shapely" in steps and "install" in steps
    assert text("shell.installs_nothing", lang) in steps
    assert "{" not in steps.replace("${", "")


def test_the_system_is_recognised_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements.sys, "platform", "linux")
    assert requirements.system_kind(tmp_path) == "linux"
    release = tmp_path / "etc" / "os-release"
    release.parent.mkdir()
    release.write_text('ID=debian\nVERSION_ID="12"\n', encoding="utf-8")
    assert requirements.system_kind(tmp_path) == "debian12"
    release.write_text('ID=debian\nVERSION_ID="13"\n', encoding="utf-8")
    assert requirements.system_kind(tmp_path) == "linux"
    (tmp_path / ".flatpak-info").touch()
    assert requirements.system_kind(tmp_path) == "flatpak"


def test_opening_a_plan_says_what_is_missing_with_the_steps_as_details(
    without_shapely: None, plans: Any, plan_file: Path, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restoration_planner.plugin import plan_actions
    from restoration_planner.plugin.plan_actions import PlanActions

    said: list[tuple[str, str]] = []
    monkeypatch.setattr(plan_actions, "warn", lambda _bar, sentence, details="": said.append((sentence, details)))
    PlanActions(qgis_iface, plans, lambda: None).open(plan_file)
    ((sentence, details),) = said
    assert "shapely ≥ 2.0" in sentence
    assert "shapely" in details and len(details) > len(sentence)
    assert plans.current() is None
