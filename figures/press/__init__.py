"""Printing: jobs, the printer and what becomes of its files."""
