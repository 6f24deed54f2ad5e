"""The terminal's door: assembles the rooms' own commands; no rules of its own."""
