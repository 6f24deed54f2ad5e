"""Make the table of common words in listed names, by which screening weighs words: from OFAC's public SDN files only.

python bench/screening_words.py DATA > src/vedette/screening/data/listed_words.tsv
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from vedette import watchlists
from vedette.screening.model import Edition
from vedette.screening.question import SKELETON
from vedette.screening.segment import build

_LEAST = 4
_PER = 100_000


def main() -> None:
    """Count in how many of the forms of listed names each word stands, and print it per 100,000 forms."""
    ofac = Path(sys.argv[1]) / "watchlists" / "ofac"
    files = [ofac / "sdn_2024-05-03.csv.gz", ofac / "alt_2025-02-27.csv.gz"]
    listings = watchlists.read(files)[0].reading.listings
    forms = build(Edition(list_id="", version="", entries_hash=""), listings).forms
    held = Counter(word for form in forms for word in set(form.removeprefix(SKELETON).split()))
    lines = [
        "# Words of listed names: in how many of 100,000 written forms each stands.",
        "# Counted by bench/screening_words.py in the SDN list of 2024-05-03 (OFAC, a work of the United States government).",
        *(f"{word}\t{round(count * _PER / len(forms))}" for word, count in sorted(held.items()) if count >= _LEAST),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
