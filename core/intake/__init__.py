"""Layers and tables that others sent: read, understood, mended and brought into a plan."""
