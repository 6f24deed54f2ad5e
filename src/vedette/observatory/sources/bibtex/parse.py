"""Reads BibTeX entries, also those that Scopus and Web of Science export with addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from vedette.observatory.model import Authorship, Refused, Work, refuse
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    addresses_of,
    doi_of,
    plain,
    split,
    text_of,
    title_of,
    year_of,
)

if TYPE_CHECKING:
    from bibtexparser.middlewares.middleware import Middleware

_ENTRY = re.compile(rb"(?:^|[\r\n])\s*(?:\xef\xbb\xbf)?@[A-Za-z]{2,30}\s{0,5}[{(]\s{0,5}[^\s,{}()\"]{1,200}\s{0,5}[,=]")
_MOST_LETTERS = 256 * 1024 * 1024
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BRACES = str.maketrans("", "", "{}")
_MONTHS = {month: place for place, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_PREFIX = re.compile(
    r"^\s*(?:[^,;()]{1,60},\s+[^,;()]{1,60}(?:\s*\([^()]*\))?;\s*)*[^,;()]{1,60},\s+[A-Z][^,;()]{0,40}(?:\s*\([^()]*\))?,\s+(?=\S)"
)


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes hold an entry."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"{", b"[", b"<") and bool(_ENTRY.search(head))


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every entry, in order, with the line on which it begins. Text between entries is a comment, as BibTeX has it."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    text = _text(name, stream)
    library = parse_string(text, parse_stack=_middleware())
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        raw = (block.raw or "")[:2_000]
        if isinstance(block, ParsingFailedBlock):
            yield RecordFault(
                "", f"the entry cannot be read: {str(block.error)[:200] or 'it is not whole'}", "Close its braces"
            ).at(line, raw)
        elif isinstance(block, Entry):
            try:
                yield _work(line, block.entry_type, block.key, {f.key.casefold(): str(f.value) for f in block.fields})
            except RecordFault as fault:
                yield fault.at(line, raw)


def _text(name: str, stream: IO[bytes]) -> str:
    try:
        with text_of(name, stream) as opened:
            text = opened.read(_MOST_LETTERS + 1)
    except UnicodeError as fault:
        raise refuse(f"is not UTF-8: {str(fault)[:120]}", name, remedy="Save it as UTF-8 and import it again") from None
    if len(text) > _MOST_LETTERS:
        raise refuse(f"is longer than {_MOST_LETTERS:,} characters", name, remedy="Split it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _middleware() -> list[Middleware]:
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware

    return [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()]


def _plain(text: str) -> str:
    """A value without TeX's commands and braces."""
    if "\\" in text:
        text = _decoded(text)
    return text.translate(_BRACES)


def _decoded(text: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]  # it ships no stubs
    from pylatexenc.latexwalker import LatexWalkerError  # type: ignore[import-untyped]  # it ships no stubs

    if len(text) > 20_000:
        return text
    try:
        return str(LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(text, tolerant_parsing=True))
    except (LatexWalkerError, RecursionError, IndexError, ValueError):
        # What the library cannot read stays as it was written: a title with a stray backslash is still a title.
        return text


def _work(line: int, kind: str, key: str, fields: dict[str, str]) -> Work:
    title = title_of(_plain(fields.get("title", "")))
    doi = doi_of(fields.get("doi", "")) or doi_of(fields.get("url", ""))
    if not title and not doi:
        raise RecordFault("title", "the entry has neither a title nor a DOI")
    year = year_of(fields.get("year", "")) or year_of(fields.get("date", ""))
    names = [plain(_plain(name))[:200] for name in _AND.split(fields.get("author", "")) if name.strip()]
    return Work(
        source="bibtex",
        source_id=doi or plain(fields.get("unique-id", "")).strip("{}") or key,
        line=line,
        title=title,
        doi=doi,
        year=year,
        date=_date(fields, year),
        abstract=abstract_of(_plain(fields.get("abstract", ""))),
        language=plain(_plain(fields.get("language", fields.get("langid", ""))))[:20].casefold(),
        venue=plain(_plain(fields.get("journal", "") or fields.get("booktitle", "") or fields.get("journaltitle", ""))),
        type=kind.casefold(),
        pages=plain(fields.get("pages", ""))[:40].replace("--", "-"),
        authors=_authors(names, _addresses(fields)),
        funding=tuple(filter(None, [plain(_plain(fields.get("funding-acknowledgement", fields.get("funding", ""))))])),
        keywords=split(_plain(fields.get("keywords", fields.get("author_keywords", ""))).replace(";", ","), ","),
    )


def _addresses(fields: dict[str, str]) -> tuple[str, ...]:
    """Scopus parts addresses by semicolons; Web of Science writes authors before each and one a sentence."""
    scopus = _plain(fields.get("affiliations", ""))
    if scopus:
        return addresses_of(scopus.split(";"))
    text = _plain(fields.get("affiliation", "") or fields.get("organization", "") or fields.get("institution", ""))
    parts = text.split(";") if "\n" not in text and "." not in text else re.split(r"\.\s*\n|\.$", text)
    return addresses_of(_PREFIX.sub("", part) for part in parts)


def _authors(names: list[str], addresses: tuple[str, ...]) -> tuple[Authorship, ...]:
    if len(names) == 1:
        return (Authorship(position=1, name=names[0], affiliations=addresses),)
    authors = tuple(Authorship(position=place, name=name) for place, name in enumerate(names, 1))
    return (Authorship(position=0, affiliations=addresses), *authors) if addresses else authors


def _date(fields: dict[str, str], year: int) -> str:
    if not year:
        return ""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", fields.get("date", "")):
        return fields["date"]
    month = fields.get("month", "").strip().casefold()
    number = int(month) if month.isdecimal() and len(month) < 3 else _MONTHS.get(month[:3], 0)
    return f"{year}-{number:02d}" if 1 <= number <= 12 else str(year)
