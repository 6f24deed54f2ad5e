"""Forms that browsers send: small, read once, and the token against forged requests that each of them carries."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.datastructures import ImmutableMultiDict

from vedette.doors.web.body import body
from vedette.doors.web.place import Workplace, workplace
from vedette.doors.web.problem import Problem

Form = ImmutableMultiDict[str, str]
#: The field, and for scripts the header, with which a request proves that it was not forged by another site.
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
_TYPE = "application/x-www-form-urlencoded"
_MOST_BYTES, _MOST_FIELDS = 256 * 1024, 200
_read = body(_TYPE, most=_MOST_BYTES)


async def form(request: Request, place: Annotated[Workplace, Depends(workplace)]) -> Form:
    """The form of a request; empty where its body is none. Use this and not the framework's own form parameters."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        return ImmutableMultiDict()
    data = await _read(request, place)
    try:
        pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Problem(400, "no-form", "The body is no form", remedy="Send it from the page itself") from None
    if any("\0" in text for pair in pairs for text in pair):
        raise Problem(422, "nul", "A text holds a NUL character", remedy="Leave it out")
    return ImmutableMultiDict(pairs)


def refuse_other_sites(request: Request) -> None:
    """Refuse an unsafe request that a browser says comes from another site."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    # A page that hides its address sends "null"; the browser's other header, and the session's token, still tell.
    foreign = origin != "null" and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign or site not in ("same-origin", "none"):
        raise Problem(403, "other-site", "This request comes from another site", remedy="Use the page of this service")
