"""The plugin speaks the language that QGIS is in."""

from __future__ import annotations

import os

from qgis.core import QgsApplication

from ..core.texts import LANGUAGE_VARIABLE, set_language


def follow_qgis_language() -> None:
    """Use QGIS's language (``zh-Hans``, ``zh``, ``zh_CN`` … are Chinese), unless the environment names another."""
    set_language(os.environ.get(LANGUAGE_VARIABLE) or qgis_language())


def qgis_language() -> str:
    """The name of the locale that QGIS's interface is in."""
    application = QgsApplication.instance()
    # `qgis --lang` only sets the translation, the settings keep what they had
    translation = application.translation() if isinstance(application, QgsApplication) else ""
    return translation if translation not in ("", "C") else QgsApplication.locale()
