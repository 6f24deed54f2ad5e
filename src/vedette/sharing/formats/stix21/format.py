"""STIX 2.1: one bundle with the producer, the markings and the extension definition that its objects refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from vedette.sharing.formats.stix21.read import CONTEXT, Names, from_stix
from vedette.sharing.formats.stix21.words import extension_definition, made_id, marking_definition
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.model import Kind, Reading, Refused, Shared, ShareError, Writer
from vedette.sharing.values import Unfit

CAPTION = "STIX 2.1 bundle"
SUFFIX = "json"
MEDIA_TYPE = "application/stix+json;version=2.1"
KINDS = frozenset(Kind)
#: Every field of an object can be held.
HOLDS = frozenset(name for name in Shared.__dataclass_fields__)
#: Of whole bundles; an object alone is limited by its texts and references.
MOST_OBJECTS = 500_000
_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder()


def write(objects: Sequence[Shared], writer: Writer) -> bytes:
    """The bundle, the same bytes for the same objects and moment."""
    rows = [*_context(objects, writer), *map(as_stix, objects)]
    identity = made_id("bundle", writer.id, writer.moment, *sorted(f"{item.id} {item.modified}" for item in objects))
    return _ENCODER.encode({"type": "bundle", "id": identity, "objects": rows})


def _context(objects: Sequence[Shared], writer: Writer) -> list[dict[str, Any]]:
    markings = sorted({item.marking for item in objects}, key=lambda marking: marking.rank)
    names = {item.origin_id: item.origin or "Another house" for item in objects if item.origin_id}
    names |= {writer.id: writer.name}
    rows = [identity(key, names[key], "2026-01-01T00:00:00.000Z") for key in sorted(names)]
    return [*rows, *extension_definition(), *map(marking_definition, markings)]


def identity(id_: str, name: str, moment: str) -> dict[str, Any]:
    """An organisation."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": id_,
        "created": moment,
        "modified": moment,
        "name": name,
        "identity_class": "organization",
    }


def recognises(head: bytes) -> bool:
    """Whether a file begins as a bundle."""
    return b'"bundle' in head and b'"vedette-bundle"' not in head


def read(data: bytes) -> Reading:
    """Objects of a bundle or of a TAXII envelope. Raises ShareError where the file as a whole is none."""
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise ShareError("is no JSON, or is nested too deep", remedy="Ask the sender for a STIX 2.1 bundle") from None
    rows = value.get("objects", []) if isinstance(value, dict) else None
    if not isinstance(rows, list) or (isinstance(value, dict) and value.get("type", "bundle") != "bundle"):
        raise ShareError("is no STIX bundle", remedy="Ask the sender for a STIX 2.1 bundle")
    if len(rows) > MOST_OBJECTS:
        raise ShareError(f"holds more than {MOST_OBJECTS:,} objects", remedy="Ask for several smaller bundles")
    return of_rows(rows)


def of_rows(rows: Iterable[object]) -> Reading:
    """Objects from decoded STIX objects, each taken or refused by itself."""
    given = list(rows)
    refused: list[Refused] = []
    names, context = _names(given, refused)
    found: dict[str, Shared] = {}
    for number, row in enumerate(given):
        if isinstance(row, dict) and row.get("type") in CONTEXT:
            continue
        try:
            if not isinstance(row, dict):
                raise Unfit("an object that is no mapping")
            item = from_stix(row, names)
            if item.id in found and found[item.id].modified == item.modified:
                raise Unfit("the id stands twice with the same version")
        except Unfit as fault:
            refused.append(Refused(named(row, number), str(fault)))
            continue
        if item.id not in found or item.modified > found[item.id].modified:
            found[item.id] = item
    circular = cycles(found)
    refused += (Refused(key, "its references lead in a circle") for key in sorted(circular))
    kept = tuple(item for key, item in found.items() if key not in circular)
    return Reading(objects=kept, refused=tuple(refused), context=context)


def _names(rows: Sequence[object], refused: list[Refused]) -> tuple[Names, int]:
    names, count = Names(), 0
    for number, row in enumerate(rows):
        if not isinstance(row, dict) or row.get("type") not in CONTEXT:
            continue
        try:
            if row["type"] == "identity":
                names.note(row)
            count += 1
        except Unfit as fault:
            refused.append(Refused(named(row, number), str(fault)))
    return names, count


def named(row: object, number: int) -> str:
    """What a refused object is called: its id where that is one, else its place."""
    from vedette.sharing.values import object_id

    try:
        return object_id(row.get("id") if isinstance(row, dict) else None)
    except Unfit:
        return f"object {number + 1}"


_CONTAINERS = frozenset({Kind.GROUPING, Kind.REPORT, Kind.TYPOLOGY, Kind.NOTE, Kind.OPINION, Kind.SIGHTING})


def cycles(found: Mapping[str, Shared]) -> frozenset[str]:
    """Ids whose references lead back to themselves: what remains when every end of a chain is taken away, at both ends."""
    out = {
        key: {ref for ref in item.refs if ref in found and found[ref].kind in _CONTAINERS}
        for key, item in found.items()
        if item.kind in _CONTAINERS
    }
    for _direction in range(2):
        back: dict[str, set[str]] = {key: set() for key in out}
        for key, refs in out.items():
            for ref in refs:
                back[ref].add(key)
        ends = [key for key, refs in out.items() if not refs]
        while ends:
            gone = ends.pop()
            for source in back.pop(gone):
                out[source].discard(gone)
                if not out[source]:
                    ends.append(source)
            out.pop(gone, None)
        out = {key: back[key] & out.keys() for key in out}
    return frozenset(out)
