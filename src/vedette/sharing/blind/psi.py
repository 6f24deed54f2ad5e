"""One-off comparison of two whole lists by private set intersection, between two houses that agreed on it (extra ``psi``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vedette.base import VedetteError

#: Items of one list; the protocol's cost grows with the sum of both.
MOST = 1_000_000
_FALSE_POSITIVES = 1e-9
_LARGEST = 256 * 1024 * 1024


class PsiError(VedetteError):
    """The extra is missing, a file is no message of the protocol, or a list is too long."""


def _library() -> Any:
    try:
        import private_set_intersection.python as library  # type: ignore[import-untyped]  # ships no stubs
    except ImportError:
        raise PsiError(
            "private set intersection is not installed", remedy="Install the extra: pip install 'vedette[psi]'"
        ) from None
    return library


def request(items: Sequence[str]) -> tuple[bytes, bytes]:
    """The asker's first step: (secret to keep for the last step, message for the holder)."""
    psi = _library()
    client = psi.client.CreateWithNewKey(True)
    return bytes(client.GetPrivateKeyBytes()), bytes(client.CreateRequest(_fit(items)).SerializeToString())


def answer(items: Sequence[str], message: bytes, asked: int) -> bytes:
    """The holder's step: its own list, hidden, and the asker's elements under its key. One message of two parts.

    ``asked`` is the number of elements that the holder agreed to compare; a request of another size is refused, because a
    longer list is a search.
    """
    psi = _library()
    own = _fit(items)
    server = psi.server.CreateWithNewKey(True)
    given = _parsed(psi.Request(), message)
    if len(given.encrypted_elements) != asked:
        raise PsiError("the request compares another number of identifiers than agreed", remedy="Agree on it first")
    setup = server.CreateSetupMessage(_FALSE_POSITIVES, asked, own, psi.DataStructure.GCS).SerializeToString()
    response = server.ProcessRequest(given).SerializeToString()
    return len(setup).to_bytes(8, "big") + bytes(setup) + bytes(response)


def finish(secret: bytes, items: Sequence[str], message: bytes) -> list[int]:
    """The asker's last step: the places, in its own list, of what both lists hold."""
    psi = _library()
    size = int.from_bytes(message[:8], "big")
    if len(message) > _LARGEST or size > len(message) - 8:
        raise PsiError("is no answer of this protocol", remedy="Ask for the file again")
    client = psi.client.CreateFromKey(secret, True)
    setup = _parsed(psi.ServerSetup(), message[8 : 8 + size])
    response = _parsed(psi.Response(), message[8 + size :])
    if len(response.encrypted_elements) != len(_fit(items)):
        raise PsiError("the answer belongs to another list", remedy="Use the list that was asked about")
    return sorted(client.GetIntersection(setup, response))


def _fit(items: Sequence[str]) -> list[str]:
    if not 0 < len(items) <= MOST:
        raise PsiError(f"a list has 1 to {MOST:,} identifiers", remedy="Split it")
    return list(items)


def _parsed(kind: Any, data: bytes) -> Any:
    if len(data) > _LARGEST:
        raise PsiError("the message is too large")
    try:
        kind.ParseFromString(data)
    except Exception:  # the library raises whatever its binding does for damaged bytes; all of it means the same
        raise PsiError("is no message of this protocol", remedy="Ask for the file again") from None
    return kind
