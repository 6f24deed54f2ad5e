"""BIS Denied Persons List."""
