"""Billing exports as payments: one folder per product, found by scanning; card numbers never come through."""
