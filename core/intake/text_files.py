"""Plain text that others sent, in the encoding that its bytes speak for."""

from __future__ import annotations

from pathlib import Path

from ..errors import PlannerError
from ..texts import Message
from .shapefile_text import known_encoding, weigh

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Lines that are not plain ASCII, looked at to tell encodings apart.
_LOOKED_AT = 2000


def read_text(path: Path, encoding: str | None = None) -> tuple[str, str, list[Message]]:
    """A text file's content, the encoding it was read in, and what has to be said about the choice.

    Parameters
    ----------
    encoding
        What the planner says; where None, a byte order mark decides, then UTF-8 where all bytes fit
        (text in another encoding almost never does), else what makes the likeliest Chinese.

    Raises
    ------
    PlannerError
        Where the file cannot be read or is no text in that encoding, or in any.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlannerError("intake_tables.unreadable", path=path.name, reason=error.strerror or error) from error
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    candidates = [known_encoding(encoding)] if encoding else [marked] if marked else ["utf-8", *_likeliest(raw)]
    for candidate in candidates:
        try:
            content = raw.decode(candidate)
        except UnicodeDecodeError:
            continue
        weighed = encoding is None and candidate not in ("utf-8", marked)
        notes = [Message.of("intake_tables.encoding_weighed", encoding=candidate)] if weighed else []
        return content, candidate, notes
    raise PlannerError("intake_tables.not_text", path=path.name, encoding=candidates)


def _likeliest(raw: bytes) -> list[str]:
    lines = dict.fromkeys(line for line in raw.splitlines() if not line.isascii())
    return [reading.encoding for reading in weigh(list(lines)[:_LOOKED_AT]) if reading.encoding != "utf-8"]
