"""Han characters: their simplified form and their Mandarin, Korean and Japanese readings; Mandarin names in Latin letters."""
