"""Messages to other members over HTTP: encrypted beyond this machine, within limits, never redirected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vedette.sharing.blind import wire
from vedette.sharing.blind.transport import Unanswered

if TYPE_CHECKING:
    import httpx

#: Where members listen.
PATH = "/v1/blind"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_LARGEST = 512 * 1024 * 1024
_SECONDS = 120.0
_MOST_TOLD = 200


class Http:
    """Sends messages by HTTP; a context manager that keeps its connections open meanwhile."""

    def __init__(self) -> None:
        import httpx

        self._client = httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._client.close()

    def send(self, url: str, message: wire.Message) -> wire.Message:
        """The answer of the member behind an address. Raises Unanswered with what the member said, where it refused."""
        import httpx

        _require_safe(url)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            with self._client.stream("POST", url + PATH, content=message.encoded(), headers=headers) as response:
                data = _read(response)
                if response.status_code != 200:
                    raise _refused(response.status_code, data)
        except httpx.HTTPError as fault:
            raise Unanswered(
                f"a member cannot be reached: {type(fault).__name__}",
                remedy="Every member must answer; try again later",
            ) from None
        try:
            return wire.decode(data)
        except wire.BadMessage:
            raise Unanswered("a member answered with no message", remedy="Check its address") from None


def _require_safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Unanswered("a member's address is not encrypted", remedy="Only https, or http on this machine")


def _read(response: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _LARGEST:
            raise Unanswered("a member's answer is too large", remedy="Ask its people")
        parts.append(part)
    return b"".join(parts)


def _refused(status: int, data: bytes) -> Unanswered:
    """What a problem document says, shortened and made printable: the far side's text is never trusted."""
    try:
        told = json.loads(data)
        slug = str(told["type"]).rpartition(":")[2]
        detail, remedy = str(told["detail"]), str(told.get("remedy", ""))
    except (ValueError, KeyError, TypeError, RecursionError):
        slug, detail, remedy = "", "", ""
    text = "".join(letter for letter in f"{slug}: {detail}"[:_MOST_TOLD] if letter.isprintable())
    return Unanswered(f"a member refused ({status}) {text}", remedy=remedy[:_MOST_TOLD] if remedy.isprintable() else "")
