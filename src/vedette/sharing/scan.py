"""Finds the formats: one folder each under ``formats/``, checked for what a format must offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Protocol, cast

from vedette.base import ContentError, Place
from vedette.sharing.model import Kind, Reading, Shared, ShareError, Writer

_HEAD = 65_536
_OFFERS = ("CAPTION", "SUFFIX", "MEDIA_TYPE", "HOLDS", "KINDS", "write", "read", "recognises")
#: The first that recognises a file reads it.
_ORDER = ("bundle", "stix21", "misp", "csv")


class Format(Protocol):
    """What each ``format.py`` offers. ``HOLDS`` names the fields, ``KINDS`` the kinds of object that it can hold."""

    CAPTION: str
    SUFFIX: str
    MEDIA_TYPE: str
    HOLDS: frozenset[str]
    KINDS: frozenset[Kind]

    def write(self, objects: Sequence[Shared], writer: Writer) -> bytes:
        """The file."""
        ...

    def read(self, data: bytes) -> Reading:
        """What a file holds. Raises ShareError where it is none as a whole."""
        ...

    def recognises(self, head: bytes) -> bool:
        """Whether a file begins so."""
        ...


@cache
def formats() -> Mapping[str, Format]:
    """Every format by the name of its folder. Raises ContentError where one offers too little."""
    folder = files("vedette.sharing") / "formats"
    names = sorted(item.name for item in folder.iterdir() if item.is_dir() and (item / "format.py").is_file())
    ordered = sorted(names, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return {name: _load(name) for name in ordered}


def _load(name: str) -> Format:
    module = import_module(f"vedette.sharing.formats.{name}.format")
    missing = [offer for offer in _OFFERS if not hasattr(module, offer)]
    if missing:
        raise ContentError(f"offers no {', '.join(missing)}", place=Place(f"sharing/formats/{name}/format.py"))
    return cast("Format", module)


def named(name: str) -> Format:
    """A format by its name, or by the beginning of it. Raises ShareError."""
    found = [key for key in formats() if key == name] or [key for key in formats() if name and key.startswith(name)]
    if len(found) != 1:
        raise ShareError("is no format", place=Place(name[:40]), remedy=f"One of: {', '.join(formats())}")
    return formats()[found[0]]


def recognise(data: bytes) -> tuple[str, Format]:
    """The format of a file by its beginning. Raises ShareError where none fits."""
    head = data[:_HEAD]
    for name, found in formats().items():
        if found.recognises(head):
            return name, found
    raise ShareError("is in no known format", remedy=f"One of: {', '.join(formats())}")


def lost(format_: Format, objects: Sequence[Shared]) -> dict[str, int]:
    """What a format cannot hold of these objects: kinds (``kind:sighting``) and fields, each with its count."""
    found: dict[str, int] = {}
    for item in objects:
        if item.kind not in format_.KINDS:
            _count(found, f"kind:{item.kind.value}")
            continue
        for name in sorted(item.held() - format_.HOLDS):
            _count(found, name)
    return found


def _count(found: dict[str, int], name: str) -> None:
    found[name] = found.get(name, 0) + 1
