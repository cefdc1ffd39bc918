"""Maps from the network under a plan: whose they are, what an address means, which are refused, where keys stay."""
