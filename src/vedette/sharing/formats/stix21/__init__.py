"""STIX 2.1 bundles."""

__all__: list[str] = []
