"""What ``python -m restoration_planner …`` and the Processing algorithms do, one module a command."""
