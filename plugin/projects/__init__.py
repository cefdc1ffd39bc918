"""Projects in QGIS: forms, tables in."""
