"""What a server's answer to a trial means, in sentences that say what to do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ..errors import PlannerError
from .tianditu import CONSOLE

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_MOST_WORDS = 160


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes
    ----------
    status
        The HTTP status, or None where no answer came.
    body
        The content, as far as it came.
    trouble
        What the network layer says went wrong, else empty.
    timed_out
        Whether it was waiting that came to an end.
    """

    status: int | None
    body: bytes = b""
    trouble: str = ""
    timed_out: bool = False


def check_tile(answer: Answer, host: str, tianditu: bool = False) -> None:
    """Accept a picture.

    Raises
    ------
    PlannerError
        If anything else came; the sentence says what and what to do.
    """
    check_answer(answer, host, tianditu)
    if not answer.body:
        raise PlannerError("basemap.nothing_came", host=host)
    if not answer.body.startswith(_PICTURES):
        raise PlannerError("basemap.no_picture", host=host, words=_words(answer.body) or "—")


def check_answer(answer: Answer, host: str, tianditu: bool = False) -> None:
    """Accept what a server sent without complaint.

    Raises
    ------
    PlannerError
        If it refused, failed or did not answer.
    """
    status = answer.status
    if status is None:
        if answer.timed_out:
            raise PlannerError("basemap.no_answer_in_time", host=host)
        raise PlannerError("basemap.not_reached", host=host, trouble=answer.trouble or "—")
    if 200 <= status < 300:
        return
    words = _words(answer.body) or "—"
    if tianditu and status in (401, 403):
        raise PlannerError("basemap.tianditu_403", status=status, words=words, console=CONSOLE)
    if tianditu and status in (418, 429):
        raise PlannerError("basemap.tianditu_418", status=status, words=words, console=CONSOLE)
    if status in (401, 403, 407):
        raise PlannerError("basemap.not_allowed", host=host, status=status, words=words)
    if status == 429:
        raise PlannerError("basemap.too_many", host=host)
    if status in (404, 410, 204):
        raise PlannerError("basemap.not_there", host=host, status=status)
    if 300 <= status < 400:
        raise PlannerError("basemap.sent_elsewhere", host=host, status=status)
    raise PlannerError("basemap.server_trouble", host=host, status=status, words=words)


def _words(body: bytes) -> str:
    """What a server says in words: the message of its JSON, or the text of its page."""
    said = body[:20_000].decode("utf-8", errors="replace")
    try:
        told = json.loads(said)
    except ValueError:
        said = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", said)
        said = re.sub(r"<[^>]*>", " ", said)
    else:
        if isinstance(told, dict):
            said = " ".join(str(told[k]) for k in ("msg", "message", "error", "resolve", "code") if told.get(k))
    said = " ".join("".join(c if c.isprintable() else " " for c in said).replace("\ufffd", " ").split())
    return said[:_MOST_WORDS]
