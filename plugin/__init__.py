"""What QGIS sees: the shell, actions, tasks, and the Processing provider."""
