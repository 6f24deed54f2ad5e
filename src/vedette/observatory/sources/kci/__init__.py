"""KCI exports."""
