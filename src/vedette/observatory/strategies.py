"""Ways to search for a country's publications: its name, towns, institutions, domain and postcodes, as terms to search and to match."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vedette.institutions import Organisation
from vedette.institutions.tables import rows as table

STRATEGIES = ("country", "city", "institution", "domain", "postcode", "claimed")
_QUERY_LIMIT = 60
_FORMS: Mapping[str, tuple[str, str, str]] = {
    "wos": ("AD=(", " OR ", ")"),
    "scopus": ("AFFIL(", " OR ", ")"),
    "pubmed": ("(", " OR ", ")[ad]"),
    "openalex": ("raw_affiliation_strings.search:(", " OR ", ")"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One way to search: its terms as they are typed. ``blind_spots`` says what it misses or brings in wrongly."""

    name: str
    terms: tuple[str, ...]
    blind_spots: str

    def query(self, form: str) -> str:
        """The terms as a query of a database (wos, scopus, pubmed, openalex); quoted, so that none can end the query."""
        opening, between, closing = _FORMS[form]
        quoted = ['"' + term.replace('"', " ").strip() + '"' for term in self.terms[:_QUERY_LIMIT]]
        if form == "pubmed":
            return between.join(f"{term}[ad]" for term in quoted)
        return f"{opening}{between.join(quoted)}{closing}"


def strategies(country: str, organisations: Iterable[Organisation]) -> tuple[Strategy, ...]:
    """The strategies for a country, from the tables and the registries at hand; one without terms is left out."""
    own = [item for item in organisations if item.country == country]
    towns = [row[2:] for row in table("towns.tsv") if row[0] == country]
    names = [row[1:] for row in table("countries.tsv") if row[0] == country]
    cities = [text for row in towns for text in row] + [city for item in own for city in item.cities]
    found = (
        Strategy(
            name="country",
            terms=_terms(text for row in names for text in row if text != "-"),
            blind_spots="Misses addresses that end with the town or write Korea alone.",
        ),
        Strategy(
            name="city",
            terms=_terms(cities),
            blind_spots="A published search by six towns found 79 % (kcse.153); towns of one spelling exist elsewhere.",
        ),
        Strategy(
            name="institution",
            terms=_terms(name for item in own for name in item.names),
            blind_spots="Misses institutions that no registry at hand knows, and abbreviations.",
        ),
        Strategy(
            name="domain",
            terms=_terms([f".{country.casefold()}", *(domain for item in own for domain in item.domains)]),
            blind_spots="Few addresses hold an e-mail or web address.",
        ),
        Strategy(
            name="postcode",
            terms=_terms(code for item in own for code in item.postcodes),
            blind_spots="Seen in addresses written the Chinese way only.",
        ),
    )
    return tuple(item for item in found if item.terms)


def _terms(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def matcher(strategy: Strategy) -> re.Pattern[str]:
    """A pattern over folded addresses (see ``fold``) that finds any of the terms as whole words; Han and Hangul anywhere."""
    parts = sorted({_part(fold(term), strategy.name) for term in strategy.terms if fold(term)}, key=len, reverse=True)
    return re.compile("|".join(parts))


def _part(term: str, name: str) -> str:
    escaped = re.escape(term)
    if name == "domain":
        return rf"{'' if term.startswith('.') else '(?<![a-z0-9-])'}{escaped}(?![a-z0-9-])"
    if any(letter > "\u2e7f" for letter in term):
        return escaped
    return rf"(?<![^\W_]){escaped}(?![^\W_])"


def fold(text: str) -> str:
    """Lower case without accents and with single spaces."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", " ".join("".join(c for c in folded if not unicodedata.combining(c)).split()))
