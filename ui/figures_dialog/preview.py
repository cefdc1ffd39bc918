"""A small picture of the figure that is looked at."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QPixmap, QResizeEvent
from qgis.PyQt.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ...core.texts import text

#: Width and height of the picture's place, in pixels.
PLACE = (286, 202)


class Preview(QLabel):
    """A sheet of paper, or a word about why there is none yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figures_preview")
        self.setAccessibleName(text("figures_dialog.preview"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(*PLACE)
        self._picture = QPixmap()
        self._number: int | None = None

    def wait_for(self, number: int) -> None:
        """Say that a figure is being drawn."""
        if number != self._number:
            self._number = number
            self._say("preview_drawing")

    def show_none(self, key: str = "preview_none") -> None:
        """Say that there is nothing to show."""
        self._number = None
        self._say(key)

    def show_picture(self, number: int, file: str) -> None:
        """Show a figure's picture."""
        picture = QPixmap(file) if file else QPixmap()
        if picture.isNull():
            self.show_none()
            return
        self._number, self._picture = number, picture
        self.setToolTip("")
        self._fit()

    def number(self) -> int | None:
        """Which figure is shown or being drawn."""
        return self._number

    def has_picture(self) -> bool:
        """Whether a picture stands there."""
        return not self._picture.isNull()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture as large as its place."""
        super().resizeEvent(event)
        if self.has_picture():
            self._fit()

    def _say(self, key: str) -> None:
        self._picture = QPixmap()
        self.setText(text(f"figures_dialog.{key}"))

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        room = self.contentsRect().size() - QSize(8, 8)
        fitted = self._picture.scaled(
            round(room.width() * ratio),
            round(room.height() * ratio),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)
