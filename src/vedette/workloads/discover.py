"""Finds the telemetry adapters: one folder each under ``adapters/``, checked before any of them is used."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from vedette.base import ContentError, Place, Record, VedetteError
from vedette.events.discover import declaration, read_all
from vedette.workloads.adapted import Document, Found

_FOLDER = Path(__file__).with_name("adapters")
_GUIDE = "See docs/how-to/add-a-telemetry-adapter.md"

Rows = Callable[[Iterable[Document]], Iterator[Found]]


class UnknownTelemetry(VedetteError):
    """No telemetry adapter of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """One tool's export of telemetry.

    ``form`` is json (one value, or one a line) or text (lines). ``rows`` turns a file's documents into rows and what is none.
    ``product`` is the word that ``identities`` has for the tool; ``metrics`` are what a Prometheus server is asked for, none where
    the tool is no such server.
    """

    id: str
    title: str
    caption: str
    citation: tuple[str, ...]
    licence: str
    product: str
    form: str
    files: tuple[str, ...]
    blind_spots: str
    folder: Path
    rows: Rows
    metrics: tuple[str, ...] = ()

    @property
    def sample(self) -> Path:
        """The invented records that show the format."""
        return next(path for path in sorted(self.folder.iterdir()) if path.stem == "sample")

    def takes(self, name: str) -> bool:
        """Whether a file of that name may be one of the tool's exports."""
        return any(fnmatch.fnmatch(name.lower().removesuffix(".gz"), pattern) for pattern in self.files)

    def files_of(self, path: Path) -> list[Path]:
        """The files to read: the file itself, or those of the folder and its sub-folders that the adapter takes."""
        if not path.is_dir():
            return [path]
        found = (item for item in path.rglob("*") if item.is_file() and not item.is_symlink() and self.takes(item.name))
        return sorted(found)


@lru_cache(maxsize=1)
def telemetry_adapters() -> Mapping[str, Telemetry]:
    """Every adapter by id, in order of the alphabet. Raises ContentError naming file and line."""
    return {item.id: item for item in read_adapters(_FOLDER)}


def telemetry_adapter(name: str) -> Telemetry:
    """The adapter of that id. Raises UnknownTelemetry listing what there is."""
    known = telemetry_adapters()
    if name not in known:
        raise UnknownTelemetry(f"no telemetry adapter {name!r}", remedy=f"One of: {', '.join(sorted(known))}")
    return known[name]


def read_adapters(folder: Path) -> list[Telemetry]:
    """The adapters in the sub-folders of a folder, each checked for completeness."""
    return read_all(folder, _read)


def _read(folder: Path) -> tuple[Telemetry, Place]:
    name, record = declaration(folder, _GUIDE)
    place = record.place("product")
    item = _adapter(name, record, folder)
    record.finish()
    return item, place


def _adapter(name: str, record: Record, folder: Path) -> Telemetry:
    module = import_module(f"vedette.workloads.adapters.{folder.name}.adapter")
    return Telemetry(
        id=name,
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        citation=record.take_texts("citation"),
        licence=record.take_text("licence"),
        product=record.take_text("product"),
        form=record.take_choice("form", ("json", "text")),
        files=record.take_texts("files"),
        blind_spots=record.take_text("blind_spots"),
        folder=folder,
        rows=_rows_of(module, folder),
        metrics=tuple(sorted(getattr(module, "WANTED", ()))),
    )


def _rows_of(module: ModuleType, folder: Path) -> Rows:
    found = getattr(module, "rows", None)
    if not callable(found):
        place = Place((folder / "adapter.py").as_posix(), 1)
        raise ContentError("has no function rows(documents)", place=place, remedy="Write it")
    function: Rows = found
    return function
