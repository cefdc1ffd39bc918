"""The figures and siting sheets from QGIS's window."""
