"""Stripe: charges, payment intents and the events that hold them."""
