"""Power of whole machines, as their boards measure it."""
