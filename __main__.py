"""``python -m restoration_planner COMMAND …``: the plan's commands without QGIS."""

from __future__ import annotations

import sys

from .core.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
