"""RIS records."""
