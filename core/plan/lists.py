"""Lists kept in one text field, in the form that QGIS's value relation writes.

``{"1","4"}`` is written; ``{1,4}``, ``{"1","4"}``, ``1,4`` and ``1`` are read, and ``{}``, empty
text and null are no list.
"""

from __future__ import annotations

from collections.abc import Iterable


def read_list(value: object) -> tuple[str, ...]:
    r"""The entries of a list field, in their order, without repeats.

    >>> read_list('{"1","4"}')
    ('1', '4')
    >>> read_list("1,4")
    ('1', '4')
    """
    if value is None:
        return ()
    written = str(value).strip()
    if written.startswith("{") and written.endswith("}"):
        written = written[1:-1]
    entries: list[str] = []
    entry, quoted, in_quotes, escaped = "", False, False, False
    for char in written:
        if escaped:
            entry, escaped = entry + char, False
        elif char == "\\" and in_quotes:
            escaped = True
        elif char == '"' and (in_quotes or not entry.strip()):
            entry, quoted, in_quotes = (entry, True, False) if in_quotes else ("", True, True)
        elif char == "," and not in_quotes:
            entries.append(entry if quoted else entry.strip())
            entry, quoted = "", False
        elif not (quoted and not in_quotes and char.isspace()):
            entry += char
    entries.append(entry if quoted else entry.strip())
    return tuple(dict.fromkeys(e for e in entries if e))


def write_list(entries: Iterable[str]) -> str | None:
    r"""A list as QGIS's value relation writes it, or None where there is nothing.

    >>> write_list(["1", "4"])
    '{"1","4"}'
    """
    quoted = ['"' + e.replace("\\", "\\\\").replace('"', '\\"') + '"' for e in entries]
    return "{" + ",".join(quoted) + "}" if quoted else None
