"""What the routes of cases share: who may, the case of an address, and faults of a step as problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from fastapi import Depends
from starlette.responses import Response

from vedette import approvals, cases
from vedette.base import Json
from vedette.cases.model import CaseHeld, Decision
from vedette.doors import web

READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
DECIDES = Annotated[web.Acting, Depends(web.allows(web.Permission.DECIDE))]
APPROVES = Annotated[web.Acting, Depends(web.allows(web.Permission.APPROVE))]
BODY = Annotated[bytes, Depends(web.body(most=64 * 1024))]
#: What the API document shows of a case and of a decision.
CASE = {"case_id": "case_3k5v", "status": "open", "priority": 88, "version": 3}
DECISION = {"decision_id": "dec_3k5v", "case_id": "case_3k5v", "outcome": "false", "action": "none", "state": "final"}


class Verdict(msgspec.Struct, forbid_unknown_fields=True):
    """A second person's word."""

    agree: bool


@contextmanager
def told(acting: web.Acting | None = None, shown: cases.Case | None = None) -> Iterator[None]:
    """Faults of a step as problems: changed since it was shown, held by another, not allowed now."""
    try:
        yield
    except cases.StaleCase as fault:
        raise changed(fault.problem) from None
    except CaseHeld:
        raise web.Problem(409, "held", "Another person holds this case", remedy="Ask them, or wait") from None
    except approvals.NotAllowed as fault:
        raise web.Problem(403, "not-yours", fault.problem, remedy=fault.remedy) from None
    except approvals.UnknownRequest:
        raise web.Problem(404, "unknown-request", "There is no such request for approval") from None
    except cases.CaseError as fault:
        # Whatever else is wrong with it now: if it has changed since it was shown, that is what the person must know.
        if acting is not None and shown is not None and known(acting, shown.case_id).version != shown.version:
            raise changed(fault.problem) from None
        raise


def changed(detail: str) -> web.Problem:
    """The answer to whoever decides on what is no longer so."""
    return web.Problem(412, "changed", detail, remedy="Read it again and decide on what it says now")


def known(acting: web.Acting, case_id: str) -> cases.Case:
    """The case of an address. Raises Problem where there is none."""
    try:
        return cases.get(acting.store, plain(case_id))
    except cases.CaseError:
        raise web.Problem(
            404, "unknown-case", "There is no case of this id", remedy="GET /v1/cases names them"
        ) from None


def plain(text: str) -> str:
    """An id without the character that no database keeps."""
    return text.replace("\0", "") if len(text) <= 100 else ""


def tag(found: cases.Case) -> str:
    """The ETag of a case as it stands."""
    return web.etag("case", found.case_id, str(found.version))


def row(acting: web.Acting, found: cases.Case) -> Response:
    """A case as an answer."""
    return web.answer(found.row(acting.place.clock.now()), headers={"ETag": tag(found)})


def claimed(acting: web.Acting, found: cases.Claim) -> dict[str, Any]:
    """What is answered to a claim, given or not."""
    case: Mapping[str, Json] = found.case.row(acting.place.clock.now())
    return {
        "given": found.given,
        "held_by": found.held_by,
        "until": found.until.isoformat().replace("+00:00", "Z"),
        "also_viewing": list(found.also_viewing),
        "etag": tag(found.case),
        "case": case,
    }


def decision(made: Decision, status: int = 200) -> Response:
    """A decision as an answer."""
    return web.answer(made.as_json(), status)
