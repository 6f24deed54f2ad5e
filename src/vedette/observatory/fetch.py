"""The room's way to the network: asks a service for one page of works at a time, politely, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from vedette.base import Clock, Place
from vedette.observatory.model import ObservatoryError
from vedette.observatory.service import Question

_CHUNK = 256 * 1024
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_LATER = "Run the same fetch again later: what was taken stays, and it goes on from there"


class FetchFault(ObservatoryError):
    """A page could not be fetched."""


class CursorLost(FetchFault):
    """The service does not know the cursor any more: the fetch must begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may take: bytes, seconds without a byte, seconds in all, attempts, and the longest pause between them."""

    max_bytes: int = 128 * 1024 * 1024
    stall: float = 60.0
    total: float = 300.0
    attempts: int = 6
    pause: float = 120.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the service sent it: its bytes, how many works, and the cursor of the next one, "" at the end."""

    data: bytes
    works: int
    following: str


class Reader:
    """Asks one question page by page. Use as a context manager.

    ``sleep`` and ``ticks`` are the waiting and the clock of waiting; ``clock`` tells how far a date of the service lies ahead.
    """

    def __init__(
        self,
        question: Question,
        clock: Clock,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._question = question
        self._clock = clock
        self._limits = limits or Limits()
        self._sleep = sleep
        self._ticks = ticks
        self._last = float("-inf")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"vedette-observatory/1 (mailto:{question.mailto})",
        }
        self._client = httpx.Client(
            headers=headers, timeout=self._limits.stall, follow_redirects=False, trust_env=False
        )

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, cursor: str) -> Page:
        """The page at a cursor ("*" for the first). Raises FetchFault with a remedy; CursorLost where it must begin again."""
        deadline = self._ticks() + self._limits.total
        for attempt in range(1, self._limits.attempts + 1):
            self._wait_turn()
            wait = 0.0
            try:
                found = self._asked(cursor, deadline)
                if isinstance(found, Page):
                    return found
                wait, problem = found, "is too busy or failing"
            except httpx.HTTPError as fault:
                problem = f"broke off or did not answer ({type(fault).__name__})"
            except msgspec.MsgspecError:
                problem = "answered with JSON that is cut short or not what it promises"
            pause = min(max(wait, 2.0 ** (attempt - 1)), self._limits.pause)
            if attempt == self._limits.attempts or self._ticks() + pause > deadline:
                raise self._fault(f"{problem}, {attempt} times in a row", _LATER)
            self._sleep(pause)
        raise self._fault("was not asked", "Allow at least one attempt")

    def _wait_turn(self) -> None:
        """Keep the pause between two questions that the service asks for."""
        left = self._last + 1 / self._question.service.per_second - self._ticks()
        if left > 0:
            self._sleep(left)
        self._last = self._ticks()

    def _asked(self, cursor: str, deadline: float) -> Page | float:
        """The page, or how many seconds the service asks to wait."""
        parameters = self._question.parameters(cursor)
        with self._client.stream("GET", self._question.address, params=parameters) as response:
            if response.status_code in _AGAIN:
                return self._told(response.headers.get("Retry-After", ""))
            if response.status_code in (400, 404, 410, 422) and cursor != "*":
                raise CursorLost("does not know the place to go on from", place=self._place, remedy="Fetch again")
            if response.status_code != 200:
                raise self._fault(
                    f"answered with status {response.status_code}",
                    "Check the filter and search, and the service's own page",
                )
            kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
            if kind != "application/json" or response.headers.get("Content-Encoding", "identity") != "identity":
                raise self._fault(f"answered {kind[:60]!r}, not plain JSON", "Check the address")
            return self._read(self._whole(response, deadline))

    def _told(self, header: str) -> float:
        """Seconds of a Retry-After header, a number or a date; 0 where it says nothing."""
        if header.isdecimal() and len(header) < 6:
            return float(header)
        try:
            moment = parsedate_to_datetime(header)
        except (TypeError, ValueError):
            return 0.0
        if moment.tzinfo is None:
            return 0.0
        return max(0.0, (moment - self._clock.now()).total_seconds())

    def _whole(self, response: httpx.Response, deadline: float) -> bytes:
        data = bytearray()
        for chunk in response.iter_raw(_CHUNK):
            data += chunk
            if len(data) > self._limits.max_bytes:
                raise self._fault(f"answered more than {self._limits.max_bytes:,} bytes", "Narrow the filter")
            if self._ticks() > deadline:
                raise self._fault(f"took longer than {self._limits.total:g} seconds", _LATER)
        return bytes(data)

    def _read(self, data: bytes) -> Page:
        service = self._question.service
        works = len(msgspec.json.decode(_at(data, service.items), type=list[msgspec.Raw]))
        following = msgspec.json.decode(_at(data, service.next), type=str | None)
        return Page(data, works, following or "" if works else "")

    @property
    def _place(self) -> Place:
        return Place(self._question.address)

    def _fault(self, problem: str, remedy: str) -> FetchFault:
        return FetchFault(problem, place=self._place, remedy=remedy)


def _at(data: bytes, path: tuple[str, ...]) -> msgspec.Raw | bytes:
    """The part of a JSON text under a path. A missing part raises ValidationError, as a wrong one does; null where it may be."""
    part: msgspec.Raw | bytes = data
    for name in path:
        held = msgspec.json.decode(part, type=dict[str, msgspec.Raw])
        if name not in held:
            raise msgspec.ValidationError(f"no {name!r}")
        part = held[name]
    return part
