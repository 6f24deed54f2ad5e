"""Log adapters, one folder a product: raw record -> Event, with its table of actions, a sample and what must come of it."""
