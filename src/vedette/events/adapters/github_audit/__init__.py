"""GitHub audit log."""
