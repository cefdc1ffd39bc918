"""A figure county by county."""
