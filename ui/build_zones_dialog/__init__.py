"""The dialog that builds zones and key areas from units: every unit's zone, what is open, and the areas that come of it."""

from __future__ import annotations

from .dialog import BuildZonesDialog

__all__ = ["BuildZonesDialog"]
