"""Teleport: audit events."""
