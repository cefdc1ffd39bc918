"""The plan itself: pure Python, never imports qgis or Qt."""
