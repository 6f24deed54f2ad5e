"""OpenAlex works."""
