"""Map tools that move zone borders without breaking the tiling."""
