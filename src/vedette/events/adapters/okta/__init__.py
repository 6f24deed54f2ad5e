"""Okta system log."""
