"""The siting check: rules, findings, reviews."""
