"""Section 1260H List of Chinese Military Companies."""
