"""Papers and photos of projects: attached by path or kept inside the plan, found again, offered as sites."""
