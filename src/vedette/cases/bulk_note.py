"""The sealed note of a waiting bulk act, opened for the second person who must judge it; the log keeps who opened it."""

from __future__ import annotations

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.cases import store as state
from vedette.cases.claim import require_person
from vedette.store import Store


def bulk_note(store: Store, principal: Principal, bulk_id: str, *, clock: Clock) -> str:
    """The note's words. Raises CaseError for an unknown act, and for a job or key."""
    require_person(principal)
    with writing(store, principal, "cases.bulk.note_shown", clock=clock) as act:
        _, sealed = state.bulk(act.connection, bulk_id)
        act.fact("bulk_id", bulk_id)
    return state.opened_bulk_note(store, bulk_id, sealed)
