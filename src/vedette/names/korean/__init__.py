"""Korean names as syllables: which Hangul a written syllable may stand for, in Latin, Hangul, Hanja and Cyrillic."""
