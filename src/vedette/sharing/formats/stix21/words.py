"""Fixed words of STIX 2.1: the published ids of the TLP 2.0 markings, our extension definition, and ids made from content."""

from __future__ import annotations

import json
import uuid
from typing import Any

from vedette.sharing.model import Kind, Marking

#: TLP 2.0 as OASIS published it for STIX 2.1; recipients know the markings by these ids.
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_CREATED = "2022-10-01T00:00:00.000Z"
MARKINGS = {
    Marking.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Marking.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Marking.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Marking.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    Marking.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
#: TLP 1 as STIX 2.1 predefines it, read as its successor.
_OLDER = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Marking.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Marking.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Marking.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Marking.RED,
}
MARKING_OF = {identity: marking for marking, identity in MARKINGS.items()} | _OLDER

_OURS = uuid.UUID("5c3b2f5e-1f64-5f7c-9a53-0d6f6c1e5a10")
EXTENSION = f"extension-definition--{uuid.uuid5(_OURS, 'itt-assessment')}"
_AUTHOR = f"identity--{uuid.uuid5(_OURS, 'vedette')}"
_MADE = "2026-11-25T00:00:00.000Z"
_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Assessment of an object for intangible technology transfer",
    "type": "object",
    "required": ["extension_type", "tier", "basis", "valid_until"],
    "properties": {
        "extension_type": {"const": "property-extension"},
        "tier": {"enum": ["A"]},
        "kind": {"type": "string", "maxLength": 40},
        "check": {"type": "string", "maxLength": 200},
        "basis": {"enum": ["confirmed_case", "analyst", "public_source", "peer", "unstated"]},
        "valid_from": {"type": "string", "format": "date-time"},
        "valid_until": {"type": "string", "format": "date-time"},
        "evidence_family": {"type": "string", "maxLength": 60},
        "citation": {"type": "array", "items": {"type": "string", "maxLength": 60}, "maxItems": 50},
        "appeal_contact": {"type": "string", "maxLength": 300},
        "recall_reason": {"type": "string", "maxLength": 300},
        "origin": {"type": "string", "maxLength": 300},
    },
    "additionalProperties": False,
}
ASSESSMENT_FIELDS = frozenset(_SCHEMA["properties"])


def made_id(type_: str, *parts: str) -> str:
    """An id that the same parts always give (UUID version 5 in a name space of our own)."""
    return f"{type_}--{uuid.uuid5(_OURS, json.dumps([type_, *parts]))}"


def marking_definition(marking: Marking) -> dict[str, Any]:
    """A TLP 2.0 marking as OASIS published it."""
    level = marking.value.removeprefix("TLP:").lower()
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": MARKINGS[marking],
        "created": _TLP_CREATED,
        "name": marking.value,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": level}},
    }


def extension_definition() -> list[dict[str, Any]]:
    """The definition of ``itt-assessment`` and the identity that made it."""
    identity = {
        "type": "identity",
        "spec_version": "2.1",
        "id": _AUTHOR,
        "created": _MADE,
        "modified": _MADE,
        "name": "Vedette",
        "identity_class": "system",
    }
    definition = {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created_by_ref": _AUTHOR,
        "created": _MADE,
        "modified": _MADE,
        "name": "itt-assessment",
        "description": "Why an object is shared, until when it holds, and whom to ask for a correction.",
        "schema": json.dumps(_SCHEMA, sort_keys=True),
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
    return [identity, definition]


TYPES = {
    Kind.TYPOLOGY: "report",
    Kind.SIGHTING: "sighting",
    Kind.RELATIONSHIP: "relationship",
    Kind.GROUPING: "grouping",
    Kind.REPORT: "report",
    Kind.NOTE: "note",
    Kind.OPINION: "opinion",
}


def type_of(kind: Kind) -> str:
    """The STIX type that holds a kind."""
    return TYPES.get(kind, "indicator")
