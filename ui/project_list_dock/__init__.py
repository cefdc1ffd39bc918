"""The dock with the list of projects: filters, table, totals, look-alikes."""

from __future__ import annotations

from .dock import ProjectListDock

__all__ = ["ProjectListDock"]
