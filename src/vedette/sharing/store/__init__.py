"""What sharing keeps in the state database, table by table; the only SQL of this room."""

__all__: list[str] = []
