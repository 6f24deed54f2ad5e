"""The frame around every request: an id, safe headers, one line in the access log, and a plain answer to the unforeseen."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vedette.doors.web.problem import Problem, respond

#: Its events become JSON lines where `server.logs` writes them; in a test they are plain records.
ACCESS: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("vedette.access"),
    processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)
FAULTS = logging.getLogger("vedette.server")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_SECURE = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


@dataclass(slots=True)
class _Sent:
    """What of an answer has gone out."""

    request_id: str
    secure: bool
    status: int = 0
    size: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def note(self, message: Message) -> Message:
        """Count, and complete the headers: those that the route set itself stay."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name.lower() for name, _ in message.get("headers", ())}
            wanted = (*_HEADERS, (b"x-request-id", self.request_id.encode()), *((_SECURE,) if self.secure else ()))
            added = [(name, value) for name, value in wanted if name not in present]
            return {**message, "headers": [*message.get("headers", ()), *added]}
        if message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        return message


class Frame:
    """ASGI middleware; outermost, so that nothing leaves without it."""

    def __init__(
        self,
        app: ASGIApp,
        clock: Callable[[], float] = perf_counter,
        observe: Callable[[str, str | None, int, float], None] | None = None,
    ) -> None:
        self._app = app
        self._clock = clock
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = self._clock()
        sent = _Sent(secrets.token_hex(8), scope.get("scheme") == "https")
        scope["vedette.request_id"] = sent.request_id

        async def sending(message: Message) -> None:
            await send(sent.note(message))

        try:
            await self._app(scope, receive, sending)
        except Exception as fault:  # the unforeseen: told in the log by place, answered without a word of it
            FAULTS.error("request %s failed unforeseen: %s", sent.request_id, places(fault))
            if sent.status:
                raise
            problem = Problem(500, "internal", "The service failed", remedy="Report the request id")
            await respond(problem, sent.request_id)(scope, receive, sending)
        finally:
            seconds = self._clock() - begun
            ACCESS.info("answered", **_told(scope, sent, seconds))
            if self._observe is not None:
                self._observe(_method(scope), _route(scope), sent.status, seconds)


def _told(scope: Scope, sent: _Sent, seconds: float) -> dict[str, str | int | float | None]:
    """The route's pattern and not the address asked for, no query and no peer: those may name a customer."""
    return {
        "request": sent.request_id,
        "method": _method(scope),
        "route": _route(scope),
        "status": sent.status,
        "bytes": sent.size,
        "ms": round(seconds * 1000, 2),
        "key": scope.get("vedette.key"),
        "person": scope.get("vedette.person"),
    }


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method.isalpha() and len(method) <= 10 else "?"


def _route(scope: Scope) -> str | None:
    return getattr(scope.get("route"), "path", None)


def places(fault: BaseException) -> str:
    """The kind of an exception and where it rose. Its message is left out: it may hold what a caller sent."""
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join((type(fault).__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))))
