"""Allocations as OpenCost reckons them."""
