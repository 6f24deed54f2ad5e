"""Conditions that a request sets: its idempotency key, the version it has seen, and since when it wants changes."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from fastapi import Request
from starlette.responses import Response

from vedette.base import parse_time
from vedette.doors.web.problem import Problem

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def idempotency_key(request: Request) -> str | None:
    """The key under which a repeated request gives the stored answer; None where none was sent."""
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        return None
    if len(sent) > 1 or not _IDEMPOTENCY_KEY.fullmatch(sent[0]):
        raise Problem(
            400,
            "bad-idempotency-key",
            "Idempotency-Key must be one text of 1 to 200 visible ASCII characters",
            remedy="Send a random UUID, and the same one again only to repeat the same request",
        )
    return sent[0]


def etag(*parts: str) -> str:
    """A strong entity tag of what identifies a state."""
    state = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{state[:32]}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """The answer 304 where the caller already has this state."""
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return None


def require_match(request: Request, tag: str) -> None:
    """Raise unless the caller names the state it has seen: 428 where it names none, 412 where that is no longer so."""
    seen = request.headers.get("if-match")
    if seen is None:
        detail, remedy = "This change needs If-Match", "Read it first and send its ETag as If-Match"
        raise Problem(428, "if-match-needed", detail, remedy=remedy)
    if not _names(seen, tag, weak=False):
        detail, remedy = "This has changed since it was read", "Read it again and decide on what it says now"
        raise Problem(412, "changed", detail, remedy=remedy, headers={"ETag": tag})


def _names(header: str, tag: str, *, weak: bool = True) -> bool:
    """Whether a header names a tag. If-Match compares strongly: a weak tag never matches."""
    named = [part.strip() for part in header.split(",")]
    if weak:
        named = [part.removeprefix("W/") for part in named]
    return "*" in named or tag in named


def moment(text: str | None, name: str) -> datetime | None:
    """A time in a parameter. Raises Problem for one without a zone, and for what is no time."""
    if text is None:
        return None
    try:
        return parse_time(text)
    except (ValueError, OverflowError):
        raise Problem(
            422,
            "bad-time",
            "This is no ISO 8601 time with a zone",
            remedy="Write for example 2026-01-31T00:00:00Z",
            extra={"field": name},
        ) from None
