"""The siting check from QGIS's window."""
