"""The dialog that brings a table of projects into a plan."""

from __future__ import annotations

from .dialog import ProjectTableDialog

__all__ = ["ProjectTableDialog"]
