"""Where a dock stands in QGIS's window, and the action that shows and hides it."""

from __future__ import annotations

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QDockWidget


class DockPlace:
    """Puts a dock where the user left it, else at the window's lower edge.

    Parameters
    ----------
    action
        The checkable action that shows the dock; it follows what becomes of the dock.  Whoever made it connects it.
    beside
        The object name of a dock that this one shares a place with; then it stays hidden until it is asked for.
    """

    def __init__(self, iface: QgisInterface, dock: QDockWidget, action: QAction, beside: str = "") -> None:
        self._iface = iface
        self._dock = dock
        self._action = action
        place = Qt.DockWidgetArea.BottomDockWidgetArea
        self._sized = True
        if not iface.mainWindow().restoreDockWidget(dock):
            if beside:
                iface.addTabifiedDockWidget(place, dock, [beside], False)
                dock.hide()
            else:
                iface.addDockWidget(place, dock)
                self._sized = False
        dock.visibilityChanged.connect(self._visibility_changed)
        self._visibility_changed()

    def show(self) -> None:
        """Bring the dock to the front; the first time at the height that it asks for."""
        self._dock.show()
        self._dock.raise_()
        if not self._sized:
            self._sized = True
            height = self._dock.widget().sizeHint().height()
            self._iface.mainWindow().resizeDocks([self._dock], [height], Qt.Orientation.Vertical)

    def hide(self) -> None:
        """Close the dock as its own button does."""
        self._dock.close()

    def close(self) -> None:
        """Take the dock out of the window."""
        self._dock.visibilityChanged.disconnect(self._visibility_changed)
        self._iface.removeDockWidget(self._dock)
        self._dock.setParent(None)  # type: ignore[call-overload]
        self._dock.deleteLater()

    def _visibility_changed(self, _visible: bool = False) -> None:
        self._action.blockSignals(True)
        self._action.setChecked(not self._dock.isHidden())
        self._action.blockSignals(False)
