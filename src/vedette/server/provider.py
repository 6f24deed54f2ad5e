"""Signing in with the house's identity provider: away to it, and back with a code."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from vedette.base import VedetteError
from vedette.doors import web
from vedette.doors.access import SignedIn, begin
from vedette.doors.access.fetch import Begun, Endpoints
from vedette.doors.access.provider import Provider, ProviderError, admit, agreed, told
from vedette.doors.access.sessions import WEB
from vedette.doors.pages.catalogue import word
from vedette.doors.people import SignInRefused
from vedette.doors.web.person import give_cookie
from vedette.server.signin import end_earlier, inside, page

router = APIRouter(include_in_schema=False)
_PLACE = Annotated[web.Workplace, Depends(web.workplace)]
_QUESTION = "sign-in with a provider"
_MINUTES = 10


@router.get("/sign-in/provider")
async def away(request: Request, place: _PLACE, next: str = "/") -> Response:
    """To the provider; the browser keeps, signed, what must come back with it."""
    try:
        begun, address = await run_in_threadpool(_begun, place)
    except VedetteError as fault:
        return page(request, "gone.html", word("Cannot sign in so"), 503, (fault.problem, fault.remedy))
    kept = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": inside(next)}
    kept["until"] = str(int(place.clock.now().timestamp()) + _MINUTES * 60)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        _cookie(place),
        place.cursors.write(_QUESTION, kept),
        max_age=_MINUTES * 60,
        path="/",
        httponly=True,
        secure=place.entrance.secure,
        samesite="lax",
    )
    return response


@router.get("/sign-in/provider/back")
async def back(request: Request, place: _PLACE, code: str = "", state: str = "") -> Response:
    """Back from the provider: the same browser, the same sign-in, a proof that verifies, and a group with a role."""
    try:
        kept = _kept(request, place, state, code)
        entered = await run_in_threadpool(_entered, place, kept, code)
    except (SignInRefused, ProviderError) as fault:
        problem = await web.refusal(request, place, "provider", web.Problem(401, "sign-in", f"{fault.problem}."))
        response = page(request, "gone.html", word("Not signed in"), problem.status, (problem.detail, fault.remedy))
    else:
        await end_earlier(request, place)
        response = RedirectResponse(kept["next"], 303)
        give_cookie(response, place, entered.secret)
    response.delete_cookie(_cookie(place), path="/", httponly=True, secure=place.entrance.secure, samesite="lax")
    return response


def _begun(place: web.Workplace) -> tuple[Begun, str]:
    return place.keep(Endpoints, Endpoints).begin(_provider(place))


def _provider(place: web.Workplace) -> Provider:
    found = agreed(place.store)
    if found is None:
        raise ProviderError("There is no identity provider here", remedy="Sign in with a password")
    return found


def _kept(request: Request, place: web.Workplace, state: str, code: str) -> dict[str, str]:
    try:
        kept = {
            name: str(value) for name, value in place.cursors.read(_QUESTION, request.cookies[_cookie(place)]).items()
        }
    except (KeyError, web.Problem):
        raise SignInRefused("This sign-in did not begin in this browser", remedy="Begin again") from None
    late = place.clock.now().timestamp() > int(kept["until"])
    if late or not hmac.compare_digest(kept["state"].encode(), state.encode()):
        raise SignInRefused("This sign-in is too old or not the one that began here", remedy="Begin again")
    if not code:
        raise SignInRefused("The identity provider refused this sign-in", remedy="Try again")
    return kept


def _entered(place: web.Workplace, kept: dict[str, str], code: str) -> SignedIn:
    provider = _provider(place)
    begun = Begun(kept["state"], kept["nonce"], kept["verifier"])
    claims = place.keep(Endpoints, Endpoints).claims(provider, begun, code, place.clock)
    person = admit(place.store, provider, told(provider, claims), clock=place.clock)
    return begin(place.store, person, kind=WEB, how="provider", clock=place.clock)


def _cookie(place: web.Workplace) -> str:
    return "__Host-vedette-begun" if place.entrance.secure else "vedette-begun"
