"""STIX 2.1 objects read strictly, one by one: what is unmarked, endless, invalid or about persons is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vedette.sharing.formats.stix21.words import ASSESSMENT_FIELDS, EXTENSION, MARKING_OF
from vedette.sharing.model import Basis, Kind, Marking, Shared
from vedette.sharing.patterns import read as read_pattern
from vedette.sharing.values import LONGEST_TITLE, MOST_REFS, Unfit, clean, moment, object_id, value

#: Objects that are no message by themselves.
CONTEXT = ("identity", "marking-definition", "extension-definition", "language-content")
_OPINIONS = ("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree")
_RELATIONS = 60


@dataclass(slots=True)
class Names:
    """Names of the identities of a bundle, by id: organisations only."""

    found: dict[str, str] = field(default_factory=dict)

    def note(self, row: Mapping[str, Any]) -> None:
        """Read an identity. Raises Unfit for a person."""
        identity = object_id(row.get("id"), "identity")
        if row.get("identity_class") not in ("organization", "system", "group", "class", "unspecified", "unknown"):
            raise Unfit("an identity that is no organisation: persons are not named in the open tier")
        self.found[identity] = clean(row.get("name"), LONGEST_TITLE, needed=True)


def from_stix(row: Mapping[str, Any], names: Names) -> Shared:
    """One object. Raises Unfit with a reason that repeats nothing of the input."""
    type_ = row.get("type")
    reader = _TYPES.get(type_) if isinstance(type_, str) else None
    if reader is None:
        raise Unfit("an object of a type that is not exchanged here")
    if row.get("spec_version") != "2.1":
        raise Unfit("spec_version is not 2.1")
    told = _assessment(row)
    values = _common(row, told, names) | reader(row, told)
    return Shared(id=object_id(row.get("id"), str(type_)), **values)


def _common(row: Mapping[str, Any], told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    created, modified = moment(row.get("created"), "created"), moment(row.get("modified"), "modified")
    if modified < created:
        raise Unfit("modified lies before created")
    confidence = row.get("confidence")
    if confidence is not None and (type(confidence) is not int or not 0 <= confidence <= 100):
        raise Unfit("confidence is no whole number from 0 to 100")
    revoked = row.get("revoked", False)
    if not isinstance(revoked, bool):
        raise Unfit("revoked is neither true nor false")
    origin = row.get("created_by_ref")
    origin_id = "" if origin is None else object_id(origin, "identity")
    return {
        "created": created,
        "modified": modified,
        "marking": _marking(row.get("object_marking_refs")),
        "confidence": confidence,
        "recalled": revoked,
        "origin_id": origin_id,
        "origin": clean(told.get("origin"), LONGEST_TITLE) or names.found.get(origin_id, ""),
        "basis": told.get("basis", Basis.UNSTATED),
        "family": clean(told.get("evidence_family"), 60),
        "citation": _texts(told.get("citation", [])),
        "appeal": clean(told.get("appeal_contact"), LONGEST_TITLE),
        "recall_reason": clean(told.get("recall_reason"), LONGEST_TITLE),
    }


def _assessment(row: Mapping[str, Any]) -> dict[str, Any]:
    held = row.get("extensions", {})
    told = held.get(EXTENSION, {}) if isinstance(held, dict) else None
    if not isinstance(told, dict):
        raise Unfit("extensions are no mapping")
    if told and told.get("tier") != "A":
        raise Unfit("not of the open tier: named disclosure does not come this way")
    if set(told) - ASSESSMENT_FIELDS:
        raise Unfit("the assessment holds unknown fields")
    found = dict(told)
    if "basis" in found:
        try:
            found["basis"] = Basis(found["basis"])
        except ValueError:
            raise Unfit("the basis is none of those known") from None
    return found


def _marking(refs: object) -> Marking:
    """The strictest TLP marking; an object without one is unmarked."""
    if not isinstance(refs, list) or len(refs) > 20:
        raise Unfit("unmarked: no TLP marking says how far it may go")
    found = [MARKING_OF[ref] for ref in refs if isinstance(ref, str) and ref in MARKING_OF]
    if not found:
        raise Unfit("unmarked: no TLP marking says how far it may go")
    return max(found, key=lambda marking: marking.rank)


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > 50:
        raise Unfit("a list of texts is none, or too long")
    return tuple(clean(text, 60, needed=True) for text in given)


def _until(row: Mapping[str, Any], told: Mapping[str, Any], start: str) -> str:
    given = row.get("valid_until", told.get("valid_until"))
    if given is None:
        raise Unfit("endless: valid_until is missing")
    until = moment(given, "valid_until")
    if until <= start:
        raise Unfit("valid_until does not lie after valid_from")
    return until


def _period(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    start = moment(told.get("valid_from", row.get("created")), "valid_from")
    return {"valid_from": start, "valid_until": _until({}, told, start)}


def _refs(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or len(given) > MOST_REFS:
        raise Unfit(f"object_refs are missing, or more than {MOST_REFS:,}")
    return tuple(object_id(ref) for ref in given)


def _indicator(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("pattern_type") != "stix":
        raise Unfit("the pattern is of another language than STIX")
    kind, text = read_pattern(row.get("pattern"))
    start = moment(row.get("valid_from"), "valid_from")
    return {
        "kind": kind,
        "value": text,
        "title": clean(row.get("name"), LONGEST_TITLE),
        "description": clean(row.get("description")),
        "valid_from": start,
        "valid_until": _until(row, told, start),
    }


def _sighting(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    count = row.get("count")
    if count is not None and (type(count) is not int or not 0 <= count <= 999_999_999):
        raise Unfit("count is no whole number from 0 to 999,999,999")
    seen = {name: moment(row[name], name) for name in ("first_seen", "last_seen") if name in row}
    if len(seen) == 2 and seen["last_seen"] < seen["first_seen"]:
        raise Unfit("last_seen lies before first_seen")
    refs = (object_id(row.get("sighting_of_ref")),)
    text = clean(row.get("description"))
    return {"kind": Kind.SIGHTING, "refs": refs, "count": count, "description": text, **seen, **_period(row, told)}


def _relationship(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    refs = (object_id(row.get("source_ref")), object_id(row.get("target_ref")))
    return {
        "kind": Kind.RELATIONSHIP,
        "refs": refs,
        "relation": clean(row.get("relationship_type"), _RELATIONS, needed=True),
        "description": clean(row.get("description")),
        **_period(row, told),
    }


def _grouping(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind.GROUPING,
        "title": clean(row.get("name"), LONGEST_TITLE),
        "description": clean(row.get("description")),
        "relation": clean(row.get("context"), _RELATIONS, needed=True),
        "refs": _refs(row.get("object_refs")),
        **_period(row, told),
    }


def _report(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    typology = told.get("kind") == Kind.TYPOLOGY.value
    start = moment(row.get("published"), "published")
    return {
        "kind": Kind.TYPOLOGY if typology else Kind.REPORT,
        "value": value(Kind.TYPOLOGY, told.get("check")) if typology else "",
        "title": clean(row.get("name"), LONGEST_TITLE, needed=True),
        "description": clean(row.get("description")),
        "refs": _refs(row.get("object_refs")),
        "valid_from": start,
        "valid_until": _until({}, told, start),
    }


def _note(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind.NOTE,
        "title": clean(row.get("abstract"), LONGEST_TITLE),
        "description": clean(row.get("content"), needed=True),
        "refs": _refs(row.get("object_refs")),
        **_period(row, told),
    }


def _opinion(row: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("opinion") not in _OPINIONS:
        raise Unfit("the opinion is none of the five")
    return {
        "kind": Kind.OPINION,
        "relation": row["opinion"],
        "description": clean(row.get("explanation")),
        "refs": _refs(row.get("object_refs")),
        **_period(row, told),
    }


_TYPES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]] = {
    "indicator": _indicator,
    "sighting": _sighting,
    "relationship": _relationship,
    "grouping": _grouping,
    "report": _report,
    "note": _note,
    "opinion": _opinion,
}
