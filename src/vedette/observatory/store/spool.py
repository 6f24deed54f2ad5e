"""Gathers records of files in two plain files that the engine reads at once; a file that is refused whole is taken back."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from vedette.base import stable_id
from vedette.observatory.dedupe import first_author, title_key
from vedette.observatory.model import Work
from vedette.store import Vault

_ENCODER = msgspec.json.Encoder()


class WorkRow(msgspec.Struct):
    """One record as it goes to the engine. ``candidate`` is its work's id where nothing held is the same work."""

    record_id: str
    candidate: str
    source: str
    source_id: str
    doi: str
    year: int
    date: str
    title: str
    titles: str
    abstract: str
    language: str
    venue: str
    type: str
    pages: str
    keywords: str
    funding: str
    countries: str
    title_key: str
    first_author: str
    content_hash: str
    file_hash: str
    file: int
    line: int
    ordinal: int


class AuthorshipRow(msgspec.Struct):
    """One affiliation string of one author of one record, or an author without any."""

    record_id: str
    source: str
    position: int
    number: int
    author_key: str
    author: str
    affiliation: str
    affiliation_id: str
    countries: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far both files reached."""

    works: int
    authorships: int
    ordinal: int


class Spool:
    """The two files, open for writing inside ``with`` and removed after it. Ordinals go on from ``first``."""

    def __init__(self, folder: Path, vault: Vault, first: int) -> None:
        self._folder = folder
        self._vault = vault
        self.ordinal = first

    def __enter__(self) -> Spool:
        self.works_path, self._works = _open(self._folder)
        self.authorships_path, self._authorships = _open(self._folder)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self._works.close()
        self._authorships.close()
        self.works_path.unlink(missing_ok=True)
        self.authorships_path.unlink(missing_ok=True)

    def mark(self) -> Mark:
        """The present ends, to go back to."""
        return Mark(self._works.tell(), self._authorships.tell(), self.ordinal)

    def back(self, mark: Mark) -> None:
        """Forget what was put after a mark."""
        for file, end in ((self._works, mark.works), (self._authorships, mark.authorships)):
            file.seek(end)
            file.truncate()
        self.ordinal = mark.ordinal

    def flush(self) -> None:
        """Let the engine see what was put."""
        self._works.flush()
        self._authorships.flush()

    def put(self, works: Iterable[Work], file: int, file_hash: str) -> None:
        """Put records of one file. Authors' names are joined to keys that mean nothing outside the workspace."""
        batch = list(works)
        names = [author.name for work in batch for author in work.authors]
        keys = iter(self._vault.tokens("author", (name.casefold() for name in names)))
        rows, authorships = [], []
        for work in batch:
            row = self._row(work, file, file_hash)
            rows.append(row)
            for author in work.authors:
                key = next(keys)
                key = key if author.name else ""
                for number, text in enumerate(author.affiliations or ("",), 1):
                    authorships.append(
                        AuthorshipRow(
                            row.record_id,
                            work.source,
                            author.position,
                            number,
                            key,
                            author.name,
                            text,
                            affiliation_id(text),
                            " ".join(author.countries),
                            row.ordinal,
                        )
                    )
        self._works.write(_ENCODER.encode_lines(rows))
        self._authorships.write(_ENCODER.encode_lines(authorships))

    def _row(self, work: Work, file: int, file_hash: str) -> WorkRow:
        self.ordinal += 1
        tokens = self._vault.tokens("author-word", first_author(work))
        return WorkRow(
            record_id=stable_id("rec", work.source, work.source_id),
            candidate=stable_id("work", "doi", work.doi)
            if work.doi
            else stable_id("work", work.source, work.source_id),
            source=work.source,
            source_id=work.source_id,
            doi=work.doi,
            year=work.year,
            date=work.date,
            title=work.title,
            titles=_text(work.titles),
            abstract=work.abstract,
            language=work.language,
            venue=work.venue,
            type=work.type,
            pages=work.pages,
            keywords=_text(work.keywords),
            funding=_text(work.funding),
            countries=" ".join(dict.fromkeys((*work.countries, *(c for a in work.authors for c in a.countries)))),
            title_key=title_key(work),
            first_author=" ".join(token[:12] for token in tokens),
            content_hash=_content(work),
            file_hash=file_hash,
            file=file,
            line=work.line,
            ordinal=self.ordinal,
        )


@lru_cache(maxsize=200_000)
def affiliation_id(text: str) -> str:
    """The same for equal strings; "" for none."""
    return stable_id("aff", text) if text else ""


def _content(work: Work) -> str:
    """A hash of all that the record says, wherever in a file it stands."""
    return hashlib.sha256(_ENCODER.encode(replace(work, line=0))).hexdigest()[:32]


def _text(value: object) -> str:
    return _ENCODER.encode(value).decode() if value else ""


def _open(folder: Path) -> tuple[Path, IO[bytes]]:
    handle, name = tempfile.mkstemp(prefix="works-", suffix=".jsonl", dir=folder)
    return Path(name), os.fdopen(handle, "wb", buffering=1024 * 1024)
