"""CSV tables that no spreadsheet runs."""

__all__: list[str] = []
