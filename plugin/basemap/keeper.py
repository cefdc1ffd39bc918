"""Keeps keys and quiet: keys are put into requests as they go out, and a project's basemaps wait to be asked for.

Keys stand in QGIS's settings of this user (``restoration_planner/basemap_keys``), where QGIS keeps those of its own XYZ
connections; not in its vault for passwords, which cannot put a key into a tile's address and would ask for its master
password while a map is drawn.  Layers hold `KEPT` in their stead, so no project, plan or style can give a key away,
however it is saved: by QGIS, another plugin, or without this one.

A project that is opened shows its basemaps unticked, with a button that shows them: it may be somebody else's, and
which places one looks at, when and from where is nobody's business unasked.  Nothing is sent before that (see
`layers.basemaps`), and nothing is changed in the file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsNetworkAccessManager, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QObject, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest
from qgis.PyQt.QtWidgets import QPushButton

from ...core.basemap.keys import KEPT, put_in
from ...core.texts import text
from ...layers import basemaps
from ...ui.messages import warn

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

SETTING = "restoration_planner/basemap_keys"
_CODED = QUrl.ComponentFormattingOption.FullyEncoded

#: There is one while the plugin is at work: requests are all of QGIS's, not a window's.
_kept: dict[str, BasemapKeeper] = {}


def take_up(iface: QgisInterface) -> BasemapKeeper:
    """The keeper, made when a basemap is first met."""
    if "keeper" not in _kept:
        _kept["keeper"] = BasemapKeeper(iface, QgsProject.instance())
    return _kept["keeper"]


def let_go() -> None:
    """Leave requests and projects alone."""
    keeper = _kept.pop("keeper", None)
    if keeper is not None:
        keeper.close()


def has_basemaps(project: QgsProject) -> bool:
    """Whether a keeper is needed for a project."""
    return any(layer.customProperty(basemaps.PROPERTY) for layer in project.mapLayers().values())


class BasemapKeeper(QObject):
    """Follows the project and QGIS's requests."""

    def __init__(self, iface: QgisInterface, project: QgsProject) -> None:
        super().__init__()
        self._iface = iface
        self._project = project
        self._keys: dict[str, dict[str, str]] = _stored_keys()
        self._processor = QgsNetworkAccessManager.setRequestPreprocessor(self._put_keys_in)
        project.readProject.connect(self._project_read)
        self._hide_until_asked()

    def close(self) -> None:
        """Follow them no longer."""
        QgsNetworkAccessManager.removeRequestPreprocessor(self._processor)
        self._project.readProject.disconnect(self._project_read)

    def keys(self) -> dict[str, dict[str, str]]:
        """The keys that are known: server → parameter → key."""
        return self._keys

    def lend(self, server: str, keys: dict[str, str]) -> None:
        """Use keys from now on; `keep` or `give_back` them when it is known what they are worth."""
        if keys:
            # A new dictionary each time: threads that draw are reading the one before
            self._keys = {**self._keys, server: {**self._keys.get(server, {}), **keys}}

    def keep(self) -> None:
        """Remember the keys lent."""
        QgsSettings().setValue(SETTING, json.dumps(self._keys))

    def give_back(self) -> None:
        """Forget the keys lent since they were last kept."""
        self._keys = _stored_keys()

    def _put_keys_in(self, request: QNetworkRequest) -> None:
        """Called for every request of QGIS, in whichever thread makes it."""
        address = request.url().toString(_CODED)
        if KEPT in address:
            request.setUrl(QUrl(put_in(address, self._keys)))

    def _project_read(self, _document: object) -> None:
        self._hide_until_asked()

    def _hide_until_asked(self) -> None:
        shown = [b for b in basemaps.basemaps(self._project) if b.shown]
        if not shown:
            return
        dirty = self._project.isDirty()
        for basemap in shown:
            basemaps.show(self._project, basemap.id, False)
        self._project.setDirty(dirty)
        ids = [b.id for b in shown]
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), text("basemap.reopened", names=[b.name for b in shown]))
        button = QPushButton(text("basemap.show"), item)
        button.setObjectName("restoration_planner_show_basemap")

        def asked(*_: object) -> None:
            bar.popWidget(item)
            self.show_asked(ids)

        button.clicked.connect(asked)
        item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Info, 0)

    def show_asked(self, ids: list[str]) -> None:
        """Show basemaps, the user having asked for it; those without a key here are named instead."""
        for basemap in basemaps.basemaps(self._project):
            if basemap.id not in ids:
                continue
            if any(_lacks_key(source, self._keys) for source in basemaps.sources(self._project, basemap.id)):
                warn(self._iface.messageBar(), text("basemap.key_not_here", name=basemap.name))
            else:
                basemaps.show(self._project, basemap.id)


def _lacks_key(source: str, keys: dict[str, dict[str, str]]) -> bool:
    import base64
    import re
    from urllib.parse import parse_qsl

    from ...core.basemap.keys import lacks_key

    address = dict(parse_qsl(source)).get("url", "")
    _, in_it, document = address.partition(";base64,")
    if not in_it:
        return lacks_key(address, keys)
    said = base64.b64decode(document.replace(" ", "+")).decode("utf-8", errors="replace")
    return any(lacks_key(a.replace("&amp;", "&"), keys) for a in re.findall(r'(?:href|template)="([^"]*)"', said))


def _stored_keys() -> dict[str, dict[str, str]]:
    try:
        stored = json.loads(QgsSettings().value(SETTING, "{}", type=str))
    except ValueError:
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        str(server): {str(n): str(k) for n, k in keys.items()}
        for server, keys in stored.items()
        if isinstance(keys, dict)
    }
