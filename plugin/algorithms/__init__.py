"""One module an algorithm; each does what its command does."""
