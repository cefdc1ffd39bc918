"""What a server answers to the trial becomes a sentence that says what to do."""

from __future__ import annotations

import pytest

from restoration_planner.core.basemap.answers import Answer, check_tile
from restoration_planner.core.errors import PlannerError

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize("body", [PNG, b"\xff\xd8\xff\xe0JFIF", b"GIF89a", b"RIFF0000WEBP"])
def test_a_picture_is_accepted(body: bytes) -> None:
    check_tile(Answer(200, body), "a.example.org")


@pytest.mark.parametrize(
    ("answer", "tianditu", "message", "words"),
    [
        (Answer(None, trouble="Connection refused"), False, "not_reached", "Connection refused"),
        (Answer(None, timed_out=True), False, "no_answer_in_time", "proxy"),
        (Answer(200, b""), False, "nothing_came", "a.example.org"),
        (Answer(200, b"<html><script>x()</script><h1>Please log in</h1>"), False, "no_picture", "“Please log in”"),
        (Answer(200, '{"msg":"非法Key","code":1}'.encode()), True, "no_picture", "非法Key"),
        (Answer(403, '{"msg":"权限类型错误","code":12}'.encode()), True, "tianditu_403", "browser"),
        (Answer(418, b""), True, "tianditu_418", "use for today"),
        (Answer(403, b"no"), False, "not_allowed", "403"),
        (Answer(404, b""), False, "not_there", "404"),
        (Answer(429, b""), False, "too_many", "429"),
        (Answer(302, b""), False, "sent_elsewhere", "login"),
        (Answer(502, b"<h1>Bad gateway</h1>"), False, "server_trouble", "Bad gateway"),
        (Answer(200, b"\x00\x01\x02" * 100), False, "no_picture", "a.example.org"),
    ],
)
def test_anything_else_is_told(answer: Answer, tianditu: bool, message: str, words: str) -> None:
    with pytest.raises(PlannerError) as caught:
        check_tile(answer, "a.example.org", tianditu)
    assert caught.value.message.id == f"basemap.{message}"
    assert words in caught.value.message.in_language("en")
    assert caught.value.message.in_language("zh").endswith("。")
