"""The dock beside the map while zone borders are edited: areas, problems of the coverage, versions."""

from __future__ import annotations

from .dock import ZoneDock

__all__ = ["ZoneDock"]
