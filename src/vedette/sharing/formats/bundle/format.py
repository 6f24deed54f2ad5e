"""Our signed bundle: objects, who signed them (Ed25519 over canonical JSON), and the log's proofs of the act that let them out."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vedette.base import canonical_json
from vedette.sharing.model import Basis, Kind, Marking, Reading, Refused, Shared, ShareError, Tier, Writer
from vedette.sharing.patterns import fit
from vedette.sharing.values import (
    INDICATOR_KINDS,
    LONGEST_TITLE,
    MOST_REFS,
    Unfit,
    clean,
    moment,
    object_id,
    word,
)

CAPTION = "Signed bundle with proofs of the audit log"
SUFFIX = "bundle.json"
MEDIA_TYPE = "application/json"
KINDS = frozenset(Kind)
HOLDS = frozenset(Shared.__dataclass_fields__)
MOST_OBJECTS = 500_000
_NAME = "vedette-bundle"
_FIELDS = {"type", "v", "producer", "made_at", "objects", "objects_sha256", "proofs", "key", "signature"}
_PURPOSE = b"vedette.sharing/bundle v1\n"
_DECODER = msgspec.json.Decoder()


def write(objects: Sequence[Shared], writer: Writer) -> bytes:
    """The bundle, signed with the writer's seed. Raises ShareError where there is none."""
    if len(writer.seed) != 32:
        raise ShareError("a bundle needs a key to sign it", remedy="Export it from a workspace")
    rows = [item.as_json() for item in objects]
    key = Ed25519PrivateKey.from_private_bytes(writer.seed)
    body = {
        "type": _NAME,
        "v": 1,
        "producer": {"id": writer.id, "name": writer.name},
        "made_at": writer.moment,
        "objects": rows,
        "objects_sha256": fingerprint(rows),
        "proofs": list(writer.proofs),
        "key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
    }
    signature = key.sign(_PURPOSE + canonical_json(body))
    return canonical_json({**body, "signature": base64.b64encode(signature).decode()})


def fingerprint(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the objects, which the leaf of the act of export holds, too."""
    return hashlib.sha256(canonical_json(list(rows))).hexdigest()


def recognises(head: bytes) -> bool:
    """Whether a file begins as a bundle, whose keys stand in order."""
    return head.lstrip().startswith(b'{"key":') or b'"vedette-bundle"' in head


def read(data: bytes) -> Reading:
    """What a bundle holds, once its signature is found good. Raises ShareError where it is none or the signature is wrong."""
    body = _body(data)
    signer = _signer(body)
    objects: dict[str, Shared] = {}
    refused: list[Refused] = []
    for number, row in enumerate(body["objects"]):
        try:
            item = _item(row)
            if item.id in objects:
                raise Unfit("the id stands twice")
            objects[item.id] = item
        except Unfit as fault:
            refused.append(Refused(f"object {number + 1}", str(fault)))
    return Reading(objects=tuple(objects.values()), refused=tuple(refused), signer=signer)


def _body(data: bytes) -> dict[str, Any]:
    try:
        body = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise ShareError("is no JSON, or is nested too deep", remedy="Ask the sender for the bundle again") from None
    if not isinstance(body, dict) or body.get("type") != _NAME or body.get("v") != 1 or set(body) != _FIELDS:
        raise ShareError("is no signed bundle of this version", remedy="Ask the sender for the bundle again")
    if not isinstance(body["objects"], list) or len(body["objects"]) > MOST_OBJECTS:
        raise ShareError(f"holds no list of at most {MOST_OBJECTS:,} objects", remedy="Ask for several smaller bundles")
    return body


def _signer(body: Mapping[str, Any]) -> str:
    """The key in hexadecimal that signed a bundle. Raises ShareError."""
    try:
        public = base64.b64decode(str(body["key"]), validate=True)
        signature = base64.b64decode(str(body["signature"]), validate=True)
        signed = canonical_json({name: held for name, held in body.items() if name != "signature"})
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _PURPOSE + signed)
    except (ValueError, binascii.Error, InvalidSignature, RecursionError):
        raise ShareError(
            "the signature is wrong: it was altered, or another key signed it", remedy="Ask again"
        ) from None
    if body["objects_sha256"] != fingerprint(body["objects"]):
        raise ShareError("its objects are not those that its proof speaks of", remedy="Ask the sender again")
    return public.hex()


def _item(row: object) -> Shared:
    if not isinstance(row, dict) or set(row) - HOLDS:
        raise Unfit("an object that is no mapping, or holds unknown fields")
    kind = word(Kind, row.get("kind"), "kind")
    if word(Tier, row.get("tier", "A"), "tier") is not Tier.OPEN:
        raise Unfit("not of the open tier: named disclosure does not come this way")
    if row.get("marking") is None:
        raise Unfit("unmarked: no TLP marking says how far it may go")
    if row.get("valid_until") is None:
        raise Unfit("endless: valid_until is missing")
    if type(row.get("recalled", False)) is not bool:
        raise Unfit("recalled is neither true nor false")
    found = Shared(
        id=object_id(row.get("id")),
        kind=kind,
        value=fit(kind, row.get("value")) if kind in INDICATOR_KINDS else "",
        marking=word(Marking, row["marking"], "marking"),
        basis=word(Basis, row.get("basis", Basis.UNSTATED.value), "basis"),
        recalled=row.get("recalled", False),
        **_times(row),
        **_rest(row),
    )
    if found.valid_until <= found.valid_from or found.modified < found.created:
        raise Unfit("its times are in no possible order")
    return found


def _times(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: moment(row.get(name), name) for name in ("created", "modified", "valid_from", "valid_until")}


def _rest(row: Mapping[str, Any]) -> dict[str, Any]:
    most = {"title": LONGEST_TITLE, "origin": LONGEST_TITLE, "appeal": LONGEST_TITLE, "recall_reason": LONGEST_TITLE}
    most |= {"family": 60, "relation": 60, "description": 5_000}
    found: dict[str, Any] = {name: clean(row.get(name), size) for name, size in most.items()}
    found["origin_id"] = object_id(row["origin_id"], "identity") if row.get("origin_id") else ""
    for name in ("first_seen", "last_seen"):
        found[name] = moment(row[name], name) if row.get(name) else ""
    for name, largest in (("confidence", 100), ("count", 999_999_999)):
        number = row.get(name)
        if number is not None and (type(number) is not int or not 0 <= number <= largest):
            raise Unfit(f"{name} is no whole number from 0 to {largest:,}")
        found[name] = number
    for name, longest in (("citation", 50), ("refs", MOST_REFS)):
        held = row.get(name, [])
        if not isinstance(held, list) or len(held) > longest:
            raise Unfit(f"{name} is no list of at most {longest:,}")
        found[name] = tuple(object_id(item) if name == "refs" else clean(item, 60, needed=True) for item in held)
    return found
