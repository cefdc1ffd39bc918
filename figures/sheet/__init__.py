"""The siting sheet on paper: A4 pages with head, map, findings, reviews, signatures and corner points."""
