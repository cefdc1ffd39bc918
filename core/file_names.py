"""Words as file names that every file system takes."""

from __future__ import annotations

#: What Windows takes in no name.
_TAKEN_NOWHERE = '\\/:*?"<>|'
#: Bytes of a name that every file system takes, less the ending.
LONGEST = 180


def plain_name(words: str, longest: int = LONGEST) -> str:
    """A file's name without ending: white space becomes ``_``, what no file system takes is left out, what is too
    long (bytes of UTF-8) is cut between two characters."""
    plain = "".join("_" if c.isspace() else c for c in words if c.isspace() or c.isprintable())
    plain = "".join(c for c in plain if c not in _TAKEN_NOWHERE)
    return plain.encode("utf-8")[:longest].decode("utf-8", "ignore").rstrip("._ ")
