"""The tables of a plan, its templates of facts, and town-name matching."""
