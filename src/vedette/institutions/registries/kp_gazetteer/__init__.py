"""Institutions of the DPRK, each row with its source."""
