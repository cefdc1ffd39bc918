"""The figures of a plan's appendix: what they show, how they are drawn, laid out and exported."""
