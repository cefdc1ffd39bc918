"""The one catalogue of texts, for interface, reports and command line.

Texts live in ``i18n/<area>.json`` as ``{"key": {"zh": "…", "en": "…"}}`` and are looked up as
``text("area.key", name=value)``.  An area is read when its first text is needed, so that starting
QGIS reads one small file.  Where a sentence counts (``count``) and reads otherwise for a single thing,
it stands a second time under ``key_one``.
"""

from __future__ import annotations

import json
import locale
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
LANGUAGE_VARIABLE = "RESTORATION_PLANNER_LANG"
CATALOGUE = Path(__file__).resolve().parents[1] / "i18n"

_chosen: str | None = None


def set_language(name: str | None) -> None:
    """Use the language of a locale name (``zh-Hans``, ``zh_CN``, ``en_US`` …); None follows the system."""
    global _chosen
    _chosen = None if name is None else _language_of(name)


def language() -> str:
    """The language in force: chosen, else from the environment, else the system's."""
    if _chosen is not None:
        return _chosen
    for variable in (LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return _language_of(value)
    return _language_of(locale.getlocale()[0] or "")


def text(key: str, language_name: str | None = None, /, **params: object) -> str:
    """The sentence for a key, with its placeholders filled in.

    Raises
    ------
    KeyError
        If the catalogue has no such key: a mistake of ours that a test finds.
    """
    area, _, name = key.partition(".")
    entry = _area(area)[name]
    if str(params.get("count")) == "1":
        entry = _area(area).get(f"{name}_one", entry)
    sentence = entry[language_name or language()]
    return (
        sentence.format(**{k: _shown(v, language_name or language()) for k, v in params.items()})
        if params
        else sentence
    )


def has_text(key: str) -> bool:
    """Whether the catalogue holds a key."""
    area, _, name = key.partition(".")
    return (CATALOGUE / f"{area}.json").exists() and name in _area(area)


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogue, kept as id and values until it is shown."""

    id: str
    params: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, message_id: str, /, **params: object) -> Message:
        """A message with its values."""
        return cls(message_id, tuple(params.items()))

    def __hash__(self) -> int:
        """Of the id alone: values may be lists."""
        return hash(self.id)

    def in_language(self, language_name: str | None = None) -> str:
        """The sentence in a language (``zh`` or ``en``), by default the one in force."""
        values = {k: v.in_language(language_name) if isinstance(v, Message) else v for k, v in self.params}
        return text(self.id, language_name, **values)

    def __str__(self) -> str:
        return self.in_language()


def _shown(value: object, language_name: str) -> object:
    if isinstance(value, (list, tuple)):
        return ("、" if language_name == "zh" else ", ").join(str(_shown(v, language_name)) for v in value)
    return value.in_language(language_name) if isinstance(value, Message) else value


def _language_of(name: str) -> str:
    return "zh" if name.lower().startswith("zh") else "en"


@cache
def _area(area: str) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads((CATALOGUE / f"{area}.json").read_text(encoding="utf-8"))
    return loaded
