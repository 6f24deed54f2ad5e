"""MISP: one event with an attribute an indicator; what MISP has no field for stands in machine tags, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from vedette.base import parse_time
from vedette.base.clock import from_micros
from vedette.sharing.model import INDICATORS, Basis, Kind, Marking, Reading, Refused, Shared, ShareError, Writer, stamp
from vedette.sharing.patterns import fit
from vedette.sharing.values import LONGEST_TITLE, Unfit, clean, moment, object_id

CAPTION = "MISP event (JSON)"
SUFFIX = "misp.json"
MEDIA_TYPE = "application/json"
KINDS = INDICATORS | {Kind.TYPOLOGY}
HOLDS = frozenset(Shared.__dataclass_fields__) - {"refs", "relation", "count", "first_seen", "last_seen"}
MOST_OBJECTS = 500_000
_TYPES: Mapping[Kind, tuple[str, str]] = {
    Kind.ADDRESS: ("ip-src", "Network activity"),
    Kind.RANGE: ("ip-src", "Network activity"),
    Kind.DOMAIN: ("domain", "Network activity"),
    Kind.URL: ("url", "Network activity"),
    Kind.USER_AGENT: ("user-agent", "Network activity"),
    Kind.TOOL: ("text", "Other"),
    Kind.DEVICE_MODEL: ("text", "Other"),
    Kind.PATTERN: ("stix2-pattern", "Payload delivery"),
    Kind.TYPOLOGY: ("text", "Other"),
}
_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_KIND_OF = {
    "ip-src": Kind.ADDRESS,
    "ip-dst": Kind.ADDRESS,
    "domain": Kind.DOMAIN,
    "hostname": Kind.DOMAIN,
    "url": Kind.URL,
    "user-agent": Kind.USER_AGENT,
    "stix2-pattern": Kind.PATTERN,
} | dict.fromkeys(_HASHES.values(), Kind.FILE_HASH)
#: MISP's own taxonomy for TLP 2.0; ``white`` is the older word.
_TLP = {marking.value.lower(): marking for marking in Marking} | {"tlp:white": Marking.CLEAR}
_TAG = re.compile(r'itt:([a-z_-]{1,40})="([^"]*)"')
_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder()
#: Held in tags ``itt:name="text"``.
_TAGGED: tuple[str, ...] = (
    *("id", "kind", "title", "valid_from", "valid_until", "created", "modified", "basis", "origin_id", "origin"),
    *("confidence", "family", "citation", "appeal", "recall_reason"),
)


def write(objects: Sequence[Shared], writer: Writer) -> bytes:
    """The event; kinds that MISP does not hold as attributes are left out, which the caller tells (``scan.lost``)."""
    second = str(int(parse_time(writer.moment).timestamp()))
    event = {
        "uuid": writer.id.partition("--")[2],
        "info": f"Indicators shared by {writer.name}",
        "date": writer.moment[:10],
        "timestamp": second,
        "distribution": "0",
        "threat_level_id": "4",
        "analysis": "2",
        "published": False,
        "Tag": [{"name": _strictest(objects).value.lower()}],
        "Attribute": [_attribute(item) for item in objects if item.kind in KINDS],
    }
    return _ENCODER.encode({"Event": event})


def _strictest(objects: Sequence[Shared]) -> Marking:
    return max((item.marking for item in objects), key=lambda marking: marking.rank, default=Marking.AMBER)


def _attribute(item: Shared) -> dict[str, Any]:
    type_, category = _TYPES.get(item.kind, (_HASHES.get(len(item.value), ""), "Payload delivery"))
    tags = [{"name": item.marking.value.lower()}]
    for name in _TAGGED:
        held = getattr(item, name)
        if held not in ("", None, ()):
            text = " ".join(held) if isinstance(held, tuple) else str(held)
            tags.append({"name": f'itt:{name}="{_quoted(text)}"'})
    return {
        "uuid": item.id.partition("--")[2],
        "type": type_,
        "category": category,
        "value": item.value,
        "comment": item.description,
        "to_ids": item.kind in INDICATORS and item.kind not in (Kind.TOOL, Kind.DEVICE_MODEL),
        "distribution": "5",
        "timestamp": str(int(parse_time(item.modified).timestamp())),
        "deleted": item.recalled,
        "first_seen": item.valid_from.replace("Z", "000+00:00"),
        "Tag": tags,
    }


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace('"', "%22")


def _unquoted(text: str) -> str:
    return text.replace("%22", '"').replace("%25", "%")


def recognises(head: bytes) -> bool:
    """Whether a file begins as an event."""
    return b'"Event"' in head


def read(data: bytes) -> Reading:
    """Attributes of an event, also those in objects. Raises ShareError where the file is none."""
    try:
        held = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise ShareError("is no JSON, or is nested too deep", remedy="Ask the sender for a MISP event") from None
    event = held.get("Event") if isinstance(held, dict) else None
    if not isinstance(event, dict):
        raise ShareError("is no MISP event", remedy="Ask the sender for a MISP event in JSON")
    objects: dict[str, Shared] = {}
    refused: list[Refused] = []
    house = _house(event)
    for number, row in enumerate(_attributes(event)):
        try:
            item = _item(row, event, house)
            if item.id in objects:
                raise Unfit("the id stands twice")
            objects[item.id] = item
        except Unfit as fault:
            refused.append(Refused(f"attribute {number + 1}", str(fault)))
    return Reading(objects=tuple(objects.values()), refused=tuple(refused))


def _attributes(event: Mapping[str, Any]) -> list[object]:
    found = list(event.get("Attribute") or ()) if isinstance(event.get("Attribute") or [], list) else []
    for group in event.get("Object") or ():
        if isinstance(group, dict) and isinstance(group.get("Attribute"), list):
            found += group["Attribute"]
    if len(found) > MOST_OBJECTS:
        raise ShareError(f"holds more than {MOST_OBJECTS:,} attributes", remedy="Ask for several smaller events")
    return found


def _house(event: Mapping[str, Any]) -> str:
    house = event.get("Orgc")
    try:
        return clean(house.get("name"), LONGEST_TITLE) if isinstance(house, dict) else ""
    except Unfit:
        return ""


def _names(row: Mapping[str, Any]) -> list[str]:
    tags = row.get("Tag") or []
    if not isinstance(tags, list) or len(tags) > 200:
        raise Unfit("tags are no list, or more than 200")
    return [tag["name"] for tag in tags if isinstance(tag, dict) and isinstance(tag.get("name"), str)]


def _item(row: object, event: Mapping[str, Any], house: str) -> Shared:
    if not isinstance(row, dict):
        raise Unfit("an attribute that is no mapping")
    names = _names(row)
    told = {match[1]: _unquoted(match[2]) for name in names if (match := _TAG.fullmatch(name))}
    marking = _marking([*names, *_names(event)])
    kind = _kind(row, told)
    if "valid_until" not in told:
        raise Unfit("endless: no tag itt:valid_until says when it ends")
    changed = _second(row.get("timestamp"))
    start = moment(told.get("valid_from") or changed, "valid_from")
    until = moment(told["valid_until"], "valid_until")
    if until <= start:
        raise Unfit("valid_until does not lie after valid_from")
    return Shared(
        id=_identity(row, told, kind),
        kind=kind,
        value=fit(kind, row.get("value")),
        description=clean(row.get("comment")),
        marking=marking,
        valid_from=start,
        valid_until=until,
        created=moment(told.get("created") or start, "created"),
        modified=moment(told.get("modified") or changed, "modified"),
        recalled=row.get("deleted") in (True, "1", 1),
        **_told(told, house),
    )


def _told(told: Mapping[str, str], house: str) -> dict[str, Any]:
    confidence = told.get("confidence", "")
    if confidence and not (
        confidence.isascii() and confidence.isdigit() and len(confidence) < 4 and int(confidence) <= 100
    ):
        raise Unfit("confidence is no whole number from 0 to 100")
    try:
        basis = Basis(told.get("basis", Basis.UNSTATED))
    except ValueError:
        raise Unfit("the basis is none of those known") from None
    return {
        "basis": basis,
        "confidence": int(confidence) if confidence else None,
        "origin_id": object_id(told["origin_id"], "identity") if "origin_id" in told else "",
        "origin": clean(told.get("origin", house), LONGEST_TITLE),
        "title": clean(told.get("title"), LONGEST_TITLE),
        "family": clean(told.get("family"), 60),
        "citation": tuple(clean(word, 60) for word in told.get("citation", "").split()[:50]),
        "appeal": clean(told.get("appeal"), LONGEST_TITLE),
        "recall_reason": clean(told.get("recall_reason"), LONGEST_TITLE),
    }


def _marking(names: Sequence[str]) -> Marking:
    """The strictest of the attribute's own and the event's."""
    found = [_TLP[name.lower()] for name in names if name.lower() in _TLP]
    if not found:
        raise Unfit("unmarked: no TLP tag says how far it may go")
    return max(found, key=lambda marking: marking.rank)


def _kind(row: Mapping[str, Any], told: Mapping[str, str]) -> Kind:
    type_ = row.get("type")
    if type_ == "text" and told.get("kind") in ("tool", "device_model", "typology"):
        return Kind(told["kind"])
    kind = _KIND_OF.get(type_) if isinstance(type_, str) else None
    if kind is None:
        raise Unfit("an attribute of a type that is not exchanged here")
    if kind is Kind.ADDRESS and "/" in str(row.get("value")):
        return Kind.RANGE
    return kind


def _identity(row: Mapping[str, Any], told: Mapping[str, str], kind: Kind) -> str:
    if "id" in told:
        return object_id(told["id"])
    return object_id(f"{'report' if kind is Kind.TYPOLOGY else 'indicator'}--{row.get('uuid')}")


def _second(given: object) -> str:
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise Unfit("timestamp is no time")
    return moment(stamp(from_micros(int(text) * 1_000_000)), "timestamp")
