"""Small pictures of photos, made one after another in a thread of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Condition

from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QThread, pyqtSignal
from qgis.PyQt.QtGui import QImage, QImageReader

from ...core.errors import PlannerError
from ...core.papers.media import is_picture

#: What is read at all: the content decides, so that a drawing that names other files does not pass as a photo.
_FORMATS = frozenset({"jpeg", "jpg", "png", "tiff", "tif", "webp", "bmp", "gif", "heic", "heif"})
#: Of JPEGs only every eighth point need be worked out; other pictures are read whole, so there is a limit to them.
_MOST_PIXELS = 60_000_000
_MOST_PIXELS_JPEG = 1_000_000_000
BROKEN, TOO_LARGE = "papers.ui.no_picture", "papers.ui.picture_too_large"

Source = Callable[[], "Path | bytes"]


def small_picture(source: Path | bytes, size: QSize) -> QImage | str:
    """A picture no larger than `size`, upright as the camera was held; or the key of why there is none."""
    buffer = QBuffer()
    if isinstance(source, bytes):
        buffer.setData(QByteArray(source))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
    else:
        if not is_picture(source.name):
            return BROKEN
        reader = QImageReader(str(source))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    kind = bytes(reader.format()).decode("ascii", "replace").lower()
    whole = reader.size()
    if kind not in _FORMATS or not whole.isValid() or whole.isEmpty():
        return BROKEN
    most = _MOST_PIXELS_JPEG if kind in ("jpeg", "jpg") else _MOST_PIXELS
    if whole.width() * whole.height() > most:
        return TOO_LARGE
    # Turning comes after scaling: a square has room for both
    side = max(size.width(), size.height())
    scaled = whole.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
    if scaled.width() < whole.width():
        reader.setScaledSize(scaled.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return BROKEN
    if image.width() > size.width() or image.height() > size.height():
        image = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image


class ThumbnailMaker(QThread):
    """Makes small pictures in the order they are asked for.

    Signals
    -------
    made(number, picture)
        A QImage, or the key of a sentence that says why there is none.
    """

    made = pyqtSignal(int, object)

    def __init__(self, size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._wanted: deque[tuple[int, Source]] = deque()
        self._more = Condition()
        self._stopping = False

    def want(self, number: int, source: Source) -> None:
        """Ask for the picture of a paper."""
        with self._more:
            self._wanted.append((number, source))
            self._more.notify()
        if not self.isRunning():
            self.start(QThread.Priority.LowPriority)

    def forget(self) -> None:
        """Nothing that was asked for is wanted any more."""
        with self._more:
            self._wanted.clear()

    def stop(self) -> None:
        """End, after the picture that is being made."""
        with self._more:
            self._stopping = True
            self._wanted.clear()
            self._more.notify()
        self.wait()

    def run(self) -> None:
        """Make what is wanted until told to stop."""
        while True:
            with self._more:
                while not self._wanted and not self._stopping:
                    self._more.wait()
                if self._stopping:
                    return
                number, source = self._wanted.popleft()
            try:
                picture = small_picture(source(), self._size)
            except (PlannerError, OSError):
                picture = BROKEN
            self.made.emit(number, picture)
