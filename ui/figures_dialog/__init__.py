"""The dialog that exports the figures of a plan's appendix."""

from __future__ import annotations

from .dialog import FiguresDialog

__all__ = ["FiguresDialog"]
