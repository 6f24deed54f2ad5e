"""A figure; see figure.py."""
