"""A table of submissions."""
