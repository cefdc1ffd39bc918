"""How each table of a plan looks and behaves in QGIS."""
