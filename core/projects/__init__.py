"""The plan's projects as one works with them: listed, found, summed up, compared, changed together."""
