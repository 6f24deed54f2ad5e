"""BIS Entity List."""
