"""Customers and their owners as the provider holds them."""
