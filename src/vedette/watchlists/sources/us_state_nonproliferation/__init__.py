"""Nonproliferation Sanctions of the Department of State."""
