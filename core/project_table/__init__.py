"""The plan's table of projects (表3), as offices keep and print it, brought into a plan row by row."""
