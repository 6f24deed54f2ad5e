"""Totals of network flows."""
