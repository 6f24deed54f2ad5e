"""The list sources: one folder each, found by scanning. Pure parsers with their declarations, samples and expected listings."""
