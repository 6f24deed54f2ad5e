"""Pods that ask for accelerators, as Kubernetes lists them."""
