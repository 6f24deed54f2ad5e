"""A zip whose bytes depend on its contents alone, with a manifest of SHA-256 hashes that anybody can check."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping

from vedette.base import canonical_json
from vedette.documents.model import DocumentError

MANIFEST = "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_TIME = (1980, 1, 1, 0, 0, 0)
_MOST = 200_000_000


def pack(files: Mapping[str, bytes], about: Mapping[str, str] | None = None) -> bytes:
    """The files and their manifest in one zip. ``about`` is put into the manifest. Raises DocumentError for unsafe names."""
    for name in files:
        if not _NAME.fullmatch(name) or name == MANIFEST:
            raise DocumentError(f"no file may be named {name!r} here", remedy="Use letters, digits, dots and dashes")
    listed = [
        {"name": name, "sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
        for name in sorted(files)
    ]
    manifest = canonical_json({"v": 1, "about": dict(about or {}), "files": listed})
    return zipped({MANIFEST: manifest, **files})


def zipped(files: Mapping[str, bytes], *, packed_tight: bool = False) -> bytes:
    """A zip with one fixed time and the given order; without compression equal contents give equal bytes everywhere.

    Packed tight, they give equal bytes under one version of zlib.
    """
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed_tight else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, data, method)
    return out.getvalue()


def problems(data: bytes) -> list[str]:
    """What is wrong with a bundle: files missing, added or altered against its manifest. Empty when all is well."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST:
                return ["the bundle is larger than any report"]
            held = {entry.filename: hashlib.sha256(packed.read(entry)).hexdigest() for entry in packed.infolist()}
            listed = {item["name"]: item["sha256"] for item in json.loads(packed.read(MANIFEST))["files"]}
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as fault:
        return [f"this is no bundle: {fault}"]
    held.pop(MANIFEST)
    names = sorted({*held, *listed})
    return [f"{name}: {_fault(name, held, listed)}" for name in names if held.get(name) != listed.get(name)]


def _fault(name: str, held: Mapping[str, str], listed: Mapping[str, str]) -> str:
    if name not in held:
        return "missing"
    return "altered" if name in listed else "not in the manifest"
