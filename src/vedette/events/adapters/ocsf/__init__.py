"""OCSF events."""
