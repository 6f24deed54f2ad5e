"""The registries of institutions: one folder each, found by scanning. Pure parsers with declarations, samples and expected rows."""
