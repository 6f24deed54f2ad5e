"""The body of a request: read within its limits, decoded, and examined before any room sees it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import anyio
import msgspec
import msgspec.structs
from fastapi import Depends, Request

from vedette.doors.web.place import Workplace, workplace
from vedette.doors.web.problem import Problem

_Shape = TypeVar("_Shape", bound=msgspec.Struct)
_PLACE = re.compile(r"at `\$\.([a-z_]{1,40})`$")
_DEEPEST = 16
_LONGEST_TEXT = 20_000
_JSON = ("application/json",)


def body(*types: str, most: int | None = None) -> Callable[..., Awaitable[bytes]]:
    """The dependency that reads a whole body of one of these media types; JSON where none is named.

    ``most`` bytes are read where that is less than the place's own limit.
    """

    async def read(request: Request, place: Annotated[Workplace, Depends(workplace)]) -> bytes:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in (types or _JSON):
            wanted = " or ".join(types or _JSON)
            raise Problem(415, "media-type", f"The body must be {wanted}", remedy="Say so in Content-Type")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Problem(415, "content-encoding", "The body must not be compressed", remedy="Send it as it is")
        largest = place.limits.largest_body if most is None else min(most, place.limits.largest_body)
        return await _whole(request, place, largest)

    return read


async def _whole(request: Request, place: Workplace, largest: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > largest:
        raise too_large(largest)
    parts, size = [], 0
    try:
        with anyio.fail_after(place.limits.seconds_to_send):
            async for part in request.stream():
                size += len(part)
                if size > largest:
                    raise too_large(largest)
                parts.append(part)
    except TimeoutError:
        raise Problem(408, "too-slow", "The body did not arrive in time", remedy="Send it in one go") from None
    return b"".join(parts)


def too_large(largest: int) -> Problem:
    """The answer to a body beyond a limit in bytes."""
    detail = f"The body is larger than {largest:,} bytes"
    return Problem(413, "too-large", detail, remedy="Send less at once", headers={"Connection": "close"})


def decoded(data: bytes) -> Any:
    """A body as JSON. Raises Problem for what is no JSON, too deep, or holds texts that nothing could store."""
    try:
        value = msgspec.json.decode(data)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        # The decoder's message may quote the input, so it is not handed on.
        raise Problem(400, "no-json", "The body is no JSON", remedy="Send one JSON value in UTF-8") from None
    _examine(value)
    return value


def shaped(data: bytes, kind: type[_Shape]) -> _Shape:
    """A body as a record of known fields. Raises Problem for any other shape, naming the place and not the input."""
    value = decoded(data)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        found = _PLACE.search(str(fault))
        raise Problem(
            422,
            "bad-fields",
            "A field is missing, unknown, or has an impossible value",
            remedy=f"Send {', '.join(field.name for field in msgspec.structs.fields(kind))}",
            extra={"field": found[1]} if found else {},
        ) from None


def _examine(value: Any) -> None:
    """Refuse NUL characters, endless texts and deep nesting, in every key and value."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            _examine_text(item)
        elif isinstance(item, dict | list):
            if depth >= _DEEPEST:
                raise _too_deep()
            if isinstance(item, dict):
                waiting += ((key, depth) for key in item)
                item = item.values()
            waiting += ((part, depth + 1) for part in item)


def _examine_text(text: str) -> None:
    if len(text) > _LONGEST_TEXT:
        detail = f"A text is longer than {_LONGEST_TEXT:,} characters"
        raise Problem(422, "text-too-long", detail, remedy="Cut it, or leave it out")
    if "\0" in text:
        raise Problem(422, "nul", "A text holds a NUL character", remedy="Leave it out")


def _too_deep() -> Problem:
    detail = f"The body is nested more than {_DEEPEST} deep"
    return Problem(400, "too-deep", detail, remedy="Send the documented fields only")
