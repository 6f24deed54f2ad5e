"""AECA Administrative Debarments."""
