"""Faults as RFC 9457 problem details: what is wrong and what to do, without traceback and without the sender's input."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from vedette.base import ContentError, Json, VedetteError
from vedette.store import StateError, WorkspaceError

_LOG = logging.getLogger("vedette.server")
MEDIA_TYPE = "application/problem+json"
_LONGEST = 400
_REMEDIES = {
    404: "See /v1/openapi.json for the addresses there are",
    405: "See /v1/openapi.json for the methods of this address",
}


class Problem(Exception):
    """An anticipated fault of a request. ``slug`` names its kind for programs; the texts never repeat the input."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Json] | None = None,
    ) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.remedy = remedy
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def as_json(self, request_id: str) -> dict[str, Json]:
        """The members of the problem document."""
        members: dict[str, Json] = {
            "type": f"urn:vedette:problem:{self.slug}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.remedy:
            members["remedy"] = self.remedy
        return {**members, **self.extra, "request_id": request_id}


def respond(problem: Problem, request_id: str) -> Response:
    """The answer that tells a problem."""
    body = msgspec.json.encode(problem.as_json(request_id))
    return Response(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def of_fault(fault: VedetteError) -> Problem:
    """An anticipated fault of a room as a problem: the place that is down is 503, faulty content of the program is 500,
    anything else is about the request.
    """
    detail = _plain(fault.problem)
    if isinstance(fault, StateError | WorkspaceError):
        return Problem(
            503, "unavailable", "The service cannot reach its data", remedy="Try again", headers={"Retry-After": "5"}
        )
    if isinstance(fault, ContentError):
        return Problem(500, "faulty-content", "The service's own content is faulty", remedy="Report the request id")
    extra: dict[str, Json] = {"field": _plain(fault.place.field)} if fault.place.field else {}
    if fault.place.line is not None:
        extra["item"] = fault.place.line
    return Problem(422, "refused", detail, remedy=_plain(fault.remedy), extra=extra)


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)[:_LONGEST]


def install(app: FastAPI) -> None:
    """Let every anticipated fault of the app's routes become a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(VedetteError, _fault)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


def request_id(request: Request) -> str:
    """The id that the frame gave this request."""
    return str(request.scope.get("vedette.request_id", ""))


async def _problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)
    return respond(fault, request_id(request))


async def _fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, VedetteError)
    problem = of_fault(fault)
    if problem.status >= 500:
        _LOG.error("request %s: %s", request_id(request), fault)
    return respond(problem, request_id(request))


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    phrase = HTTPStatus(fault.status_code).phrase
    slug = phrase.lower().replace(" ", "-")
    headers = {name: value for name, value in (fault.headers or {}).items()}
    remedy = _REMEDIES.get(fault.status_code, "")
    return respond(Problem(fault.status_code, slug, f"{phrase}.", remedy=remedy, headers=headers), request_id(request))


async def _invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    errors: list[Json] = [
        {"in": str(item["loc"][0]), "field": ".".join(str(part) for part in item["loc"][1:]), "kind": item["type"]}
        for item in fault.errors()[:20]
    ]
    problem = Problem(
        422,
        "invalid-parameters",
        "A parameter of the request has an impossible value",
        remedy="`errors` names them; /v1/openapi.json says what is possible",
        extra={"errors": errors},
    )
    return respond(problem, request_id(request))
