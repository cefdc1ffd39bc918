"""Basemaps in QGIS's window: asked for, kept quiet when a project is opened, keys put in as requests go out."""
