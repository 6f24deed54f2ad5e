"""BIS Military End-User List."""
