"""Identity vendors whose results are taken as evidence: one folder each, found by scanning."""
