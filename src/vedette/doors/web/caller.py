"""Who calls: the key that a request carries, whether its scope suffices, and how much it may still ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from vedette.base import Principal, PrincipalKind
from vedette.doors.keys import ApiKey, KeyState, Scope, Secret, read_secret
from vedette.doors.web.place import Workplace, workplace
from vedette.doors.web.problem import Problem

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_REMEDY = (
    "Send `Authorization: Bearer vdk_...`. Whoever runs this service makes a key with "
    "`vedette keys new --scope verify --expires 90d`"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that was let in, acting as the principal of that key."""

    key: ApiKey
    place: Workplace

    @property
    def principal(self) -> Principal:
        """Who acts in the audit log."""
        return Principal(PrincipalKind.KEY, self.key.id)

    def charge(self, amount: int) -> None:
        """Charge a batch for what it holds beyond the one request that was counted."""
        self.place.by_key.owe(self.key.id, amount - 1)


def needs(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """The dependency that lets in only keys of a scope, and tells the API document so."""

    async def caller(request: Request, place: Annotated[Workplace, Depends(workplace)]) -> Caller:
        return await let_in(request, place, scope)

    caller.__name__ = f"needs_{scope.value}"
    caller.scope = scope  # type: ignore[attr-defined]  # read when the API document is written
    return caller


async def let_in(request: Request, place: Workplace, scope: Scope) -> Caller:
    """The caller whose key this request carries. Raises Problem where there is none, it lacks the scope or asks too often."""
    key = await key_of(request, place)
    if scope not in key.scopes:
        await _count(place, "scope")
        detail, remedy = f"This key lacks the scope `{scope.value}`", "Use a key made for it"
        raise Problem(403, "missing-scope", detail, remedy=remedy, extra={"scope": scope.value})
    wait = place.by_key.take(key.id)
    if wait:
        raise _too_many("This key asks too often", wait)
    request.scope["vedette.key"] = key.id
    return Caller(key, place)


async def key_of(request: Request, place: Workplace) -> ApiKey:
    """The key that this request carries. Raises Problem where it carries none that is good."""
    secret = _sent(request)
    if secret is None:
        raise await _refusal(request, place, "none", "No key was sent")
    if place.ring.remembered(secret):
        key, state = place.ring.owner_of(secret)
    else:
        key, state = await run_in_threadpool(place.ring.owner_of, secret)
    if key is None or state is None:
        raise await _refusal(request, place, "unknown", "This key opens nothing here")
    if state is not KeyState.ACTIVE:
        raise await _refusal(request, place, state.value, f"This key is {state.value}")
    if place.ring.must_note(key):
        await run_in_threadpool(place.ring.note, key)
    return key


def _sent(request: Request) -> Secret | None:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() not in ("bearer", "apikey"):
        return None
    return read_secret(text.strip())


async def refusal(request: Request, place: Workplace, reason: str, problem: Problem) -> Problem:
    """Counts a caller that could not prove who it is, for the account of refusals by reason, and gives the answer to it.

    To an address that failed too often, the answer is to wait; whoever has a good proof is never kept out.
    """
    address = request.client.host if request.client else ""
    wait = place.by_address.take(address)
    await _count(place, "too_often" if wait else reason)
    return _too_many("Too many failed sign-ins from this address", wait) if wait else problem


async def _refusal(request: Request, place: Workplace, reason: str, detail: str) -> Problem:
    slug = "no-key" if reason == "none" else "bad-key"
    return await refusal(request, place, reason, Problem(401, slug, detail, remedy=_REMEDY, headers=_CHALLENGE))


async def _count(place: Workplace, reason: str) -> None:
    if place.refusals.count(reason):
        await run_in_threadpool(place.refusals.write)


def _too_many(detail: str, wait: int) -> Problem:
    return Problem(429, "too-many-requests", detail, remedy="Wait as told", headers={"Retry-After": str(wait)})
