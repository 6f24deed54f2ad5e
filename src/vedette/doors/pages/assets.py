"""The static files: read once, known by name, addressed with their content's hash so that browsers may keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    kind: str
    mark: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by its name below ``/static/``; third-party scripts stand under ``vendor/``."""
    root = files("vedette.doors") / "static"
    return {**_folder(root, ""), **_folder(root / "vendor", "vendor/")}


def _folder(folder: Traversable, prefix: str) -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for item in folder.iterdir() if folder.is_dir() else ():
        kind = _TYPES.get(item.name.rpartition(".")[2])
        if kind is not None and item.is_file():
            body = item.read_bytes()
            found[prefix + item.name] = Asset(body, kind, hashlib.sha256(body).hexdigest()[:12])
    return found


def address(name: str) -> str:
    """The address of a static file; without a mark where the file is not there, as in a checkout without a build."""
    held = assets().get(name)
    return f"/static/{name}?v={held.mark}" if held is not None else f"/static/{name}"
