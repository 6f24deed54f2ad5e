"""The European Union's consolidated list of financial sanctions."""
