"""Make the style files in ``layers/styles`` anew: ``./dev run python tools/make_styles.py``.

Run it with the oldest QGIS that is supported, whose files every later one reads.
"""

from __future__ import annotations

import os
from pathlib import Path


def main() -> None:
    """Write every style and name the files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_HASH_SEED"] = "0"  # the same order of attributes every time
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from restoration_planner.layers.style_making.make import make_styles

    for file in make_styles():
        print(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)
    application.exitQgis()


if __name__ == "__main__":
    main()
