"""Persona: decisions about inquiries."""
