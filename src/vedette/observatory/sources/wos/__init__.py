"""Web of Science exports."""
