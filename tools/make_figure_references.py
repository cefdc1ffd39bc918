"""Make the reference pictures of the figures anew for the QGIS at hand: ``./dev run python tools/make_figure_references.py``.

Look at them before they are committed: the tests hold later figures against them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/qgis/figures"))


def main() -> None:
    """Draw all ten, and keep them for this QGIS."""
    from qgis.core import Qgis
    from references import draw, kept_for

    kept = kept_for(Qgis.QGIS_VERSION)
    with tempfile.TemporaryDirectory() as folder:
        pictures = draw(Path(folder) / "drawn")
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for picture in pictures:
            shutil.copy(picture, kept)
    size = sum(p.stat().st_size for p in kept.iterdir())
    print(f"{kept.relative_to(ROOT)}: {len(pictures)} pictures, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
