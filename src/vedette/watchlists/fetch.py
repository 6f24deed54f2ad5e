"""One official address, fetched into one file: https only, within limits, conditionally, whole or not at all."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from vedette.base import Place
from vedette.watchlists.reading import ListError
from vedette.watchlists.source import LOOPBACK, Download

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

_CHUNK = 256 * 1024
_AGENT = "vedette-lists/1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: What a data file may call itself. A page, a picture or an archive is none.
_TYPES = re.compile(
    r"(?:text/(?:csv|plain|xml|x-csv|json|tab-separated-values|comma-separated-values)"
    r"|application/(?:xml|json|csv|x-csv|x-ndjson|gzip|x-gzip|octet-stream|x-download|force-download|vnd\.ms-excel)"
    r"|binary/octet-stream)?"
)
_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?")
_REMEDIES = {
    401: "The publisher asks for a sign-in; download it by hand and use `vedette lists load`",
    403: "The publisher refuses programs; download it by hand and use `vedette lists load`",
    404: "The publisher moved the file; find it on the list's page and use `vedette lists load`",
    410: "The publisher moved the file; find it on the list's page and use `vedette lists load`",
}
_LATER = "Try again later; the version in force stays in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a download may take: bytes, seconds without a byte, seconds in all, and redirects on the way."""

    max_bytes: int = 256 * 1024 * 1024
    stall: float = 30.0
    total: float = 600.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a file's state, to be sent back with the next question. Blank where it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: a fresh file in its place, or that the known one is ``unchanged``.

    ``measured`` tells whether the server gave the length, so that a cut would have shown.
    """

    unchanged: bool
    validators: Validators
    measured: bool = True


def fetch(
    download: Download, target: Path, *, known: Validators, hosts: tuple[str, ...] = (), limits: Limits | None = None
) -> Answer:
    """Ask the address; write a new file to ``target``. Raises ListError with a remedy, and then leaves no file behind.

    Redirects are followed to the address's own host and to ``hosts``; never from https to http.
    """
    limits = limits or Limits()
    try:
        return _followed(download.url, target, known, (download.host, *hosts), limits)
    except BaseException:  # whatever ended the transfer, half a file must not stay
        target.unlink(missing_ok=True)
        raise


def _followed(url: str, target: Path, known: Validators, hosts: tuple[str, ...], limits: Limits) -> Answer:
    deadline = monotonic() + limits.total
    for _ in range(limits.redirects + 1):
        with _asked(url, known, limits, deadline) as response:
            if response.status not in _REDIRECTS:
                return _taken(response, target, known, limits)
            url = _next(url, response, hosts)
    raise _fault(url, f"redirects more than {limits.redirects} times", _LATER)


def _next(url: str, response: HTTPResponse, hosts: tuple[str, ...]) -> str:
    where = urljoin(url, response.getheader("Location", ""))
    parts = _parts(where)
    if parts.hostname not in hosts:
        remedy = "Check the publisher's page; a host that belongs to it is declared as redirect_hosts in source.yml"
        raise _fault(url, f"leads to another host, {parts.hostname!r}", remedy)
    if parts.scheme != urlsplit(url).scheme and parts.scheme != "https":
        raise _fault(url, "leads away from https", "Check the publisher's page")
    return where


def _parts(url: str) -> SplitResult:
    """The address taken apart. Only https, or http to this machine itself, is one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _fault(url, "is no address", "Check the source's declaration") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise _fault(url, "is not an https address", "Only https is fetched; download it by hand if you trust it")
    return parts


