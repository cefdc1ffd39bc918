"""Every word of interface and algorithms comes from the catalogue, in both languages, with the same placeholders."""

from __future__ import annotations

import ast
import json
import string
from pathlib import Path

import pytest

from restoration_planner.core.texts import has_text

#: Every catalogue there is.
AREAS = sorted(file.stem for file in (Path(__file__).parents[3] / "i18n").glob("*.json"))
#: Words that the siting check goes by nowhere: 核查 is its name.
OTHER_NAMES = ("选址检测", "选址检查", "检测等级", "尚未检测")


def looked_up(path: Path) -> set[str]:
    """Keys that a module looks up by a literal."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "text" and c.args]
    return {c.args[0].value for c in named if isinstance(c.args[0], ast.Constant)}


def test_what_the_code_looks_up_is_there(repository: Path) -> None:
    modules = [*(repository / "ui").rglob("*.py"), *(repository / "plugin").rglob("*.py")]
    keys = {key for module in modules for key in looked_up(module)}
    assert len(keys) > 100
    assert [key for key in sorted(keys) if not has_text(key)] == []


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same(repository: Path, area: str) -> None:
    texts = json.loads((repository / "i18n" / f"{area}.json").read_text(encoding="utf-8"))
    for key, entry in texts.items():
        assert set(entry) == {"zh", "en"} and all(entry.values()), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in ("zh", "en")]
        assert fields[0] == fields[1], key


def test_the_siting_check_has_one_name(repository: Path) -> None:
    said = {area: (repository / "i18n" / f"{area}.json").read_text(encoding="utf-8") for area in AREAS}
    assert "选址核查" in said["project_list"]
    assert [(area, name) for area in AREAS for name in OTHER_NAMES if name in said[area]] == []


def test_no_chinese_and_no_sentence_stands_in_the_code(repository: Path) -> None:
    """Chinese punctuation that is looked for is no word."""
    for module in [*(repository / "ui").rglob("*.py"), *(repository / "plugin").rglob("*.py")]:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not any("\u4e00" <= letter <= "\u9fff" for letter in node.value), (module.name, node.value)
