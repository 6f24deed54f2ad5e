"""Our own signed bundle."""

__all__: list[str] = []
