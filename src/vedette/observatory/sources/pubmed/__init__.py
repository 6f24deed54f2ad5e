"""PubMed articles."""
