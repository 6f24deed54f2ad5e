"""A paper as LaTeX source."""
