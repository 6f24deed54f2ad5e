"""BibTeX entries."""
