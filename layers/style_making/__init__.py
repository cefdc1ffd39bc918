"""Makes the styles that are committed in ``layers/styles``; development only."""
