"""DBLP records."""
