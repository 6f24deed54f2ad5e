"""Where this room's rows live: what comes in, hourly sums for the ledger, series for the classes, and kept results."""
