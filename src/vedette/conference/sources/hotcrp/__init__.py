"""HotCRP's JSON."""
