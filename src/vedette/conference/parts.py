"""An affiliation field taken apart where the DPRK is in question, so that no institution changes what law asks of its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from vedette.institutions import Resolution

KP = "KP"
AMBIGUOUS = "ambiguous"
#: An institution counts as meant from this probability on, where a question to authors may hang on it.
SURE = 0.6
_KR = "KR"
_LONGEST = 2_000
#: Hard breaks between affiliations, and raised numbers that open the next one in a paper's block.
_BREAK = re.compile(r"\s*[;；\n|]\s*|\s+(?=\d{1,2}[A-Z][a-z]+ )")
_MARK = re.compile(r"^(?:[\s\d*∗†‡§¶♯⋆‖⁰¹²³⁴-⁹ᵃ-ᶻ,()\[\]]+|[a-z](?:\)|,[a-z])*)(?=[^\W\d_a-z])")


class Resolver(Protocol):
    """Whoever tells which institutions and which country a text names."""

    def resolve(self, text: str) -> Resolution:
        """What a string means."""
        ...


def judged(text: str, desk: Resolver) -> Iterator[Resolution]:
    """What a field says: as a whole, or each part by its own institution and country where one part speaks of the DPRK."""
    text = text[:_LONGEST]
    whole = _read(text, desk)
    if whole.country.code not in (KP, AMBIGUOUS):
        yield whole
        return
    parts = _parts(text, desk)
    found = [whole] if len(parts) < 2 else [_read(part, desk) for part in parts]
    taken = [each for part in found for each in _neighbours(part, desk)]
    yield from taken if any(map(_speaks_of_dprk, taken)) else [whole]


def _speaks_of_dprk(found: Resolution) -> bool:
    return found.country.code == KP or any(match.country == KP and match.score >= SURE for match in found.matches)


def _read(text: str, desk: Resolver) -> Resolution:
    """The text's meaning; where no institution is recognised, without the footnote mark that it may open with."""
    found = desk.resolve(text)
    mark = _MARK.match(text)
    if mark is None or found.listed or any(match.score >= SURE for match in found.matches):
        return found
    bare = desk.resolve(text[mark.end() :])
    return bare if bare.listed or any(match.score >= SURE for match in bare.matches) else found


def _parts(text: str, desk: Resolver) -> list[str]:
    """The field at its hard breaks; a mere address behind a mere name belongs to that name."""
    parts: list[str] = []
    for part in filter(None, (each.strip(" ,") for each in _BREAK.split(text))):
        if parts and "," not in parts[-1] and _address_only(part, desk):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def _address_only(part: str, desk: Resolver) -> bool:
    """Whether towns and a country stand there and no institution; a single word before a country passes for a town."""
    *towns, last = [each.strip() for each in part.split(",") if each.strip()]
    told = [desk.resolve(last), *(desk.resolve(each) for each in towns if " " in each)]
    return all(each.country.code and not each.matches for each in told)


def _neighbours(found: Resolution, desk: Resolver) -> list[Resolution]:
    """One part with several names, each read with the address behind it.

    The decision about the whole holds for all pieces where one speaks of the other Korea, or of a country in which none of its
    institutions has its seat: what is contradicted is asked about.
    """
    text, starts = found.query, _starts(found)
    if found.country.code not in (KP, AMBIGUOUS) or len(starts) < 2:
        return [found]
    ends = [*starts[1:], len(text)]
    pieces = [_read(text[start:end], desk) for start, end in zip([0, *starts[1:]], ends, strict=True)]
    return pieces if all(map(_clear, pieces)) else [replace(piece, country=found.country) for piece in pieces]


def _clear(piece: Resolution) -> bool:
    seats = {match.country for match in piece.matches}
    return piece.country.code in (KP, None) or (piece.country.code != _KR and piece.country.code in seats)


def _starts(found: Resolution) -> list[int]:
    """Where the names of different institutions begin; of names that overlap only the first counts."""
    spans = [_span(found.query, match.written) for match in (*found.matches, *found.considered)]
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if start >= 0 and all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return sorted(start for start, _ in kept)


def _span(text: str, written: str) -> tuple[int, int]:
    start = text.find(written) if written else -1
    return start, start + len(written)
