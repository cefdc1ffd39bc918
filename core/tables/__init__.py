"""The plan's appendix tables: what stands in them, and the files they go out as."""
