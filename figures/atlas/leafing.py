"""Turning the pages of a layout's atlas."""

from __future__ import annotations

from qgis.core import QgsPrintLayout

from ..press.writing import SERIES_SCALES


def seek(layout: QgsPrintLayout, number: int, begin: bool = True, whole: bool = True) -> bool:
    """Turn an atlas to a page, from 0; False where it has none such.

    Without `begin` its pages are not counted anew: quicker for one page after the other of an atlas at rest.  Without
    `whole` only the map is brought up to date, not legend and labels.
    """
    layout.renderContext().setPredefinedScales(SERIES_SCALES)
    atlas = layout.atlas()
    if begin:
        atlas.beginRender()
    found = bool(atlas.seekTo(number))
    main = layout.itemById("map")
    if found and (whole or main is None):
        layout.refresh()
    elif found:
        main.refresh()
    return found


def page_names(layout: QgsPrintLayout) -> tuple[str, ...]:
    """Names of an atlas's pages, none where it is switched off; leaves it at its first one."""
    atlas = layout.atlas()
    if not atlas.enabled() or not atlas.beginRender():
        return ()
    names = tuple(atlas.nameForPage(number) for number in range(atlas.count()))
    seek(layout, 0)
    return names
