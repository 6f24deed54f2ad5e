"""Blind match: whether some participant holds an approved finding about an identifier, without telling which identifier."""
