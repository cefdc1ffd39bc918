"""The ten figures look as they did: pictures against pictures kept in ``references``, within a stated tolerance.

Made anew, after somebody has looked at the pages, by ``./dev run python tools/make_figure_references.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from qgis.core import Qgis
from qgis.PyQt.QtGui import QImage

from .references import CHINESE, draw, kept_for

#: A pixel differs where a channel differs by more than this (of 255) …
DIFFERS = 32
#: … and a page where more than this share of its pixels does: 0.05 %, on A3 at 50 dots an inch 240, half a label.
TOLERANCE = 0.0005

Pixels = npt.NDArray[np.uint8]


def pixels(file: Path) -> Pixels:
    """``(height, width, 3)``"""
    picture = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    held = picture.constBits()
    held.setsize(picture.sizeInBytes())
    return np.frombuffer(held, np.uint8).reshape(picture.height(), picture.width(), 4)[:, :, 2::-1].copy()


def differing(one: Pixels, other: Pixels) -> npt.NDArray[np.bool_]:
    return (np.abs(one.astype(np.int16) - other.astype(np.int16)) > DIFFERS).any(axis=2)


def difference_picture(drawn: Pixels, differs: npt.NDArray[np.bool_], file: Path) -> None:
    """The page, faint, with what differs in red."""
    faint = (255 - (255 - drawn.astype(np.int16)) // 4).astype(np.uint8)
    faint[differs] = (220, 0, 0)
    file.parent.mkdir(parents=True, exist_ok=True)
    height, width = differs.shape
    QImage(np.ascontiguousarray(faint).tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).save(str(file))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The ten figures as they are drawn now."""
    if not kept_for(Qgis.QGIS_VERSION).is_dir():
        pytest.skip(f"no reference pictures are kept for QGIS {Qgis.QGIS_VERSION}")
    if not CHINESE.is_dir():
        pytest.skip(f"the typeface of the reference pictures is not installed ({CHINESE})")
    return draw(tmp_path_factory.mktemp("drawn"))


@pytest.mark.parametrize("number", range(1, 11))
def test_a_figure_looks_as_it_did(drawn: list[Path], number: int, repository: Path) -> None:
    now = pixels(drawn[number - 1])
    kept = kept_for(Qgis.QGIS_VERSION) / f"{number:02}.png"
    before = pixels(kept)
    assert now.shape == before.shape
    differs = differing(now, before)
    if differs.mean() > TOLERANCE:
        picture = repository / "build" / "figure-differences" / kept.parent.name / kept.name
        difference_picture(now, differs, picture)
        pytest.fail(
            f"figure {number}: {differs.mean():.3%} of its pixels differ (allowed {TOLERANCE:.2%}); see {picture}"
        )


def test_a_moved_label_would_be_noticed(drawn: list[Path], tmp_path: Path) -> None:
    """The tolerance is no blank cheque: a patch of a label's size, moved by its height, is over it."""
    page = pixels(drawn[0])
    moved = page.copy()
    moved[10:26, 330:520] = page[18:34, 330:520]  # the title
    differs = differing(page, moved)
    assert differs.mean() > TOLERANCE
    difference_picture(moved, differs, tmp_path / "difference.png")
    assert (pixels(tmp_path / "difference.png") == (220, 0, 0)).all(axis=2).sum() == differs.sum()
