"""Engines over the lake, one module each: the same SQL, the same rows."""
