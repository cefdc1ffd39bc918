"""The siting sheet (选址核查表): what it says about a project, as plain data."""
