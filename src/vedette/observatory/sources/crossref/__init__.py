"""Crossref works."""
