"""Routes for people: what goes wrong is told as a page, or as a short notice where a script asked."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from vedette.base import VedetteError
from vedette.doors.pages.render import part, show
from vedette.doors.web.problem import Problem, of_fault, request_id


class Route(APIRoute):
    """A route whose anticipated faults become pages. Redirects to the sign-in page go on as they are."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its faults told for people."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return _told(request, problem)
            except VedetteError as fault:
                return _told(request, of_fault(fault))
            except RequestValidationError:
                return _told(request, Problem(422, "invalid", "This address cannot be read", remedy="Go back"))

        return handled


def _told(request: Request, problem: Problem) -> Response:
    if problem.status < 400 or problem.status == 401:
        raise problem
    values = {"problem": problem, "request_id": request_id(request)}
    if request.headers.get("hx-request"):
        # A notice never replaces what the reader was looking at.
        headers = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML", **problem.headers}
        return part(request, None, "doors/notice.html", status=problem.status, headers=headers, **values)
    page = show(request, None, "doors/fault.html", "This did not work", status=problem.status, **values)
    page.headers.update(problem.headers)
    return page
