"""YAML values that know their line and key, so that a mistake can be pointed at."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from ..errors import PlannerError


class Located:
    """A YAML node with the file and the key path it stands at."""

    def __init__(self, node: yaml.Node, file: str, key: str = "") -> None:
        self._node, self.file, self.key = node, file, key

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether it holds keys."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._node, yaml.SequenceNode)

    @property
    def value(self) -> Any:
        """The plain value, as YAML's safe loader reads it."""
        if not isinstance(self._node, yaml.ScalarNode):
            return None
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_object(self._node)
        except (ValueError, yaml.YAMLError):
            return self._node.value
        finally:
            loader.dispose()

    def mapping(self, required: Sequence[str] = (), optional: Sequence[str] = ()) -> dict[str, Located]:
        """Its entries; unknown, repeated and missing keys are errors."""
        if not isinstance(self._node, yaml.MappingNode):
            raise wrong(self, "not_a_mapping")
        allowed = (*required, *optional)
        entries: dict[str, Located] = {}
        for key_node, value_node in self._node.value:
            name = str(getattr(key_node, "value", ""))
            here = Located(key_node, self.file, f"{self.key}.{name}".lstrip("."))
            if name not in allowed:
                near = difflib.get_close_matches(name, allowed, 1, 0.6)
                if near:
                    raise wrong(here, "unknown_key_near", value=name, near=near[0])
                raise wrong(here, "unknown_key", value=name, allowed=list(allowed))
            if name in entries:
                raise wrong(here, "twice", value=name)
            entries[name] = Located(value_node, self.file, here.key)
        for name in required:
            if name not in entries:
                raise wrong(self, "missing_key", value=name)
        return entries

    def sequence(self) -> list[Located]:
        """Its items; an empty list is an error."""
        if not isinstance(self._node, yaml.SequenceNode) or not self._node.value:
            raise wrong(self, "not_a_list")
        return [Located(n, self.file, f"{self.key}[{i + 1}]") for i, n in enumerate(self._node.value)]

    def one_of(self, allowed: Sequence[Any]) -> Any:
        """Its value, which must be one of those allowed."""
        value = self.value
        if isinstance(value, (dict, list)) or not any(type(a) is type(value) and a == value for a in allowed):
            raise wrong(self, "not_allowed", value=value, allowed=[_written(a) for a in allowed])
        return value

    def text(self) -> str:
        """A text that is not empty."""
        value = self.value
        if not isinstance(value, str) or not value.strip():
            raise wrong(self, "not_text")
        return value.strip()

    def boolean(self) -> bool:
        """True or false."""
        return bool(self.one_of((True, False)))

    def measure(self) -> float:
        """A number that is not negative."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise wrong(self, "not_a_measure", value=value)
        return float(value)


def read_rules_file(file: Path) -> Located:
    """The top node of a YAML file.

    Raises
    ------
    PlannerError
        If the file is missing, unreadable, no UTF-8 text or no YAML (with the line).
    """
    try:
        written = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PlannerError("rules.not_found", file=file) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PlannerError("rules.unreadable", file=file, reason=error) from error
    try:
        node = yaml.compose(written, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or str(error)
        raise PlannerError("rules.not_yaml", file=file, line=line, reason=reason) from None
    if node is None:
        raise PlannerError("rules.empty", file=file)
    return Located(node, str(file))


def wrong(item: Located, kind: str, **params: object) -> PlannerError:
    """The error that names file, line and key of something wrong."""
    return PlannerError(f"rules.{kind}", file=item.file, line=item.line, key=item.key or "·", **params)


def _written(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
