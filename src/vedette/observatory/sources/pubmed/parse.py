"""Reads PubMed XML (PubmedArticleSet) article by article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    addresses_of,
    doi_of,
    inner,
    plain,
    title_of,
    xml_records,
    year_of,
)

_MONTHS = {month: place for place, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_LANGUAGES = {"eng": "en", "kor": "ko", "chi": "zh", "jpn": "ja", "ger": "de", "fre": "fr", "rus": "ru", "spa": "es"}


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes begin like an export of PubMed."""
    return b"<PubmedArticle" in head


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every article, in order, numbered from 1."""
    for item in xml_records(name, stream, frozenset(("PubmedArticle",))):
        if isinstance(item, Refused):
            yield item
            continue
        number, element = item
        try:
            yield _work(number, element)
        except RecordFault as fault:
            yield fault.at(number, inner(element.find(".//ArticleTitle"))[:200])


def _text(element: Element, path: str) -> str:
    return inner(element.find(path))


def _work(number: int, element: Element) -> Work:
    pmid = plain(_text(element, "MedlineCitation/PMID"))
    if not pmid.isdigit():
        raise RecordFault("PMID", f"{pmid[:40]!r} is no number of PubMed")
    article = element.find("MedlineCitation/Article")
    if article is None:
        raise RecordFault("Article", "the record holds no article")
    date = _date(article)
    language = plain(_text(article, "Language")).casefold()
    other = title_of(_text(article, "VernacularTitle"))
    return Work(
        source="pubmed",
        source_id=pmid,
        line=number,
        title=_untranslated(title_of(_text(article, "ArticleTitle"))),
        titles=((_LANGUAGES.get(language, ""), other),) if other else (),
        doi=_doi(element, article),
        year=year_of(date),
        date=date,
        abstract=abstract_of(" ".join(inner(part) for part in article.iterfind("Abstract/AbstractText"))),
        language=_LANGUAGES.get(language, language),
        venue=plain(_text(article, "Journal/Title")),
        type=plain(_text(article, "PublicationTypeList/PublicationType")),
        pages=plain(_text(article, "Pagination/MedlinePgn"))[:40],
        authors=tuple(_authorship(n, item) for n, item in enumerate(article.iterfind("AuthorList/Author"), 1)),
        funding=tuple(
            " ".join(filter(None, (plain(_text(grant, "Agency")), plain(_text(grant, "GrantID")))))
            for grant in article.iterfind("GrantList/Grant")
        ),
        keywords=tuple(
            text for item in element.iterfind("MedlineCitation/KeywordList/Keyword") if (text := plain(inner(item)))
        ),
    )


def _untranslated(title: str) -> str:
    """A title without the brackets that say it was translated."""
    return title.strip("[].") if title.startswith("[") and title.rstrip(".").endswith("]") else title


def _authorship(position: int, item: Element) -> Authorship:
    name = (
        _text(item, "CollectiveName")
        or f"{_text(item, 'ForeName') or _text(item, 'Initials')} {_text(item, 'LastName')}"
    )
    texts = [inner(part) for part in item.iterfind("AffiliationInfo/Affiliation")] or [_text(item, "Affiliation")]
    return Authorship(position=position, name=plain(name)[:200], affiliations=addresses_of(texts))


def _doi(element: Element, article: Element) -> str:
    for item in article.iterfind("ELocationID"):
        if item.get("EIdType") == "doi" and (found := doi_of(inner(item))):
            return found
    for item in element.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if item.get("IdType") == "doi" and (found := doi_of(inner(item))):
            return found
    return ""


def _date(article: Element) -> str:
    """The issue's date, cut to what is known."""
    issue = article.find("Journal/JournalIssue/PubDate")
    year = year_of(_text(issue, "Year") or _text(issue, "MedlineDate")) if issue is not None else 0
    if issue is None or not year:
        year = year_of(_text(article, "ArticleDate/Year"))
        return str(year) if year else ""
    month = plain(_text(issue, "Month"))[:3].casefold()
    number = int(month) if month.isdecimal() else _MONTHS.get(month, 0)
    day = plain(_text(issue, "Day"))
    if not 1 <= number <= 12:
        return str(year)
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day.isdecimal() and 1 <= int(day) <= 31 else "")
