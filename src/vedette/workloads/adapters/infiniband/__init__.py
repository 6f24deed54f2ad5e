"""Counters of InfiniBand ports."""
