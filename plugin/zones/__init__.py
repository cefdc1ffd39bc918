"""Building, saving and keeping zones from QGIS's window."""
