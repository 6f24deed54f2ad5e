"""HTTP: what verification vendors send, signed by the vendor instead of opened by a key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from vedette.accounts import overview
from vedette.accounts.delivery import LARGEST, NotAuthentic
from vedette.accounts.evidence import Receipt, UnknownVendor, receive_evidence
from vedette.accounts.verification import timers
from vedette.accounts.verified import EvidenceRepeated, UnknownAccount, record_of
from vedette.accounts.webhook import secret_of
from vedette.base import Principal, PrincipalKind
from vedette.doors import web

router = APIRouter(tags=["Customers"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]


@router.post(
    "/v1/evidence/{vendor}",
    summary="Take a verification vendor's signed message",
    responses=web.answers("What became of it.", {"status": "stored", "event": "evt_1", "reason": None}),
    openapi_extra=web.asks("The message as the vendor signs it.", {"type": "object"}, {}),
)
async def evidence(
    request: Request,
    place: Annotated[web.Workplace, Depends(web.workplace)],
    vendor: str,
    data: Annotated[bytes, Depends(web.body(most=LARGEST))],
) -> Response:
    """Evidence of a verification, stored once for each event. Needs no key: the vendor's signature over the body is checked
    before anything in it is believed. No account changes its state by it.
    """

    def take() -> Receipt:
        principal = Principal(PrincipalKind.KEY, f"vendor-{vendor}")
        secret = secret_of(place.store, vendor)
        return receive_evidence(
            place.store, principal, vendor, dict(request.headers), data, secret=secret, clock=place.clock
        )

    try:
        receipt = await run_in_threadpool(take)
    except UnknownVendor:
        raise web.Problem(
            404, "unknown-vendor", "There is no vendor of this name", remedy="See the API's guide"
        ) from None
    except NotAuthentic:
        problem = web.Problem(401, "bad-signature", "The signature is missing, too old or does not fit")
        raise await web.refusal(request, place, "signature", problem) from None
    except EvidenceRepeated:
        detail, remedy = "This event was received before with another content", "Send every event once"
        raise web.Problem(409, "event-repeated", detail, remedy=remedy) from None
    return web.answer(receipt.as_json())


@router.get(
    "/v1/customers/{account_id}",
    summary="Where a customer stands",
    responses=web.answers("The account's verification.", {"account_id": "a-1", "state": "verified", "missing": []}),
)
def customer(acting: _READS, account_id: str) -> Response:
    """How far an account is verified, what is held and missing, and what comes next; no personal data."""
    try:
        found = record_of(acting.store, account_id) if account_id.isprintable() else None
    except UnknownAccount:
        found = None
    if found is None:
        raise web.Problem(404, "unknown-account", "There is no account of this id", remedy="Ingest its export first")
    return web.answer(overview.detail(found, acting.place.clock.now().date(), timers()))
