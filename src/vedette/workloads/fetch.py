"""The room's way to the network: asks a Prometheus server for one page of a bounded range, whole or not at all.

The token goes into one header of the questions to the address that was given; redirects are not followed, and no message, log
or file shows it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import httpx

from vedette.base import Place, VedetteError

_PATH = "/api/v1/query_range"
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_CHUNK = 256 * 1024
_AGAIN = frozenset((429, 500, 502, 503, 504))
_MOST_POINTS = 11_000
_LATER = "Try again later: what was taken stays, and the next call goes on from there"
_REMEDIES = {
    400: "The server does not take the question; is it Prometheus, and the step not too small?",
    401: "Give a token that may read, with --token-file or VEDETTE_PROMETHEUS_TOKEN",
    403: "Give a token that may read, with --token-file or VEDETTE_PROMETHEUS_TOKEN",
    404: "Give the address in front of /api/v1, for example http://prometheus:9090",
    422: "The server cannot answer within its limits; ask for a longer --step or a shorter --page",
}


class FetchFault(VedetteError):
    """A page could not be fetched."""


class TooLarge(FetchFault):
    """An answer is larger than a page may be; a shorter page may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may take: bytes, seconds without a byte, seconds in all, questions in vain, and the longest pause between them."""

    max_bytes: int = 32 * 1024 * 1024
    stall: float = 30.0
    total: float = 300.0
    attempts: int = 5
    pause: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where to ask. Raises FetchFault for an address that must not be used, or a token that could be overheard or is none."""

    url: str
    token: str = field(default="", repr=False)
    authority: Path | None = None

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise FetchFault(
                "is no http or https address without a query", place=Place(self.place), remedy=_REMEDIES[404]
            )
        if parts.username or parts.password:
            raise FetchFault("bears a password", place=Place(self.place), remedy=_REMEDIES[401])
        if self.token and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise FetchFault(
                "would hear the token in the clear", place=Place(self.place), remedy="Use the https address"
            )
        if not all("!" <= letter <= "~" for letter in self.token):
            raise FetchFault("the token holds more than plain letters", remedy="Keep it alone in one line of its file")

    @property
    def place(self) -> str:
        """The address as it may be shown."""
        parts = _parts(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")

    @property
    def host(self) -> str:
        """The name of the server."""
        return _parts(self.url).hostname or ""


def _parts(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        _ = found.hostname, found.port
    except ValueError:
        raise FetchFault("is no address", remedy=_REMEDIES[404]) from None
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One question: metrics, seconds since 1970 from ``begin`` up to ``end``, itself excluded, and the step in seconds."""

    metrics: tuple[str, ...]
    begin: int
    end: int
    step: int

    def __post_init__(self) -> None:
        if self.step < 1 or not 0 < self.end - self.begin <= self.step * _MOST_POINTS:
            raise FetchFault(
                f"a page is 1 to {_MOST_POINTS:,} steps long", remedy="Choose a shorter --page or a longer --step"
            )

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the question."""
        names = "|".join(self.metrics)
        last = self.end - self.step
        return {"query": f'{{__name__=~"{names}"}}', "start": str(self.begin), "end": str(last), "step": str(self.step)}


class Reader:
    """Asks one server for pages. Use as a context."""

    def __init__(
        self, server: Server, limits: Limits | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._server = server
        self._limits = limits or Limits()
        self._sleep = sleep
        context = ssl.create_default_context(cafile=str(server.authority) if server.authority else None)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "vedette-workloads/1"}
        if server.token:
            headers["Authorization"] = f"Bearer {server.token}"
        self._client = httpx.Client(
            headers=headers, timeout=self._limits.stall, follow_redirects=False, trust_env=False, verify=context
        )

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, page: Page, target: Path) -> None:
        """Write the server's answer to ``target``. Raises FetchFault with a remedy, and then leaves no file behind."""
        deadline = time.monotonic() + self._limits.total
        for attempt in range(1, self._limits.attempts + 1):
            try:
                wait = self._asked(page, target, deadline)
            except httpx.HTTPError as fault:
                wait = 0.0
                problem = f"broke off or did not answer ({type(fault).__name__})"
            except BaseException:  # whatever ended the transfer, half an answer must not stay
                target.unlink(missing_ok=True)
                raise
            else:
                if wait is None:
                    return
                problem = "is too busy or failing"
            target.unlink(missing_ok=True)
            pause = min(max(wait, 2.0 ** (attempt - 1)), self._limits.pause)
            if attempt == self._limits.attempts or time.monotonic() + pause > deadline:
                raise self._fault(f"{problem}, {attempt} times in a row", _LATER)
            self._sleep(pause)

    def _asked(self, page: Page, target: Path, deadline: float) -> float | None:
        """None where the answer was taken whole, else how long the server asks to wait, at least 0 seconds."""
        with self._answer(page) as response:
            if response.status_code in _AGAIN:
                told = response.headers.get("Retry-After", "")
                return float(told) if told.isdigit() and len(told) < 6 else 0.0
            if response.status_code != 200:
                known = _REMEDIES.get(response.status_code, "Look at the server's own log")
                raise self._fault(f"answered with status {response.status_code}", known)
            kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
            if kind != "application/json" or response.headers.get("Content-Encoding", "identity") != "identity":
                raise self._fault(f"answered {kind[:60]!r}, not plain JSON", "The address may ask for a sign-in by now")
            self._copied(response, target, deadline)
        return None

    @contextmanager
    def _answer(self, page: Page) -> Iterator[httpx.Response]:
        with self._client.stream("GET", f"{self._server.url.rstrip('/')}{_PATH}", params=page.parameters) as response:
            yield response

    def _copied(self, response: httpx.Response, target: Path, deadline: float) -> None:
        count = 0
        with target.open("wb") as file:
            for chunk in response.iter_raw(_CHUNK):
                count += len(chunk)
                if count > self._limits.max_bytes:
                    raise TooLarge(
                        f"answered more than {self._limits.max_bytes:,} bytes",
                        place=Place(self._server.place),
                        remedy="Choose a shorter --page or a longer --step",
                    )
                if time.monotonic() > deadline:
                    raise self._fault(f"took longer than {self._limits.total:g} seconds", _LATER)
                file.write(chunk)

    def _fault(self, problem: str, remedy: str) -> FetchFault:
        return FetchFault(problem, place=Place(self._server.place), remedy=remedy)
