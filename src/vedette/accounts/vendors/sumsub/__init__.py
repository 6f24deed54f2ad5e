"""Sumsub: reviews of applicants."""
