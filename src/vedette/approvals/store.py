"""Requests for approval and their answers in the state database; the maker of a request can never approve it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, select

from vedette.approvals.model import Answer, NotAllowed, Request, RequestState, UnknownRequest
from vedette.approvals.read import needs
from vedette.audit import Act
from vedette.base import Principal, PrincipalKind, Subject, stable_id
from vedette.store import Store

METADATA = MetaData()
REQUEST = Table(
    "approval_request",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("needed", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
)
ANSWER = Table(
    "approval_answer",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
)
_PEOPLE = (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE)


def request(act: Act, action: str, subject: Subject, reference: str, *, count: int | None = None) -> Request:
    """Ask for the approvals that an action needs, within the act of the work that asks.

    ``count`` is how many things the act touches. An action that needs none is approved at once. The same action, subject
    and reference is one request.
    """
    identity = stable_id("apr", action, subject.kind, subject.id, reference)
    needed = needs(action, count=count)
    made = Request(
        id=identity,
        action=action,
        subject=subject,
        reference=reference,
        needed=needed,
        state=RequestState.WAITING if needed else RequestState.APPROVED,
        requested_by=str(act.principal),
        requested_at=act.moment,
    )
    known = _find(act.connection, identity)
    if known is not None:
        return known
    act.upsert(REQUEST, [_row(made)])
    return made


def approve(act: Act, request_id: str) -> Request:
    """Agree as a second person. Raises NotAllowed for the maker, for a second answer of one person, and for machines."""
    return _answer(act, request_id, RequestState.APPROVED)


def reject(act: Act, request_id: str) -> Request:
    """Disagree as a second person; one rejection ends the request."""
    return _answer(act, request_id, RequestState.REJECTED)


def withdraw(act: Act, request_id: str) -> Request:
    """Take the request back, by its maker only."""
    found = _waiting(act.connection, request_id)
    if not _same_person(found.requested_by, act.principal):
        raise NotAllowed("only the maker can withdraw a request", remedy="Reject it instead")
    return _settle(act, found, RequestState.WITHDRAWN)


def get(store: Store, request_id: str) -> Request:
    """One request with its answers. Raises UnknownRequest."""
    with store.database.reading() as connection:
        return _known(connection, request_id)


def waiting(store: Store) -> list[Request]:
    """Every request that still waits, oldest first."""
    query = select(REQUEST).where(REQUEST.c.state == RequestState.WAITING.value)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(REQUEST.c.requested_at, REQUEST.c.id)).mappings().all()
        return [_request(dict(row), _answers(connection, row["id"])) for row in rows]


def _answer(act: Act, request_id: str, verdict: RequestState) -> Request:
    found = _waiting(act.connection, request_id)
    _refuse_unfit(found, act.principal)
    answer = {
        "request_id": request_id,
        "person": act.principal.id.casefold(),
        "verdict": verdict.value,
        "answered_at": act.moment,
    }
    act.upsert(ANSWER, [answer])
    given = _answers(act.connection, request_id)
    agreed = sum(item.verdict is RequestState.APPROVED for item in given)
    if verdict is RequestState.REJECTED:
        return _settle(act, found, RequestState.REJECTED)
    if agreed >= found.needed:
        return _settle(act, found, RequestState.APPROVED)
    return _known(act.connection, request_id)


def _refuse_unfit(found: Request, principal: Principal) -> None:
    if principal.kind not in _PEOPLE:
        raise NotAllowed(f"a {principal.kind.value} is no person and cannot approve", remedy="Let a person answer")
    if _same_person(found.requested_by, principal):
        raise NotAllowed("the maker of a request can never approve or reject it", remedy="Let a second person answer")
    if principal.id.casefold() in {item.person for item in found.answers}:
        raise NotAllowed("this person has already answered", remedy="Let another person answer")


def _same_person(maker: str, principal: Principal) -> bool:
    """By id alone: the same human at the command line and in the console is one person."""
    return maker.partition(":")[2].casefold() == principal.id.casefold()


def _settle(act: Act, found: Request, state: RequestState) -> Request:
    query = select(REQUEST).where(REQUEST.c.id == found.id)
    row = dict(act.connection.execute(query).mappings().one())
    act.upsert(REQUEST, [{**row, "state": state.value}])
    return _known(act.connection, found.id)


def _waiting(connection: Connection, request_id: str) -> Request:
    found = _known(connection, request_id)
    if found.state is not RequestState.WAITING:
        raise NotAllowed(f"the request is already {found.state.value}", remedy="Look at the case again")
    return found


def _known(connection: Connection, request_id: str) -> Request:
    found = _find(connection, request_id)
    if found is None:
        raise UnknownRequest(f"no request for approval {request_id!r}")
    return found


def _find(connection: Connection, request_id: str) -> Request | None:
    row = connection.execute(select(REQUEST).where(REQUEST.c.id == request_id)).mappings().one_or_none()
    return None if row is None else _request(dict(row), _answers(connection, request_id))


def _answers(connection: Connection, request_id: str) -> tuple[Answer, ...]:
    query = select(ANSWER).where(ANSWER.c.request_id == request_id).order_by(ANSWER.c.answered_at, ANSWER.c.person)
    rows = connection.execute(query).all()
    return tuple(Answer(row.person, RequestState(row.verdict), row.answered_at) for row in rows)


def _row(item: Request) -> dict[str, Any]:
    return {
        "id": item.id,
        "action": item.action,
        "subject_kind": item.subject.kind,
        "subject_id": item.subject.id,
        "reference": item.reference,
        "needed": item.needed,
        "state": item.state.value,
        "requested_by": item.requested_by,
        "requested_at": item.requested_at,
    }


def _request(row: Mapping[str, Any], answers: tuple[Answer, ...]) -> Request:
    return Request(
        id=row["id"],
        action=row["action"],
        subject=Subject(row["subject_kind"], row["subject_id"]),
        reference=row["reference"],
        needed=row["needed"],
        state=RequestState(row["state"]),
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        answers=answers,
    )
