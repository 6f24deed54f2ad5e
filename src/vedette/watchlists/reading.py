"""What goes into a source's parser and what comes out of it, and the strict first steps that every parser shares."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Protocol, TypeVar
from xml.etree.ElementTree import Element, ParseError

import msgspec

from vedette.base import Place, VedetteError
from vedette.watchlists.model import Listing

#: A line longer than this is no list a publisher ever issued; it is refused before anything tries to hold it twice.
MAX_LINE = 16 * 1024 * 1024
#: An XML file takes many times its size in memory; the largest official one has a tenth of this.
MAX_XML = 128 * 1024 * 1024

_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
_UTF8 = frozenset({b"utf-8", b"utf8", b"us-ascii"})

_Item = TypeVar("_Item", bound=Hashable)

_LONGEST_CELL = 131_072


class ListError(VedetteError):
    """A list file, or a set of them, that is refused whole. The version in force stays in force."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file's bytes, already unpacked. ``dated`` is the day that its name carries, if any."""

    name: str
    data: bytes
    dated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a parser read. ``ignored`` counts records that make no listing, by reason; ``notes`` are for people.

    ``list_id`` is set only where the file itself says which of many lists it is.
    """

    listings: tuple[Listing, ...]
    published: date | None = None
    ignored: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    list_id: str = ""


class Parser(Protocol):
    """What ``sources/<id>/parse.py`` offers. Pure: bytes in, listings out; no clock, disk, database or network."""

    def recognise(self, name: str, head: bytes) -> str:
        """The role this file plays in the list (such as "primary"), judged by its first bytes; empty if foreign."""
        ...

    def parse(self, pieces: Mapping[str, Piece]) -> Reading:
        """Read the pieces of one version, by role. Raises ListError naming file and line."""
        ...


def text_of(piece: Piece) -> str:
    """The piece as text. Only UTF-8 without NUL bytes and without monstrous lines is accepted."""
    _check_lines(piece)
    try:
        text = piece.data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = piece.data.count(b"\n", 0, fault.start) + 1
        raise ListError(
            f"is not UTF-8 (byte 0x{piece.data[fault.start]:02x})",
            place=Place(piece.name, line),
            remedy="Download the file again without converting it, or convert it to UTF-8",
        ) from None
    if "\0" in text:
        raise ListError(
            "holds NUL bytes",
            place=Place(piece.name, text.count("\n", 0, text.index("\0")) + 1),
            remedy="Download again",
        )
    return text


def _check_lines(piece: Piece) -> None:
    start, data = 0, piece.data
    while len(data) - start > MAX_LINE:
        end = data.rfind(b"\n", start, start + MAX_LINE + 1)
        if end < 0:
            raise ListError(
                f"has a line of more than {MAX_LINE // 2**20} MiB",
                place=Place(piece.name, data.count(b"\n", 0, start) + 1),
                remedy="This is no list in the publisher's form; download it again",
            )
        start = end + 1


def rows_of(piece: Piece) -> Iterator[tuple[int, list[str]]]:
    """The rows of a comma-separated file with their line numbers. A row that cannot be read refuses the file."""
    reader = csv.reader(io.StringIO(text_of(piece).rstrip("\x1a"), newline=""), strict=True)
    try:
        for row in reader:
            # The reader's own limit belongs to the whole process, and other rooms raise it.
            if any(len(cell) > _LONGEST_CELL for cell in row):
                raise csv.Error(f"a cell is longer than {_LONGEST_CELL} characters")
            if row:
                yield reader.line_num, row
    except csv.Error as fault:
        raise ListError(
            f"cannot be read as CSV: {fault}",
            place=Place(piece.name, reader.line_num),
            remedy="The file may be cut short; download it again",
        ) from None


def records_of(piece: Piece, first: str, required: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a comma-separated file by the names of its header, which begins with the column ``first``.

    Lines before the header are passed over. Cells lose their padding; a row of another width refuses the file.
    """
    header: list[str] = []
    for line, row in rows_of(piece):
        if not header:
            header = [cell.strip() for cell in row] if row[0].strip() == first and len(row) > 1 else []
            missing = set(required) - set(header) if len(header) > 2 else set()
            if missing:
                raise _no_table(piece, f"lacks the columns {', '.join(sorted(missing))}", line)
            header = header if len(header) > 2 else []
        elif len(row) != len(header):
            raise _no_table(piece, f"a row has {len(row)} columns, not {len(header)}", line)
        else:
            yield line, {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    if not header:
        raise _no_table(piece, "has no header row", None)


def _no_table(piece: Piece, problem: str, line: int | None) -> ListError:
    return ListError(problem, place=Place(piece.name, line), remedy="The file may be cut short; download it again")


def xml_of(piece: Piece) -> Element:
    """The root of an XML file. Document types, entities and external references are refused."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    _check_lines(piece)
    if len(piece.data) > MAX_XML:
        raise ListError(
            f"is an XML file of more than {MAX_XML // 2**20} MiB", place=Place(piece.name), remedy="Check its origin"
        )
    try:
        root: Element = fromstring(piece.data, forbid_dtd=True)
    except DefusedXmlException as fault:
        raise ListError(
            f"declares a document type or entities ({type(fault).__name__})",
            place=Place(piece.name),
            remedy="No official list does; take it from the publisher's own address",
        ) from None
    except (ParseError, ValueError, LookupError) as fault:
        line = getattr(fault, "position", (None,))[0]
        raise ListError(
            f"cannot be read as XML: {fault}",
            place=Place(piece.name, line),
            remedy="The file may be cut short; download it again",
        ) from None
    return root


def elements_of(piece: Piece, tags: Collection[str]) -> Iterator[tuple[str, Element]]:
    """Each element of these tags, with its tag, in the order of their ends; without namespaces, and emptied after use.

    For files of many megabytes: nothing is held but the element in hand. What could declare entities is refused before the
    parser sees a byte: a document type, an encoding other than UTF-8, a NUL byte.
    """
    from xml.etree.ElementTree import iterparse

    _check_lines(piece)
    _check_declarations(piece)
    try:
        for _, element in iterparse(io.BytesIO(piece.data), events=("end",)):
            tag = element.tag = element.tag.rpartition("}")[2]
            if tag in tags:
                yield tag, element
                element.clear()
    except (ParseError, ValueError, LookupError) as fault:
        line = getattr(fault, "position", (None,))[0]
        raise ListError(
            f"cannot be read as XML: {fault}",
            place=Place(piece.name, line),
            remedy="The file may be cut short; download it again",
        ) from None


def _check_declarations(piece: Piece) -> None:
    head = piece.data[:1000]
    said = _ENCODING.search(head.split(b"?>", 1)[0]) if b"<?xml" in head else None
    faults = (
        (b"<!DOCTYPE" in piece.data or b"<!ENTITY" in piece.data, "declares a document type or entities"),
        (b"\0" in piece.data, "holds NUL bytes"),
        (said is not None and said[1].lower() not in _UTF8, "is not UTF-8 by its own declaration"),
    )
    for wrong, problem in faults:
        if wrong:
            remedy = "No official list does; take it from the publisher's own address"
            raise ListError(problem, place=Place(piece.name), remedy=remedy)


def inner(element: Element, first: str, *rest: str) -> Iterator[Element]:
    """The descendants along a path of tags, in an element that ``elements_of`` gave."""
    found = element.findall(first)
    return chain.from_iterable(inner(item, *rest) for item in found) if rest else iter(found)


def inner_text(element: Element, *path: str) -> str:
    """The text of the first such descendant, its blanks made one; empty where there is none."""
    found = element.find(path[0]) if len(path) == 1 else next(inner(element, *path), None)
    return "" if found is None else " ".join((found.text or "").split())


def json_of(piece: Piece) -> Any:
    """The value of a JSON file."""
    try:
        return msgspec.json.decode(text_of(piece))
    except (msgspec.DecodeError, RecursionError) as fault:
        raise ListError(
            f"cannot be read as JSON: {fault}",
            place=Place(piece.name),
            remedy="The file may be cut short; download it again",
        ) from None


def json_lines_of(piece: Piece) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON-lines file with their line numbers; blank lines are passed over."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for number, line in enumerate(text_of(piece).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, decode(line)
        except (msgspec.DecodeError, RecursionError) as fault:
            raise ListError(
                f"cannot be read as a JSON object: {fault}",
                place=Place(piece.name, number),
                remedy="The file may be cut short; download it again",
            ) from None


def once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """The items in order, each kept at its first place only."""
    return tuple(dict.fromkeys(items))
