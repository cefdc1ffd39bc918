"""The dialog that brings a file of others into a plan: what was found, what would be done, what was done."""

from __future__ import annotations

from .dialog import ImportDialog

__all__ = ["ImportDialog"]
