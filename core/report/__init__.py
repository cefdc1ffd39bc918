"""Findings as JSON, CSV, GeoJSON and HTML."""
