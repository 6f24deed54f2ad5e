"""Reads CSV lists of Korean citation indexes (KCI and alike), whose headings are Korean, in UTF-8 or the Korean code page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    address_of,
    cell,
    doi_of,
    plain,
    rows,
    split,
    text_of,
    title_of,
    year_of,
)

_TITLE = ("논문명", "논문명(국문)", "국문 논문명", "국문논문명", "제목", "논문제목", "한글논문명")
_TITLE_EN = ("논문명(영문)", "영문 논문명", "영문논문명", "영문제목", "논문명(외국어)", "타언어 제목")
_NAMES = ("저자", "저자명", "저자명(국문)", "전체저자")
_PLACES = ("소속기관", "저자소속", "저자소속기관", "소속", "소속기관명", "저자 소속")
_YEAR = ("발행년", "발행연도", "발행년도", "발행일", "출판연도", "발행년월")
_VENUE = ("학술지명", "저널명", "학술지", "간행물명", "수록지")
_ID = ("논문 id", "논문id", "논문식별번호", "kci id", "uci", "제어번호")
_ABSTRACT = ("초록", "초록(국문)", "국문초록", "초록(영문)", "영문초록")
_KEYWORDS = ("키워드", "주제어", "저자키워드", "키워드(국문)")
_TITLES = frozenset((*_TITLE, *_TITLE_EN))


def recognise(name: str, head: bytes) -> bool:
    """Whether the heading has a title and a year or journal in Korean."""
    for encoding in ("utf-8-sig", "cp949", "utf-16"):
        try:
            line = head.decode(encoding, "ignore").split("\n", 1)[0]
        except UnicodeDecodeError:
            continue
        heading = {text.strip().casefold() for text in next(csv.reader(io.StringIO(line)), [])}
        if heading & _TITLES and heading & {*_YEAR, *_VENUE, *_NAMES}:
            return True
    return False


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every row, in order, with the line on which it begins."""
    for item in rows(name, text_of(name, stream, "cp949"), ","):
        if isinstance(item, Refused):
            yield item
            continue
        line, row = item
        try:
            yield _work(line, row)
        except RecordFault as fault:
            yield fault.at(line, ",".join(row.values()))


def _work(line: int, row: dict[str, str]) -> Work:
    korean, english = title_of(cell(row, *_TITLE)), title_of(cell(row, *_TITLE_EN))
    doi = doi_of(cell(row, "doi"))
    if not korean and not english and not doi:
        raise RecordFault("논문명", "the row has neither a title nor a DOI")
    year = year_of(cell(row, *_YEAR)) or year_of(cell(row, *_YEAR)[:4])
    if not year:
        raise RecordFault("발행년", f"{cell(row, *_YEAR)[:40]!r} is no year")
    return Work(
        source="kci",
        source_id=cell(row, *_ID) or doi or f"{(korean or english)[:200]}|{year}",
        line=line,
        title=korean or english,
        titles=(("en", english),) if korean and english else (),
        doi=doi,
        year=year,
        date=str(year),
        abstract=abstract_of(cell(row, *_ABSTRACT)),
        language="ko" if korean else "en",
        venue=plain(cell(row, *_VENUE)),
        type=plain(cell(row, "문서유형", "자료유형")),
        pages="-".join(filter(None, (cell(row, "시작페이지"), cell(row, "끝페이지"))))[:40]
        or plain(cell(row, "페이지"))[:40],
        authors=_authors(row),
        keywords=split(cell(row, *_KEYWORDS).replace(";", ","), ","),
    )


def _authors(row: dict[str, str]) -> tuple[Authorship, ...]:
    """Names and their institutions, both parted by semicolons (or both by commas) and paired where they are as many."""
    told, places = cell(row, *_NAMES), cell(row, *_PLACES)
    separator = ";" if ";" in told or ";" in places else ","
    names = [plain(name)[:200] for name in told.split(separator) if name.strip()]
    addresses = [address_of(text) for text in places.split(separator)] if places else []
    if len(names) == len(addresses):
        return tuple(
            Authorship(position=place, name=name, affiliations=(address,) if address else ())
            for place, (name, address) in enumerate(zip(names, addresses, strict=True), 1)
        )
    authors = tuple(Authorship(position=place, name=name) for place, name in enumerate(names, 1))
    loose = tuple(dict.fromkeys(filter(None, [address_of(places)] if len(names) <= 1 else addresses)))
    if len(names) == 1:
        return (Authorship(position=1, name=names[0], affiliations=loose),)
    return (Authorship(position=0, affiliations=loose), *authors) if loose else authors
