"""An affiliation string as plain tokens that remember where they stand: scripts, accents, abbreviations, filler words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from vedette.institutions.tables import pairs, words

#: Longer strings are no affiliation; only this much of one is read.
LIMIT = 4_000
#: A word that opens with so many capitals is an acronym with a tail, as in SUSTech.
_SUNG = 3
_INITIALS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.[ \t]?){2,}(?:[^\W\d_](?![^\W_]))?")
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_ELISION = re.compile(r"(?<![^\W_])(?:d|l|dell|nell|all|dall|sull|un|qu|s)['’`´ʼ](?=[^\W\d_])", re.I)
_SILENT = re.compile(r"(?<=[^\W_])['’‘`´ʹʺʻʼʽʾʿ](?=[^\W_])|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_GLUED = re.compile(
    r"(?<![^\W_])((?:[Pp]resent|[Cc]urrent|[Pp]ermanent) ?address|at|of|the|and|from|with|for|in|by)(?=[A-Z][A-Za-z])"
)
_UNPARTED = re.compile(
    r"(?<=[a-zà-ÿ])(?=(?:Univ|Instit|College|Hospital|Academ|Cent(?:er|re)|Depart|School|Laborat|Nation|Facult)[a-zé])"
    r"|(?<=[A-Z]{3})(?=Univ|Instit|Hospital|Laborat|Depart)"
)
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
#: What parts one affiliation from the next beyond doubt.
BREAK = re.compile(r"[;|\n\r\t]|\s//\s")
_COMMA = re.compile(r"[,()\[\]:]|\s[-–—]\s|\.\s")


@dataclass(frozen=True, slots=True)
class Text:
    """A string taken apart. Token i is ``tokens[i]``, written at ``clean[starts[i]:ends[i]]``.

    ``segments[i]`` counts the commas and brackets before token i, ``parts[i]`` the hard breaks; ``capital[i]`` tells whether
    the token is written in capitals throughout. Filler words such as "of" are left out.
    """

    clean: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    segments: tuple[int, ...]
    parts: tuple[int, ...]
    capital: tuple[bool, ...]

    def written(self, start: int, end: int) -> str:
        """The text of tokens start..end as it was written."""
        return self.clean[self.starts[start] : self.ends[end - 1]]


def clean(text: str) -> str:
    """Compatibility forms unified, initials joined ("U.S.A." becomes "USA"), apostrophes inside words dropped."""
    text = unicodedata.normalize("NFKC", text[:LIMIT])
    text = _INITIALS.sub(_joined, text)
    text = _UNPARTED.sub(" ", _GLUED.sub(r"\1 ", text))
    text = _ELISION.sub("", text)
    return _SILENT.sub("", text)


def _joined(found: re.Match[str]) -> str:
    letters = re.sub(r"[.\s]", "", found[0])
    tail = " " if found[0][-1].isspace() else ""
    return letters + tail


@lru_cache(maxsize=131_072)
def fold(token: str) -> str:
    """One token in lower case without accents, written out where it is a known abbreviation; empty for a filler word."""
    low = token.casefold().translate(_PLAIN)
    if not low.isascii():
        bare = unicodedata.normalize("NFD", low)
        low = unicodedata.normalize("NFC", "".join(c for c in bare if not unicodedata.combining(c) or _kept(c)))
    low = _abbreviations().get(low, low)
    return "" if low in _filler() else low


def _kept(mark: str) -> bool:
    """Marks that are letters of their script (Indic and Thai vowels, Kana voicing) stay."""
    return not ("\u0300" <= mark <= "\u036f")


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    return {short: long for long, shorts in pairs("abbreviations.tsv") for short in shorts.split()}


@lru_cache(maxsize=1)
def _filler() -> frozenset[str]:
    return words("filler.txt")


def read(text: str) -> Text:
    """Take a string apart."""
    plain = clean(text)
    tokens, starts, ends, segments, parts, capital = [], [], [], [], [], []
    segment = part = last = 0
    for found in _TOKEN.finditer(plain):
        start, end = found.span()
        if start > last:
            between = plain[last:start]
            if between != " ":
                part += bool(BREAK.search(between))
                segment += bool(_COMMA.search(between) or BREAK.search(between))
        last = end
        word = found[0]
        token = fold(word)
        if token:
            tokens.append(token)
            starts.append(start)
            ends.append(end)
            segments.append(segment)
            parts.append(part)
            capital.append(len(word) > 1 and (word.isupper() or word[:_SUNG].isupper()))
    return Text(plain, tuple(tokens), tuple(starts), tuple(ends), tuple(segments), tuple(parts), tuple(capital))


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """The form under which a name is indexed and looked up."""
    return " ".join(filter(None, map(fold, _TOKEN.findall(clean(name)))))
