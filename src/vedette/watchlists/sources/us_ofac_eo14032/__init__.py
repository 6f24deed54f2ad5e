"""Annex to Executive Order 14032."""
