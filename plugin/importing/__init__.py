"""Importing from QGIS's window."""
