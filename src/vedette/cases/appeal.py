"""Appeal and redress: a customer's objection to a decision, answered in time by somebody who did not make it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from vedette import approvals
from vedette.audit import writing
from vedette.base import Clock, Json, Principal, Record, parse_time, read_record, stable_id
from vedette.cases import store as state
from vedette.cases.claim import require_person
from vedette.cases.model import SETTLED, CaseError, CaseStatus, Decision, Event
from vedette.cases.read import content
from vedette.cases.words import Appeal, AppealState
from vedette.store import Store

_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Redress:
    """How an appeal runs: days until the answer, what a customer may have corrected and how, and what nobody here can."""

    answer_days: int
    correctable: tuple[tuple[str, str], ...]
    not_correctable: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Json]:
        """The statement that goes to the customer."""
        return {
            "answer_days": self.answer_days,
            "correctable": [{"data": data, "how": how} for data, how in self.correctable],
            "not_correctable": [{"data": data, "how": how} for data, how in self.not_correctable],
        }


@cache
def redress() -> Redress:
    """What ships with the program."""
    return read_redress(content("redress.yml"), "cases/redress.yml")


def read_redress(text: str, file: str) -> Redress:
    """Parse strictly. Raises ContentError naming file and line."""
    record = read_record(text, file)
    record.take_text("caption")
    record.take_text("why")
    record.take_day("checked_on")
    record.take_texts("citation")
    found = Redress(
        record.take_int("answer_days"),
        tuple(_line(item) for item in record.take_records("correctable")),
        tuple(_line(item) for item in record.take_records("not_correctable")),
    )
    record.finish()
    return found


def _line(record: Record) -> tuple[str, str]:
    line = record.take_text("data"), record.take_text("how")
    record.finish()
    return line


def appeal(store: Store, principal: Principal, case_id: str, text: str, *, clock: Clock) -> Appeal:
    """Take in a customer's objection to the standing decision of a case; its text is sealed, a due date is set.

    One appeal a decision may be open. Raises CaseError for an undecided case, an empty text, a second open appeal.
    """
    if not text.strip() or len(text) > _MOST:
        raise CaseError(f"an appeal has a text of at most {_MOST:,} characters", remedy="Give what the customer wrote")
    with writing(store, principal, "cases.appeal", clock=clock) as act:
        case = state.known(act.connection, case_id)
        if case.status not in SETTLED or case.decision_id is None:
            raise CaseError("there is no decision to appeal against", remedy="An undecided case takes a note instead")
        earlier = [item for item in state.appeals(act.connection) if item.decision_id == case.decision_id]
        if any(item.state is AppealState.OPEN for item in earlier):
            raise CaseError("an appeal against this decision is open", remedy="Add to it with a note")
        made = Appeal(
            appeal_id=stable_id("app", case.decision_id, str(len(earlier))),
            case_id=case_id,
            decision_id=case.decision_id,
            opened_by=str(principal),
            received_at=act.moment,
            due_on=(parse_time(act.moment) + timedelta(days=redress().answer_days)).date().isoformat(),
            state=AppealState.OPEN,
        )
        state.keep_appeal(act, store, made, text.strip())
        state.keep(act, case, [Event("appealed", {"appeal": made.appeal_id, "due_on": made.due_on})])
        act.fact("case_id", case_id)
        act.fact("appeal_id", made.appeal_id)
        act.fact("due_on", made.due_on)
    return made


def answer(store: Store, principal: Principal, appeal_id: str, *, changed: bool, note: str, clock: Clock) -> Appeal:
    """Answer an appeal: the decision stands, or (``changed``) the case is open again for a new one.

    Never by those who made or approved the decision. The grounds are mandatory and sealed. A running freeze goes on until
    a new decision releases it: what the law blocks is not freed by a complaint.
    """
    require_person(principal)
    if not note.strip() or len(note) > _MOST:
        raise CaseError("an answer needs its grounds", remedy="Say what was looked at again and why it stands or falls")
    with writing(store, principal, "cases.appeal.answer", clock=clock) as act:
        found = state.appeal(act.connection, appeal_id)
        if found.state is not AppealState.OPEN:
            raise CaseError(f"the appeal is {found.state.value}", remedy="See `vedette cases appeals --all`")
        case = state.known(act.connection, found.case_id)
        made = state.decision(act.connection, found.decision_id)
        if principal.id.casefold() in _involved(store, made):
            raise CaseError(
                "whoever made or approved a decision does not judge the appeal", remedy="Another person must"
            )
        done = replace(
            found,
            state=AppealState.CHANGED if changed else AppealState.UPHELD,
            answered_by=str(principal),
            answered_at=act.moment,
        )
        state.keep_answer(act, store, done, note.strip())
        if changed and case.status in SETTLED and case.decision_id == found.decision_id:
            now = clock.now()
            case = replace(case, status=CaseStatus.OPEN, version=case.version + 1, changed_at=now, claimed_by=None)
        state.keep(act, case, [Event("appeal answered", {"appeal": appeal_id, "state": done.state.value})])
        act.fact("case_id", found.case_id)
        act.fact("appeal_id", appeal_id)
        act.fact("state", done.state.value)
    return done


def _involved(store: Store, made: Decision) -> set[str]:
    """Everybody who made or approved a decision, by id."""
    answered = approvals.get(store, made.request_id).answers if made.request_id else ()
    return {made.decided_by.partition(":")[2].casefold(), *(item.person for item in answered)}


def appeals(store: Store, *, everything: bool = False) -> list[Appeal]:
    """Open appeals, the one due first in front; with ``everything`` the answered ones too."""
    with store.database.reading() as connection:
        found = state.appeals(connection)
    return [item for item in found if everything or item.state is AppealState.OPEN]
