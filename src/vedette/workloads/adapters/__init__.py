"""Telemetry adapters: one folder for each tool, found by being there."""
