"""Who acts through the interface: a program by its key and scope, or a person by their session and roles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import ImmutableMultiDict

from vedette.base import Principal
from vedette.doors.keys import Scope
from vedette.doors.people import Permission
from vedette.doors.web.caller import key_of, let_in
from vedette.doors.web.person import Person, note_refusal, require, require_own, signed_in
from vedette.doors.web.place import Workplace, workplace
from vedette.doors.web.problem import Problem
from vedette.store import Store

_NO_FORM: ImmutableMultiDict[str, str] = ImmutableMultiDict()


@dataclass(frozen=True, slots=True)
class Acting:
    """Whoever was let in, a program or a person. ``person`` is None for a program."""

    principal: Principal
    place: Workplace
    person: Person | None = None

    @property
    def store(self) -> Store:
        """The workspace's store."""
        return self.place.store


def allows(permission: Permission, scope: Scope | None = None) -> Callable[..., Awaitable[Acting]]:
    """The dependency that lets in people whose roles hold a permission and, where a scope is named, keys of that scope.

    A person's request that changes something carries the session's token in ``X-CSRF-Token``.
    """

    async def acting(request: Request, place: Annotated[Workplace, Depends(workplace)]) -> Acting:
        if "authorization" not in request.headers:
            found = await signed_in(request, place)
            if found is not None:
                await require_own(request, found, _NO_FORM)
                await require(found, permission)
                return Acting(found.principal, place, found)
        if scope is None:
            await key_of(request, place)
            await note_refusal(place, "no person")
            detail, remedy = "This is done by people, and a key is none", "Sign in as a person"
            raise Problem(403, "people-only", detail, remedy=remedy)
        return Acting((await let_in(request, place, scope)).principal, place)

    acting.__name__ = f"allows_{permission.value.replace('.', '_')}"
    acting.permission, acting.scope = permission, scope  # type: ignore[attr-defined]  # read for the API document
    return acting
