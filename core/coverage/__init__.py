"""Zones and key areas that tile the city: changed together, so that no gap and no overlap can open."""
