"""Finds the billing adapters: one folder each, checked before any of them is used."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from vedette.base import Record
from vedette.events.billing.model import Ignored, Payment
from vedette.events.discover import declaration, folders

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingAdapter:
    """One product's billing export. ``payment`` turns a decoded record into a Payment or an Ignored, or raises RecordFault.

    ``form`` is json (lines, a list, or a list under one of ``lists``) or csv (names of columns in small letters, letters and
    digits only). ``customer_remedy`` says how a payment without account is mended.
    """

    id: str
    title: str
    caption: str
    citation: tuple[str, ...]
    licence: str
    product: str
    form: str
    files: tuple[str, ...]
    lists: tuple[str, ...]
    customer_remedy: str
    blind_spots: str
    note: str
    folder: Path
    payment: Callable[[Mapping[str, Any]], Payment | Ignored]
    wraps: tuple[str, ...] = ()
    text: bool = False

    @property
    def sample(self) -> Path:
        """The invented records that show the format."""
        return next(path for path in sorted(self.folder.iterdir()) if path.stem == "sample")

    def takes(self, name: str) -> bool:
        """Whether a file of that name may be one of the product's exports."""
        return any(fnmatch.fnmatch(name.lower().removesuffix(".gz"), pattern) for pattern in self.files)


@lru_cache(maxsize=1)
def billing_adapters() -> Mapping[str, BillingAdapter]:
    """Every billing adapter by id. Raises ContentError naming file and line."""
    return {path.name: read_adapter(path) for path in folders(_FOLDER)}


def read_adapter(folder: Path) -> BillingAdapter:
    """The adapter in one folder, checked for completeness."""
    name, record = declaration(folder, "See docs/how-to/add-a-log-adapter.md")
    item = _adapter(name, record, folder)
    record.finish()
    return item


def _adapter(name: str, record: Record, folder: Path) -> BillingAdapter:
    module = import_module(f"vedette.events.billing.{folder.name}.adapter")
    return BillingAdapter(
        id=name,
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        citation=record.take_texts("citation"),
        licence=record.take_text("licence"),
        product=record.take_text("product"),
        form=record.take_choice("form", ("json", "csv")),
        files=record.take_texts("files"),
        lists=record.take_texts("lists", optional=True),
        customer_remedy=record.take_text("customer_remedy"),
        blind_spots=record.take_text("blind_spots"),
        note=record.take_text("note"),
        folder=folder,
        payment=module.payment,
    )