@contextmanager
def _asked(url: str, known: Validators, limits: Limits, deadline: float) -> Iterator[HTTPResponse]:
    """The answer's head, and its body still to be read. All faults of the wire become ListErrors."""
    from http.client import HTTPException

    parts = _parts(url)
    connection = _connection(parts, limits)
    late = Event()
    watch: Timer | None = None
    try:
        connection.connect()
        watch = Timer(max(0.0, deadline - monotonic()), _cut, (connection.sock, late))
        watch.daemon = True
        watch.start()
        connection.request("GET", _path(parts), headers=_headers(known))
        with connection.getresponse() as response:
            yield response
        if late.is_set():
            raise TimeoutError
    except ListError as fault:
        raise (_of_the_wire(url, fault, limits, late=True) if late.is_set() else fault) from None
    except (OSError, HTTPException, ValueError) as fault:
        raise _of_the_wire(url, fault, limits, late=late.is_set()) from None
    finally:
        if watch:
            watch.cancel()
        connection.close()


def _connection(parts: SplitResult, limits: Limits) -> HTTPConnection:
    import ssl
    from http.client import HTTPConnection, HTTPSConnection

    host = parts.hostname or ""
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=limits.stall)
    return HTTPSConnection(host, parts.port, timeout=limits.stall, context=ssl.create_default_context())


def _cut(wire: socket.socket, late: Event) -> None:
    """End a transfer that drips: each byte in time, the whole never."""
    late.set()
    try:
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself in this moment


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _headers(known: Validators) -> dict[str, str]:
    headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _of_the_wire(url: str, fault: Exception, limits: Limits, *, late: bool) -> ListError:
    if late:
        return _fault(url, f"took longer than {limits.total:g} seconds", _LATER)
    if isinstance(fault, TimeoutError):
        return _fault(url, f"sent nothing for {limits.stall:g} seconds", _LATER)
    reason = getattr(fault, "strerror", None) or type(fault).__name__
    return _fault(url, f"cannot be fetched: {reason}", "Check the network; the version in force stays in force")


def _taken(response: HTTPResponse, target: Path, known: Validators, limits: Limits) -> Answer:
    place = target.name
    if response.status == 304 and known != Validators():
        return Answer(True, known)
    if response.status != 200:
        raise _fault(place, f"was answered with status {response.status}", _REMEDIES.get(response.status, _LATER))
    _check_kind(response, place)
    length = response.getheader("Content-Length", "")
    told = int(length) if length.isdecimal() else None
    if told is not None and told > limits.max_bytes:
        raise _too_large(place, limits)
    with target.open("wb") as file:
        count = _copied(response, file, place, limits)
    if told is not None and count != told:
        problem = f"was cut short: {count:,} of {told:,} bytes came"
        raise _fault(place, problem, "Try again; the version in force stays in force")
    return Answer(False, _validators(response), told is not None or response.chunked)


def _check_kind(response: HTTPResponse, place: str) -> None:
    kind = response.getheader("Content-Type", "").split(";")[0].strip().lower()
    if not _TYPES.fullmatch(kind):
        raise _fault(
            place, f"is of the kind {kind[:60]!r}, not a data file", "The address may ask for a sign-in by now"
        )
    if response.getheader("Content-Encoding", "identity").lower() not in ("identity", ""):
        raise _fault(place, "came packed in a way that was not asked for", _LATER)


def _copied(response: HTTPResponse, file: BinaryIO, place: str, limits: Limits) -> int:
    count = 0
    while chunk := response.read1(_CHUNK):
        count += len(chunk)
        if count > limits.max_bytes:
            raise _too_large(place, limits)
        file.write(chunk)
    return count


def _validators(response: HTTPResponse) -> Validators:
    said = (response.getheader(name, "").strip() for name in ("ETag", "Last-Modified"))
    return Validators(*(text if _HEADER.fullmatch(text) else "" for text in said))


def _too_large(place: str, limits: Limits) -> ListError:
    return _fault(place, f"is larger than {limits.max_bytes:,} bytes", "No list of this kind is; check its origin")


def _fault(place: str, problem: str, remedy: str) -> ListError:
    """Addresses are shown without their query, which may hold a signature."""
    return ListError(problem, place=Place(place.split("?", 1)[0]), remedy=remedy)
