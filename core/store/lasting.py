"""From when on what a command does lasts: a wish to stop that comes later must not be told that nothing was changed.

Whoever changes a file for good says so just before; whoever takes wishes to stop looks here, and from
then on lets the work come to its end, which is near.
"""

from __future__ import annotations

_begun = False


def begin_anew() -> None:
    """Nothing lasts yet: the beginning of a command."""
    global _begun
    _begun = False


def lasts_from_here() -> None:
    """What is done next (a commit, a file taking its place) is not taken back by stopping."""
    global _begun
    _begun = True


def something_lasts() -> bool:
    """Whether a file may have been changed for good since `begin_anew`."""
    return _begun
