"""The keys by which two records are told to be one work: the DOI, else title and year with the first author or page."""

from __future__ import annotations

import re
import unicodedata

from vedette.base import digest
from vedette.observatory.model import Work

_LONG = 25
_LONG_IN_CHARACTERS = 10
_WORDS = re.compile(r"[a-z]{2,}")
_OTHER = re.compile(r"[^a-z0-9]+")
_PAGE = re.compile(r"[A-Za-z]?\d+")
#: Titles that many works bear: they never join two records by themselves.
_COMMON = frozenset(
    "editorial erratum corrigendum correction retraction preface foreword introduction contents index bookreviews "
    "acknowledgement acknowledgements editorialboard frontmatter backmatter tableofcontents".split()
)


def letters(title: str) -> str:
    """A title's letters and digits, folded: what stays the same whichever source wrote it."""
    if title.isascii():
        return _OTHER.sub("", title.lower())
    folded = unicodedata.normalize("NFKD", title).casefold()
    kept = (letter for letter in folded if letter.isalnum())
    return unicodedata.normalize("NFC", "".join(kept))


def title_key(work: Work) -> str:
    """The same for records that may be one work by their title; "" where the title is too short and nothing else tells.

    Years and first authors of records with one key are compared apart.
    """
    text = letters(work.title)
    if not text or text in _COMMON:
        return ""
    wide = 0 if text.isascii() else sum(letter > "\u2e7f" for letter in text)
    if len(text) >= _LONG or wide >= _LONG_IN_CHARACTERS:
        return digest("title", text).hex()[:24]
    page = first_page(work)
    return digest("title", text, str(work.year), page).hex()[:24] if work.year and page else ""


def first_page(work: Work) -> str:
    """The first page of the record, or ""."""
    found = _PAGE.match(work.pages.strip())
    return found.group().casefold() if found else ""


def first_author(work: Work) -> tuple[str, ...]:
    """The Latin words of the first author's name, folded; none for names in other scripts, which no word of a name can contradict."""
    name = next((author.name for author in work.authors if author.position == 1), "")
    folded = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return tuple(dict.fromkeys(_WORDS.findall(folded)))
