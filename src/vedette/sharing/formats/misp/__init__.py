"""MISP events."""

__all__: list[str] = []
