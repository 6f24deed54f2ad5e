"""UFLPA Entity List."""
