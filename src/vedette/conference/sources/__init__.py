"""The forms in which submissions come: one folder each, found by scanning. Pure parsers with declarations, samples and expected rows."""
