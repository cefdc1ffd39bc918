"""Characters that an encoding lacks, and the plainer ones that say the same."""

from __future__ import annotations

import unicodedata


def has_characters(written: str, codec: str) -> bool:
    """Whether an encoding holds every character of a text."""
    try:
        written.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def plain_form(character: str, codec: str) -> str | None:
    """The compatibility form (Unicode's NFKC) of a character that an encoding lacks, if the encoding holds that.

    Examples
    --------
    >>> plain_form("²", "gbk"), plain_form("㐂", "gbk"), plain_form("甲", "gbk")
    ('2', None, None)
    """
    if has_characters(character, codec):
        return None
    form = unicodedata.normalize("NFKC", character)
    return form if form != character and has_characters(form, codec) else None
