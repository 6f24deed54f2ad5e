"""Section 1286 List of Institutions and Talent Programmes."""
