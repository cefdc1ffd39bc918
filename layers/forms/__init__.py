"""The forms of a plan's tables: pages, rules, panels and their expressions."""
