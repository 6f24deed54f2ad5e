"""Finds the log adapters: one folder each under ``adapters/``, checked before any of them is used."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

from vedette.base import ContentError, Place, Record, VedetteError, read_record, unique
from vedette.events.model import Event

_FOLDER = Path(__file__).with_name("adapters")
_FILES = ("adapter.yml", "adapter.py", "sample.*", "expected.jsonl")
_CHANNELS = ("no", "console", "api", "ssh", "unknown")


class _OfProduct(Protocol):
    @property
    def product(self) -> str: ...


Named = TypeVar("Named", bound=_OfProduct)


class UnknownAdapter(VedetteError):
    """No adapter of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One product's log format.

    ``lists`` are keys under which a file or line holds a list of records, ``wraps`` keys under which a line holds one.
    ``personal`` are keys, at any depth, whose texts are names of people: the lake keeps tokens in their place. ``event``
    turns a decoded record into an Event or raises RecordFault. With ``text`` a line that is no JSON object is a record too.
    ``quick`` turns the bytes of a plain record into the same event faster, or says None where ``event`` has to look.
    ``signins`` says through which channel its logons come in, and with it that they count as sign-ins; else empty.
    """

    id: str
    title: str
    caption: str
    citation: tuple[str, ...]
    licence: str
    product: str
    files: tuple[str, ...]
    lists: tuple[str, ...]
    wraps: tuple[str, ...]
    personal: tuple[str, ...]
    blind_spots: str
    folder: Path
    event: Callable[[Mapping[str, Any]], Event]
    quick: Callable[[bytes], Event | None] | None = None
    text: bool = False
    signins: str = ""

    @property
    def sample(self) -> Path:
        """The invented records that show the format."""
        return next(path for path in sorted(self.folder.iterdir()) if path.stem == "sample")

    def takes(self, name: str) -> bool:
        """Whether a file of that name may be one of the product's logs."""
        return any(fnmatch.fnmatch(name.lower().removesuffix(".gz"), pattern) for pattern in self.files)


@lru_cache(maxsize=1)
def adapters() -> Mapping[str, Adapter]:
    """Every adapter by id, in order of the alphabet. Raises ContentError naming file and line."""
    return {item.id: item for item in read_adapters(_FOLDER)}


def adapter(name: str) -> Adapter:
    """The adapter of that id. Raises UnknownAdapter listing what there is."""
    known = adapters()
    if name not in known:
        raise UnknownAdapter(f"no adapter {name!r}", remedy=f"One of: {', '.join(sorted(known))}")
    return known[name]


def read_adapters(folder: Path) -> list[Adapter]:
    """The adapters in the sub-folders of a folder, each checked for completeness."""
    return read_all(folder, _read)


def _read(folder: Path) -> tuple[Adapter, Place]:
    name, record = declaration(folder, "See docs/how-to/add-a-log-adapter.md")
    place = record.place("product")
    item = _adapter(name, record, folder)
    record.finish()
    return item, place


def read_all(folder: Path, read: Callable[[Path], tuple[Named, Place]]) -> list[Named]:
    """What ``read`` makes of each sub-folder, in order of name; no two may speak of one product."""
    found, places = [], []
    for path in folders(folder):
        item, place = read(path)
        found.append(item)
        places.append((item.product, place))
    unique(places, "product")
    return found


def folders(folder: Path) -> list[Path]:
    """The sub-folders that hold an adapter each."""
    return [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(("_", "."))]


def declaration(folder: Path, guide: str) -> tuple[str, Record]:
    """The id and the declaration of the adapter in a folder that holds all that an adapter needs. Raises ContentError."""
    for name in _FILES:
        if not any(path.read_bytes().strip() for path in folder.glob(name)):
            place = Place((folder / name).as_posix())
            raise ContentError(f"the adapter has no {name}", place=place, remedy=guide)
    path = folder / "adapter.yml"
    record = read_record(path.read_text(encoding="utf-8"), path.as_posix())
    where = record.place("id")
    if (name := record.take_text("id")) != folder.name:
        raise ContentError(f"'id' is {name!r} in folder {folder.name!r}", place=where, remedy="Make them equal")
    return name, record


def _adapter(name: str, record: Record, folder: Path) -> Adapter:
    module = import_module(f"vedette.events.adapters.{folder.name}.adapter")
    return Adapter(
        id=name,
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        citation=record.take_texts("citation"),
        licence=record.take_text("licence"),
        product=record.take_text("product"),
        files=record.take_texts("files"),
        lists=record.take_texts("lists", optional=True),
        wraps=record.take_texts("wraps", optional=True),
        personal=record.take_texts("personal", optional=True),
        blind_spots=record.take_text("blind_spots"),
        folder=folder,
        event=_event_of(module, folder),
        quick=getattr(module, "quick", None),
        text=record.take_bool("text", default=False),
        signins=record.take_choice("signins", _CHANNELS, default="no").removeprefix("no"),
    )


def _event_of(module: ModuleType, folder: Path) -> Callable[[Mapping[str, Any]], Event]:
    found = getattr(module, "event", None)
    if not callable(found):
        raise ContentError(
            "has no function event(record)", place=Place((folder / "adapter.py").as_posix(), 1), remedy="Write it"
        )
    function: Callable[[Mapping[str, Any]], Event] = found
    return function
