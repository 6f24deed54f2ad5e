"""HTTP: sign-up decisions, what has been decided, and events handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette.app import store as state
from vedette.app.answers import repeated, unpack
from vedette.app.checks import Customer
from vedette.app.customers import CustomersError, Row, read_customer
from vedette.app.events_door import accept
from vedette.app.live import LiveDesk
from vedette.app.signups import answers
from vedette.app.verifications import KeyReused, KeyUnfit, decide
from vedette.base import Json, Place
from vedette.doors import web
from vedette.screening.routes import live

router = APIRouter(tags=["Verifications"])
_CALLER = Annotated[web.Caller, Depends(web.needs(web.Scope.VERIFY))]
_BODY = Annotated[bytes, Depends(web.body())]
MOST_CUSTOMERS = 1_000
_LINES = "application/x-ndjson"
_EVENT = '{"table":"signins","event_id":"e-1","time":"2026-03-01T12:00:00Z","account_id":"a-1","ip":"192.0.2.1"}'
_ONE = {
    "account_id": "a-1",
    "name": "Ann Example",
    "kind": "person",
    "country": "US",
    "birth_date": "1990-04-21",
    "email": "ann@example.org",
    "declared_purpose": "training of language models",
}
_ANSWER = {
    "query_id": "a-1",
    "outcome": "clear",
    "human_required": False,
    "hold_expires": None,
    "findings": [],
    "checks_run": ["presence", "screening"],
    "checks_missing": [],
    "list_versions": {"us_ofac_sdn": "2026-03-01.0f3a9c2b71de"},
    "policy_versions": {},
    "verification_id": "ver_3k5v",
    "decided_at": "2026-03-01T12:00:00Z",
    "replayed": False,
}
_ASKS = web.asks(
    "One customer (fields of `accounts.*`, with `owners` as a list), or up to 1,000 under `customers`.",
    {"type": "object"},
    {"one customer": _ONE, "several": {"customers": [_ONE]}},
)


def desk(place: web.Workplace) -> LiveDesk:
    """The desk that all routes of this process share."""
    return place.keep(LiveDesk, lambda: LiveDesk(place.store, place.home, place.clock, live(place)))


def warm(place: web.Workplace) -> None:
    """Open the desk at start and let it judge nobody once, without storing that."""
    desk(place).current().decide(Customer("warm-up", {"name": "Nobody Atall", "country": "US"}))


@router.post(
    "/v1/verifications",
    summary="Decide sign-ups",
    responses=web.answers("The answer, or `verifications` with one for each customer in order.", _ANSWER),
    openapi_extra={
        **_ASKS,
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": 200},
                "description": "The same key with the same body gives the stored answer again.",
            }
        ],
    },
)
def verify(caller: _CALLER, request: Request, data: _BODY) -> Response:
    """`clear`, `review` or `stop` with reasons. A stop holds for a person now and is never a refusal by itself; `clear`
    means that every check ran and found nothing on the lists named. Each decision is stored before it is told.
    """
    key = web.idempotency_key(request)
    body = web.decoded(data)
    if not isinstance(body, Mapping):
        raise web.Problem(422, "no-customer", "The body is no object of fields", remedy="Send one customer's fields")
    try:
        return _several(caller, body, key) if "customers" in body else _single(caller, body, key, len(data))
    except KeyReused as fault:
        detail, remedy = "This Idempotency-Key was used for another body", fault.remedy
        raise web.Problem(422, "key-reused", detail, remedy=remedy) from None
    except KeyUnfit as fault:
        raise web.Problem(400, "bad-idempotency-key", fault.problem, remedy=fault.remedy) from None


def _single(caller: web.Caller, body: Mapping[str, Any], key: str | None, size: int) -> Response:
    place = caller.place
    if size > place.limits.largest_single:
        raise web.too_large(place.limits.largest_single)
    if not body:
        raise web.Problem(422, "no-customer", "The body holds no field", remedy="Send one customer's fields")
    customer = read_customer(body)
    verdict = decide(place.store, desk(place).current(), customer, key=key, principal=caller.principal)
    replayed = {"Idempotency-Replayed": "true"} if verdict.replayed else {}
    return web.answer(verdict.as_json(), headers=replayed)


def _several(caller: web.Caller, body: Mapping[str, Any], key: str | None) -> Response:
    given = body["customers"]
    if not isinstance(given, list) or not 0 < len(given) <= MOST_CUSTOMERS or len(body) > 1:
        detail = f"`customers` must be the only field, a list of 1 to {MOST_CUSTOMERS:,} objects"
        raise web.Problem(422, "no-customers", detail, remedy="Send the rest in further requests")
    caller.charge(len(given))
    place = caller.place
    rows = [_row(item, number) for number, item in enumerate(given, start=1)]
    found: list[Json] = list(answers(place.store, desk(place).current(), rows, key=key, principal=caller.principal))
    return web.answer({"verifications": found})


def _row(item: Any, number: int) -> Row:
    """A customer, or the fault that stands in its place; its line is its place in the list."""
    place = Place("customers", number)
    if not isinstance(item, Mapping) or not item:
        return CustomersError("is not an object of fields", place=place)
    try:
        customer = read_customer(item)
    except CustomersError as fault:
        return CustomersError(fault.problem, place=Place("customers", number, fault.place.field), remedy=fault.remedy)
    return customer


@router.get(
    "/v1/verifications/{verification_id}",
    summary="A stored decision",
    responses=web.answers("The answer as it was given.", {**_ANSWER, "replayed": True}),
)
@web.near
def verification(caller: _CALLER, verification_id: str) -> Response:
    """The answer of a decision as it was given then; the customer's facts stay sealed."""
    store = caller.place.store
    held = state.verification(store, verification_id) if verification_id.isprintable() else None
    if held is None:
        remedy = "Use the `verification_id` of an answer"
        raise web.Problem(404, "unknown-verification", "There is no decision of this id", remedy=remedy)
    answer = repeated(unpack(store.vault.open(held.id, held.sealed)["answer"]))
    return web.answer(answer.as_json(), headers={"ETag": web.etag(held.id)})


@dataclass(slots=True)
class _Intake:
    """Batches are stored one after another, so that two with the same events store them once."""

    turn: Lock = field(default_factory=Lock)


@router.post(
    "/v1/events",
    summary="Hand in what accounts did",
    tags=["Events"],
    status_code=202,
    responses=web.answers("Counts of what became of the lines.", {"read": 2, "stored": 1, "duplicates": 1}, 202),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One JSON object a line: a row of signins, payments or keys, or a product's raw record.",
            "content": {_LINES: {"schema": {"type": "string"}, "example": _EVENT}},
        }
    },
)
def hand_in(
    caller: Annotated[web.Caller, Depends(web.needs(web.Scope.EVENTS))],
    data: Annotated[bytes, Depends(web.body(_LINES, "application/jsonl", "application/json"))],
) -> Response:
    """Events as lines of JSON, each stored once by its id. A line that cannot be read is refused with its number and the
    others are stored: read = stored + duplicates + refused_count. Findings follow with the watch or the next run.
    """
    place = caller.place
    with place.keep(_Intake, _Intake).turn:
        accepted = accept(place.store, data, caller.principal, place.clock)
    return web.answer(accepted.as_json(), 202)
