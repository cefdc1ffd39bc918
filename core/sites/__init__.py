"""Ways to give a project's site: what is chosen, drawn or pasted becomes ground in EPSG:4490."""
