"""Takes a vendor's signed message as verification evidence, once; the vendors stand in ``vendors/`` as one folder each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Protocol, cast

from vedette.accounts.delivery import Delivery, Token
from vedette.accounts.verification.model import Evidence
from vedette.accounts.verified import record
from vedette.base import Clock, ContentError, Json, Place, Principal, VedetteError, read_record
from vedette.store import Store

_FOLDER = "vedette.accounts.vendors"


class UnknownVendor(VedetteError):
    """No vendor of that name has a folder."""


class Code(Protocol):
    """What ``vendor.py`` of a folder offers."""

    def authenticate(
        self, headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime, tolerance: timedelta
    ) -> None:
        """Raise NotAuthentic unless the vendor signed these bytes lately."""

    def read(self, body: bytes, token: Token) -> Delivery:
        """The evidence in the bytes. Raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor as its folder declares it."""

    id: str
    title: str
    caption: str
    address: str
    signature: str
    tolerance: timedelta
    account: str
    blind_spots: str
    code: Code


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message: ``stored``, ``repeated`` (received before, nothing changed) or ``ignored`` with a reason."""

    status: str
    event: str
    reason: str = ""
    evidence: Evidence | None = None

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        told: dict[str, Json] = {"status": self.status, "event": self.event, "reason": self.reason or None}
        return told | (self.evidence.as_json() if self.evidence is not None else {})


@cache
def vendors() -> Mapping[str, Vendor]:
    """Every vendor by id. Raises ContentError on the first faulty folder."""
    folder = files(_FOLDER)
    names = sorted(item.name for item in folder.iterdir() if (item / "vendor.yml").is_file())
    return {name: _vendor(name, (folder / name / "vendor.yml").read_text("utf-8")) for name in names}


def _vendor(name: str, text: str) -> Vendor:
    file = f"vendors/{name}/vendor.yml"
    declared = read_record(text, file)
    declared.take_day("checked_on")
    found = Vendor(
        id=declared.take_text("id"),
        title=declared.take_text("title"),
        caption=declared.take_text("caption"),
        address=declared.take_text("address"),
        signature=declared.take_text("signature"),
        tolerance=timedelta(seconds=declared.take_int("tolerance_seconds")),
        account=declared.take_text("account"),
        blind_spots=declared.take_text("blind_spots"),
        code=cast(Code, import_module(f"{_FOLDER}.{name}.vendor")),
    )
    declared.finish()
    if found.id != name:
        raise ContentError(f"id {found.id!r} is not the folder's name", place=Place(file, None, "id"))
    return found


def vendor(name: str) -> Vendor:
    """The vendor of that id. Raises UnknownVendor."""
    found = vendors().get(name)
    if found is None:
        raise UnknownVendor(f"no vendor {name[:80]!r}", remedy=f"One of: {', '.join(vendors())}")
    return found


def receive_evidence(
    store: Store,
    principal: Principal,
    name: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secret: str,
    clock: Clock,
) -> Receipt:
    """Check a vendor's message and store its evidence, once; no account changes its state by it.

    Raises UnknownVendor, NotAuthentic, Unreadable, and EvidenceRepeated for one event id with two contents.
    """
    sender = vendor(name)
    sender.code.authenticate(headers, body, secret, now=clock.now(), tolerance=sender.tolerance)
    return take(store, principal, name, body, clock=clock)


def take(store: Store, principal: Principal, name: str, body: bytes, *, clock: Clock) -> Receipt:
    """The same for bytes whose origin a person vouches for, such as a file downloaded from the vendor."""
    delivery = vendor(name).code.read(body, lambda text: store.vault.token("vendor", text))
    if delivery.evidence is None:
        return Receipt("ignored", delivery.event, delivery.ignored)
    fresh = record(store, principal, delivery.evidence, clock=clock)
    return Receipt("stored" if fresh else "repeated", delivery.event, evidence=delivery.evidence)
