"""Texts that lost something on their way through a file: what came back is poorer than what the plan has."""

from __future__ import annotations

from collections.abc import Callable

from ..plain_forms import plain_form

#: Widths of text fields in shapefiles and file geodatabases at which longer texts are usually cut.
_WIDTHS = (18, 20, 30, 32, 40, 50, 60, 64, 80, 100, 120, 128, 150, 200, 250, 254, 255)
#: Codecs whose bytes count a field's width; None counts characters.
_COUNTED = ("gbk", "utf-8", None)
#: What programs put in the place of a character that the file's encoding lacks.
_MARKS = ("?", "\ufffd")
#: How many marks stand for one lost character: one, or one for each unit of some encoding; the same all through a text.
_MARKS_FOR: tuple[Callable[[str], int], ...] = (
    lambda character: 1,
    lambda character: len(character.encode("utf-16-le")) // 2,
    lambda character: 2,
    lambda character: len(character.encode("utf-8")),
)


def is_damaged_copy(new: object, old: object) -> bool:
    """Whether a text is what is left of another one that went through a file.

    That is so where it differs only by question marks in the place of characters, by plainer forms of characters that
    GBK lacks (m2 for m²), or by its end, cut where the next character would not fit a field's usual width.

    Parameters
    ----------
    new, old
        The value that comes in, and the one that is there.  What is no text is never damaged.

    Examples
    --------
    >>> is_damaged_copy("修复1200m?", "修复1200m²"), is_damaged_copy("修复1200m2", "修复1200m²")
    (True, True)
    >>> is_damaged_copy("修" * 127, "修" * 200), is_damaged_copy("太子河", "太子河源头")
    (True, False)
    """
    if not isinstance(new, str) or not isinstance(old, str) or not new or new == old:
        return False
    for marks in _MARKS_FOR:
        kept = _kept_characters(new, old, marks)
        if kept == len(old) or (kept is not None and _is_cut_at_a_width(new, old[kept])):
            return True
    return False


def _kept_characters(new: str, old: str, marks: Callable[[str], int]) -> int | None:
    """How many of the old text's characters the whole new text stands for; None where it says something else."""
    at = 0
    for position, character in enumerate(old):
        if at == len(new):
            return position
        lost = marks(character)
        if new.startswith(character, at):
            at += len(character)
            continue
        if character.isascii():
            return None
        if any(new.startswith(mark * lost, at) for mark in _MARKS):
            at += lost
            continue
        form = plain_form(character, "gbk")
        if form is None or not new.startswith(form, at):
            return None
        at += len(form)
    return len(old) if at == len(new) else None


def _is_cut_at_a_width(new: str, following: str) -> bool:
    """Whether a text just fits a usual width which the character that followed would have exceeded."""
    for codec in _COUNTED:
        length, further = _length(new, codec), _length(following, codec)
        if any(length <= width < length + further for width in _WIDTHS):
            return True
    return False


def _length(written: str, codec: str | None) -> int:
    return len(written) if codec is None else len(written.encode(codec, errors="replace"))
