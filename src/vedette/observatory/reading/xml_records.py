"""Elements out of XML, one at a time: entities are never expanded, nothing foreign is fetched, no element grows without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from vedette.observatory.model import Refused, refuse
from vedette.observatory.reading.words import RecordFault

_MAX_RECORD = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class _Collector:
    """Builds only the elements of the wanted tags, and gives up on the text of one that grows too large."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._builder: TreeBuilder | None = None
        self._depth = 0
        self._size = 0
        self.begun = False
        self.found: list[Element | None] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.begun = True
        if self._builder is None and tag in self._wanted:
            self._builder, self._depth, self._size = TreeBuilder(), 0, 0
        if self._builder is not None:
            self._depth += 1
            self._size += 50
            self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        """Text inside."""
        if self._builder is not None:
            self._size += len(text)
            if self._size <= _MAX_RECORD:
                self._builder.data(text)

    def end(self, tag: str) -> None:
        """An element closes; a wanted one is put into ``found``, or None where it was too large."""
        if self._builder is not None:
            self._builder.end(tag)
            self._depth -= 1
            if self._depth == 0:
                self.found.append(self._builder.close() if self._size <= _MAX_RECORD else None)
                self._builder = None

    def close(self) -> None:
        """The end of the document."""


def xml_records(
    name: str, stream: IO[bytes], tags: frozenset[str], entities: Mapping[str, str] | None = None
) -> Iterator[tuple[int, Element] | Refused]:
    """Elements of these tags, one at a time, numbered from 1. Entities that a file declares are refused, foreign ones never fetched.

    ``entities`` are the named characters of a document type that is not read. Raises ObservatoryError for damage.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    collector = _Collector(tags)
    parser = DefusedXMLParser(target=collector)
    parser.entity.update(entities or {})
    number = 0
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
            for element in collector.found:
                number += 1
                yield _told(number, element)
            collector.found.clear()
        parser.close()
    except DefusedXmlException:
        raise refuse("declares entities of its own, which are never expanded", name, remedy="Export it again") from None
    except (ParseError, ValueError, LookupError) as fault:
        line = getattr(fault, "position", (None,))[0]
        raise refuse(f"is cut short or no XML: {str(fault)[:200]}", name, line, "Download it again") from None


def _told(number: int, element: Element | None) -> tuple[int, Element] | Refused:
    if element is None:
        return RecordFault("", f"the record is longer than {_MAX_RECORD:,} characters").at(number)
    return number, element


def inner(element: Element | None) -> str:
    """All text inside an element, marks of style left out."""
    return "".join(element.itertext()) if element is not None else ""
