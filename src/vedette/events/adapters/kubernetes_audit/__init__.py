"""Kubernetes audit log."""
