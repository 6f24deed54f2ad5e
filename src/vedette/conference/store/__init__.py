"""Conference rows in the state database: what is personal is sealed, what is due is purged."""
