"""Invented publications, as works and as lines of OpenAlex's shape."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vedette.observatory import Authorship, Work

KISU = "Faculty of Physics, Kim Il Sung University, Pyongyang, DPR Korea"
KUT = "Kim Chaek University of Technology, Pyongyang, DPR Korea"
JILIN = "Jilin University, Changchun, China"
SEOUL = "Seoul National University, Seoul, Republic of Korea"
BERLIN = "Technical University, Berlin, Germany"
KOREA = "National University, Korea"
TITLE = "An invented study of shoals by {} methods and their limits"


def work(number: int = 1, **changes: Any) -> Work:
    """One record; name what matters to the test."""
    values: dict[str, Any] = {
        "source": "openalex",
        "source_id": f"W{number}",
        "line": number,
        "title": TITLE.format(f"number-{number}"),
        "year": 2020,
        "authors": (Authorship(position=1, name="Invented One", affiliations=(KISU,)),),
    }
    return Work(**{**values, **changes})


def line(number: int, *addresses: str, **changes: Any) -> dict[str, Any]:
    """One work of OpenAlex: an author an address."""
    values: dict[str, Any] = {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.5555/made.{number}",
        "title": TITLE.format(f"number-{number}"),
        "publication_year": 2020,
        "authorships": [
            {"author": {"display_name": f"Invented Author{place}"}, "raw_affiliation_strings": [address]}
            for place, address in enumerate(addresses, 1)
        ],
    }
    return {**values, **changes}


def written(path: Path, lines: Iterable[dict[str, Any]]) -> Path:
    """A file of such lines."""
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in lines), encoding="utf-8")
    return path


def ris(title: str, *, doi: str = "", year: int = 2020, author: str = "One, Invented", address: str = KISU) -> str:
    """One record of RIS."""
    told = f"DO  - {doi}\n" if doi else ""
    return f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - {year}\n{told}AD  - {address}\nER  - \n"
