"""The publication sources: one folder each, found by scanning. Pure parsers with declarations, samples and expected records."""
