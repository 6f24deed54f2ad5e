"""Sealed words opened for those who must judge by them: the note of a bulk act, the text of an appeal. The log keeps who did."""

from __future__ import annotations

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.cases import store as state
from vedette.cases.claim import require_person
from vedette.store import Store


def bulk_note(store: Store, principal: Principal, bulk_id: str, *, clock: Clock) -> str:
    """The note of a bulk act. Raises CaseError for an unknown act, and for a job or key."""
    require_person(principal)
    with writing(store, principal, "cases.bulk.note_shown", clock=clock) as act:
        _, sealed = state.bulk(act.connection, bulk_id)
        act.fact("bulk_id", bulk_id)
    return state.opened_bulk_note(store, bulk_id, sealed)


def appeal_words(store: Store, principal: Principal, appeal_id: str, *, clock: Clock) -> tuple[str, str | None]:
    """What the customer wrote and, where there is one, the answer's grounds. Raises CaseError as above."""
    require_person(principal)
    with writing(store, principal, "cases.appeal.shown", clock=clock) as act:
        found = state.appeal(act.connection, appeal_id)
        act.fact("case_id", found.case_id)
        act.fact("appeal_id", appeal_id)
    return state.appeal_texts(store, appeal_id)
