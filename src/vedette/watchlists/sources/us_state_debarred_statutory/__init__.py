"""AECA Statutory Debarments."""
