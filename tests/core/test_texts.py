"""The catalogue of texts: both languages say the same things, and every text that code asks for is there."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from restoration_planner.core import texts
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.texts import CATALOGUE, LANGUAGES, Message, has_text, language, set_language, text

AREAS = sorted(p.stem for p in CATALOGUE.glob("*.json"))
ROOMS = ("core", "layers", "figures", "ui", "plugin")


@pytest.fixture(autouse=True)
def language_as_before() -> Iterator[None]:
    """Leave the language as it was."""
    chosen = texts._chosen
    yield
    texts._chosen = chosen


def placeholders(sentence: str) -> set[str]:
    return {
        name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name is not None
    }


@pytest.mark.parametrize("area", AREAS)
def test_every_text_is_there_in_both_languages_with_the_same_values(area: str) -> None:
    entries = json.loads((CATALOGUE / f"{area}.json").read_text(encoding="utf-8"))
    for key, entry in entries.items():
        assert set(entry) == set(LANGUAGES), key
        assert all(entry[x].strip() for x in LANGUAGES), key
        assert placeholders(entry["zh"]) == placeholders(entry["en"]), key


def keys_in(source: str) -> Iterator[str]:
    """Literal first arguments of ``text(…)``, ``Message.of(…)`` and ``PlannerError(…)``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name in ("text", "Message.of", "PlannerError") and isinstance(node.args[0].value, str):
                yield node.args[0].value


def test_every_text_that_code_asks_for_is_in_the_catalogue(repository: Path) -> None:
    files = [f for room in ROOMS for f in (repository / room).rglob("*.py")]
    asked = {(key, str(f.relative_to(repository))) for f in files for key in keys_in(f.read_text(encoding="utf-8"))}
    assert len(asked) > 50
    assert sorted((key, file) for key, file in asked if not has_text(key)) == []


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("zh-Hans", "zh"), ("zh", "zh"), ("zh_CN", "zh"), ("en_US", "en"), ("de_DE", "en"), ("C", "en")],
)
def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch, locale: str, expected: str) -> None:
    set_language(locale)
    assert language() == expected
    set_language(None)
    monkeypatch.setenv(texts.LANGUAGE_VARIABLE, locale)
    assert language() == expected


def test_a_message_waits_for_its_language() -> None:
    """Values that are messages themselves are told in the same language."""
    message = Message.of("siting.layer_empty", layer=Message.of("schema.red_line"))
    assert "生态保护红线" in message.in_language("zh")
    assert "red line" in message.in_language("en").lower()


def test_one_thing_is_told_in_the_singular() -> None:
    """``key_one`` stands beside ``key`` where a sentence counts."""
    found = {
        n: Message.of("intake.found", layer="甲", count=n, encoding="UTF-8").in_language("en") for n in (0, 1, 2, 11)
    }
    assert "1 feature," in found[1]
    assert all(f"{n} features," in found[n] for n in (0, 2, 11))
    assert "is only near" in text("import_dialog.attention_near", "en", count="1")
    assert "are only near" in text("import_dialog.attention_near", "en", count="2")


def test_lists_are_joined_as_the_language_does() -> None:
    message = Message.of("siting.county_ambiguous", name="X", candidates=["甲县", "乙县"])
    assert "甲县、乙县" in message.in_language("zh")
    assert "甲县, 乙县" in message.in_language("en")


@pytest.mark.parametrize("value", ["{detail}", "{0}", "}{", "%s", 'a"b'])
def test_values_are_never_taken_for_placeholders(value: str) -> None:
    assert value in text("siting.county_not_named", "en", name=value)


def test_an_error_is_its_sentence() -> None:
    set_language("en")
    assert str(PlannerError("rules.not_found", file="a.yaml")) == "Rules file a.yaml was not found. Check the path."


def test_an_unknown_key_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        text("siting.no_such_text")


def test_sentences_in_a_list_are_in_the_language_asked_for() -> None:
    message = Message.of(
        "intake.mixed", layer="L", kinds=[Message.of("intake.kind_line"), Message.of("intake.kind_point")]
    )
    assert "lines, points" in message.in_language("en") and "线、点" in message.in_language("zh")


def test_messages_with_lists_can_be_told_once() -> None:
    said = [Message.of("figures.items_gone", number=8, items=["指北针"]) for _ in range(2)]
    assert len(set(said)) == 1 and "指北针" in str(said[0])
