"""The history of a plan's projects, read for people: saves, what each changed, and projects that are gone."""
