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
        self._placed = bool(iface.mainWindow().restoreDockWidget(dock))
        if not self._placed:
            if beside:
                iface.addTabifiedDockWidget(place, dock, [beside], False)
                dock.hide()
            else:
                iface.addDockWidget(place, dock)
        dock.visibilityChanged.connect(self._visibility_changed)
        self._visibility_changed()

    def show(self) -> None:
        """Bring the dock to the front; the first time as a tab of our docks that are there, or as high as it asks for."""
        window, neighbour = self._iface.mainWindow(), None
        if not self._placed:
            neighbour = self._neighbour()
            if neighbour is not None:  # before it is shown: side by side both could be wider than the window
                window.tabifyDockWidget(neighbour, self._dock)
        self._dock.show()
        height = self._dock.widget().sizeHint().height()
        if not self._placed and (neighbour is None or self._dock.widget().height() < height):
            window.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)
        self._placed = True
        self._dock.raise_()

    def _neighbour(self) -> QDockWidget | None:
        """Another dock of ours that stands in the same area: one that was made later is not found by name at first."""
        window = self._iface.mainWindow()
        area = window.dockWidgetArea(self._dock)
        for other in window.findChildren(QDockWidget):
            ours = other is not self._dock and other.objectName().startswith("RestorationPlanner")
            if ours and not other.isHidden() and not other.isFloating() and window.dockWidgetArea(other) == area:
                return other if area != Qt.DockWidgetArea.NoDockWidgetArea else None
        return None

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
