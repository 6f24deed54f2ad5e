"""Who counts as beneficial owner (KYC-04), and whether a customer is still presumed to be foreign (KYC-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from vedette.accounts.verification.model import OwnerFacts, Record

_WHOLE = (100.0, 100.0)
_DEEPEST = 50


def beneficial(owners: Iterable[OwnerFacts], limit: float) -> dict[str, str]:
    """Owner id -> ``owner`` (controls, or surely holds the limit, in percent) or ``possible`` (may hold it; share unknown).

    A share through other owners is multiplied down the chain, at its least and at its most. Others are left out.
    """
    known = {owner.owner_id: owner for owner in owners}
    found: dict[str, str] = {}
    for owner in known.values():
        least, most = _held(owner, known)
        if owner.controls or least >= limit:
            found[owner.owner_id] = "owner"
        elif most >= limit:
            found[owner.owner_id] = "possible"
    return found


def _held(owner: OwnerFacts, known: Mapping[str, OwnerFacts]) -> tuple[float, float]:
    """Least and most share of the account, in percent. A ring of owners, or an unknown parent, may hold anything."""
    least, most = _WHOLE
    current: OwnerFacts | None = owner
    for _ in range(_DEEPEST):
        if current is None:
            return 0.0, most
        least, most = least * (_least(current) / 100), most * (_most(current) / 100)
        if not current.parent_owner_id:
            return least, most
        current = known.get(current.parent_owner_id)
    return 0.0, 100.0


def _least(owner: OwnerFacts) -> float:
    return owner.share_min if owner.share_min is not None else 0.0


def _most(owner: OwnerFacts) -> float:
    return owner.share_max if owner.share_max is not None else 100.0


def presumed_foreign(record: Record, on: date) -> bool:
    """True until evidence that holds shows the customer and every declared owner to be of the home jurisdiction."""
    shown = {item.about for item in record.evidence if item.shows_home and item.holds(on)}
    undone = {about for about in shown if record.passed(on, about) is None}
    return not {"", *(owner.owner_id for owner in record.facts.owners)} <= shown - undone
