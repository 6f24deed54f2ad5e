"""Names across scripts: how letters of Cyrillic, Arabic and Han writing are spelt in Latin, learnt from pairs of names."""
