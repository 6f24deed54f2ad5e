"""Japan's End User List."""
