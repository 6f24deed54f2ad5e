"""Stripe Identity: results of verification sessions."""
