"""Where this room's rows live: what comes in, affiliations resolved, what is derived of them, and how far fetches went."""
