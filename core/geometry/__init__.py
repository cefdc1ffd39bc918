"""Ellipsoidal area, repair, tiled layers and overlap of polygons in longitude/latitude."""
