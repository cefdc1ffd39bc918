"""The dialog with the papers and photos of a project."""

from __future__ import annotations

from .dialog import PapersDialog

__all__ = ["PapersDialog"]
