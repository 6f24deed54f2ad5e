"""Examines a signed bundle offline: who signed it, and whether the sender's log holds the act that let these objects out."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from vedette.audit import verifier
from vedette.base import Place
from vedette.sharing.formats.bundle import format as bundle
from vedette.sharing.model import ShareError
from vedette.sharing.receive import LARGEST_FILE


def examine(file: Path, log_key: str = "") -> dict[str, Any]:
    """What holds of a bundle. Raises ShareError where its signature or its proof does not."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ShareError(f"is larger than {LARGEST_FILE:,} bytes", place=Place(file.name), remedy="Ask for less")
        data = file.read_bytes()
    except OSError as fault:
        raise ShareError(f"cannot be read: {fault.strerror}", place=Place(file.name), remedy="Check the path") from None
    found = bundle.read(data)
    held = msgspec.json.decode(data)
    told = {
        "file": file.name,
        "signer": found.signer,
        "producer": str(held["producer"].get("name", "")) if isinstance(held["producer"], dict) else "",
        "made_at": str(held["made_at"]),
        "objects": len(found.objects),
        "refused": len(found.refused),
        "proofs": len(held["proofs"]) if isinstance(held["proofs"], list) else 0,
    }
    if not log_key:
        return {**told, "proof": "not examined: give the key of the sender's log"}
    return {**told, "proof": _proof(held, log_key)}


def _proof(held: dict[str, Any], log_key: str) -> str:
    """Which leaf of the sender's log speaks of exactly these objects."""
    for text in held["proofs"] if isinstance(held["proofs"], list) else ():
        leaf = _leaf(text) if isinstance(text, str) else {}
        if leaf.get("facts", {}).get("objects_sha256") == held["objects_sha256"]:
            return _verified(text, log_key)
    raise ShareError("no proof in it speaks of its objects", remedy="Ask the sender for the bundle again")


def _leaf(text: str) -> dict[str, Any]:
    line = text.partition("\nextra ")[2].partition("\n")[0]
    try:
        found = json.loads(base64.b64decode(line, validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("facts"), dict) else {}


def _verified(text: str, log_key: str) -> str:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "leaf.tlog-proof"
        file.write_text(text, encoding="utf-8")
        try:
            return verifier.check(file, log_key)
        except (verifier.Broken, ValueError, binascii.Error) as fault:
            raise ShareError(
                f"the proof does not hold: {fault}", remedy="Check the key; else the sender's log was altered"
            ) from None
