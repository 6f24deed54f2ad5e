"""Scopus exports."""
