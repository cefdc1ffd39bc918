"""What people see: dock, dialogs, item models, icons."""
