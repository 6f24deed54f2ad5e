"""Objects as STIX 2.1: plain dictionaries with the required properties of each type, marked, dated and assessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vedette.sharing.formats.stix21.words import EXTENSION, MARKINGS, type_of
from vedette.sharing.model import INDICATORS, Kind, Shared
from vedette.sharing.patterns import written


def as_stix(item: Shared) -> dict[str, Any]:
    """One object as STIX."""
    type_ = type_of(item.kind)
    found: dict[str, Any] = {
        "type": type_,
        "spec_version": "2.1",
        "id": item.id,
        "created": item.created,
        "modified": item.modified,
        "object_marking_refs": [MARKINGS[item.marking]],
        "extensions": {EXTENSION: _assessment(item)},
    }
    if item.origin_id:
        found["created_by_ref"] = item.origin_id
    if item.confidence is not None:
        found["confidence"] = item.confidence
    if item.recalled:
        found["revoked"] = True
    return found | (_indicator(item) if item.kind in INDICATORS else _TYPES[type_](item))


def _assessment(item: Shared) -> dict[str, Any]:
    told = {
        "kind": item.kind.value if item.kind not in INDICATORS else "",
        "check": item.value if item.kind not in INDICATORS else "",
        "evidence_family": item.family,
        "citation": list(item.citation),
        "appeal_contact": item.appeal,
        "recall_reason": item.recall_reason,
        "origin": item.origin,
        "valid_from": item.valid_from if item.kind not in INDICATORS else "",
    }
    return {
        "extension_type": "property-extension",
        "tier": item.tier.value,
        "basis": item.basis.value,
        "valid_until": item.valid_until,
        **{name: value for name, value in told.items() if value},
    }


def _named(item: Shared, title: str = "name", text: str = "description") -> dict[str, Any]:
    return {name: value for name, value in ((title, item.title), (text, item.description)) if value}


def _indicator(item: Shared) -> dict[str, Any]:
    return {
        **_named(item),
        "indicator_types": ["anomalous-activity"],
        "pattern": written(item.kind, item.value),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
    }


def _sighting(item: Shared) -> dict[str, Any]:
    found: dict[str, Any] = {"sighting_of_ref": item.refs[0], **_named(item, "summary")}
    found.pop("summary", None)
    told = {"count": item.count, "first_seen": item.first_seen, "last_seen": item.last_seen}
    return found | {name: value for name, value in told.items() if value not in (None, "")}


def _relationship(item: Shared) -> dict[str, Any]:
    found = {"relationship_type": item.relation, "source_ref": item.refs[0], "target_ref": item.refs[1]}
    return found | ({"description": item.description} if item.description else {})


def _grouping(item: Shared) -> dict[str, Any]:
    return {**_named(item), "context": item.relation or "unspecified", "object_refs": list(item.refs)}


def _report(item: Shared) -> dict[str, Any]:
    types = ["attack-pattern"] if item.kind is Kind.TYPOLOGY else ["threat-report"]
    return {
        **_named(item),
        "name": item.title or item.value,
        "report_types": types,
        "published": item.valid_from,
        "object_refs": list(item.refs),
    }


def _note(item: Shared) -> dict[str, Any]:
    return {**_named(item, "abstract", "content"), "content": item.description, "object_refs": list(item.refs)}


def _opinion(item: Shared) -> dict[str, Any]:
    found = {"opinion": item.relation, "object_refs": list(item.refs)}
    return found | ({"explanation": item.description} if item.description else {})


_TYPES: Mapping[str, Callable[[Shared], dict[str, Any]]] = {
    "sighting": _sighting,
    "relationship": _relationship,
    "grouping": _grouping,
    "report": _report,
    "note": _note,
    "opinion": _opinion,
}
