"""TAXII 2.1 client: discovery, API roots, collections, objects by pages, posts and their status; bounded, encrypted, patient."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import msgspec

from vedette.base import Clock, SystemClock
from vedette.sharing.admit import require_url
from vedette.sharing.model import ShareError
from vedette.sharing.signing import Sent, sign

MEDIA_TYPE = "application/taxii+json;version=2.1"
LARGEST_ANSWER = 100 * 1024 * 1024
_TRIES, _LONGEST_WAIT = 4, 60.0
_AGAIN = (429, 502, 503, 504)
_MOST_PAGES = 100_000
_DECODER = msgspec.json.Decoder()


class NoAnswer(ShareError):
    """The other side did not answer as it should. ``status`` is 0 where there was no answer at all."""

    def __init__(self, problem: str, status: int = 0, remedy: str = "Try again later") -> None:
        super().__init__(problem, remedy=remedy)
        self.status = status


@dataclass(frozen=True, slots=True)
class Login:
    """What opens the other side's door: a token, a name with a password, or this house's signing seed with its id there."""

    token: str = ""
    basic: tuple[str, str] | None = None
    seed: bytes = b""
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of one page, and the moments of addition that the server told."""

    objects: list[Any]
    more: bool
    next: str
    first: str = ""
    last: str = ""


@dataclass
class Taxii:
    """A client of one API root. ``client`` may be replaced; redirects are not followed, so that no token goes elsewhere."""

    root: str
    login: Login = field(default_factory=Login)
    private: bool = False
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=30.0, follow_redirects=False, trust_env=False)
    )
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.root = require_url(self.root, private=self.private)

    def __enter__(self) -> Taxii:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.client.close()

    def discovery(self) -> dict[str, Any]:
        """What the server says of itself: its title and API roots, from ``/taxii2/``."""
        return self._mapping("GET", urljoin(self.root, "/taxii2/"))

    def api_root(self) -> dict[str, Any]:
        """What the API root says of itself."""
        return self._mapping("GET", self.root)

    def collections(self) -> list[dict[str, Any]]:
        """Every collection that we may see."""
        found = self._mapping("GET", f"{self.root}collections/").get("collections", [])
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []

    def collection(self, collection: str) -> dict[str, Any]:
        """One collection."""
        return self._mapping("GET", self._of(collection))

    def page(self, collection: str, **filters: str) -> Page:
        """One page of objects: ``added_after``, ``limit``, ``next``, ``match[id]`` (as ``match_id``) and so on."""
        return self._paged(f"{self._of(collection)}objects/", filters)

    def manifest(self, collection: str, **filters: str) -> Page:
        """One page of the manifest."""
        return self._paged(f"{self._of(collection)}manifest/", filters)

    def object(self, collection: str, object_id: str, **filters: str) -> Page:
        """The newest version of an object, or those asked for."""
        return self._paged(f"{self._of(collection)}objects/{object_id}/", filters)

    def versions(self, collection: str, object_id: str) -> list[str]:
        """The times of an object's versions."""
        found = self._mapping("GET", f"{self._of(collection)}objects/{object_id}/versions/").get("versions", [])
        return [str(text) for text in found] if isinstance(found, list) else []

    def pages(self, collection: str, *, added_after: str = "", limit: int = 1_000) -> Iterator[Page]:
        """Every page from a moment on, in the order of addition."""
        filters = {"limit": str(limit)} | ({"added_after": added_after} if added_after else {})
        for _number in range(_MOST_PAGES):
            found = self.page(collection, **filters)
            yield found
            if not found.more:
                return
            following = {"next": found.next} if found.next else {"added_after": found.last}
            if not any(following.values()) or following.items() <= filters.items():
                raise NoAnswer("the server says there is more and not where", remedy="Tell the peer's operators")
            filters = {"limit": str(limit), **following}
            if added_after and "added_after" not in filters:
                filters["added_after"] = added_after
        raise NoAnswer("the server's pages do not end", remedy="Tell the peer's operators")

    def add(self, collection: str, objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Post objects. Returns the server's status resource."""
        body = msgspec.json.encode({"objects": list(objects)})
        return self._mapping("POST", f"{self._of(collection)}objects/", body)

    def status(self, status_id: str) -> dict[str, Any]:
        """How far a post has come."""
        return self._mapping("GET", f"{self.root}status/{status_id}/")

    def delete(self, collection: str, object_id: str) -> None:
        """Take back an object that we posted."""
        self._ask("DELETE", f"{self._of(collection)}objects/{object_id}/")

    def _of(self, collection: str) -> str:
        if not collection.isascii() or not collection.replace("-", "").isalnum():
            raise ShareError("this is no id of a collection", remedy="Take one that the server told")
        return f"{self.root}collections/{collection}/"

    def _paged(self, url: str, filters: Mapping[str, str]) -> Page:
        named = {
            f"match[{name.removeprefix('match_')}]" if name.startswith("match_") else name: text
            for name, text in filters.items()
        }
        data, headers = self._ask("GET", f"{url}?{urlencode(named)}" if named else url)
        value = _decoded(data) if data else {}
        rows = value.get("objects", [])
        if not isinstance(rows, list):
            raise NoAnswer("the answer is no TAXII envelope", 200)
        following = value.get("next")
        return Page(
            rows,
            value.get("more") is True,
            following if isinstance(following, str) else "",
            headers.get("x-taxii-date-added-first", ""),
            headers.get("x-taxii-date-added-last", ""),
        )

    def _mapping(self, method: str, url: str, body: bytes = b"") -> dict[str, Any]:
        return _decoded(self._ask(method, url, body)[0])

    def _ask(self, method: str, url: str, body: bytes = b"") -> tuple[bytes, httpx.Headers]:
        """One request, repeated with growing waits while the server asks for it. Raises NoAnswer."""
        for attempt in range(_TRIES):
            wait = float(2**attempt)
            last = attempt == _TRIES - 1
            try:
                with self.client.stream(
                    method, url, content=body or None, headers=self._headers(method, url, body)
                ) as answer:
                    data = _bounded(answer)
            except httpx.HTTPError as fault:
                if last or method == "DELETE":
                    raise NoAnswer(f"no answer ({type(fault).__name__})") from None
                self.sleep(wait)
                continue
            if answer.status_code in _AGAIN and not last:
                self.sleep(min(_LONGEST_WAIT, _told(answer.headers.get("retry-after", ""), wait)))
                continue
            return _good(answer, data), answer.headers
        raise NoAnswer("no answer")

    def _headers(self, method: str, url: str, body: bytes) -> dict[str, str]:
        headers = {"Accept": MEDIA_TYPE, "User-Agent": "vedette", "Accept-Encoding": "identity"}
        if body:
            headers["Content-Type"] = MEDIA_TYPE
        if self.login.token:
            headers["Authorization"] = f"Bearer {self.login.token}"
        elif self.login.basic:
            headers["Authorization"] = httpx.BasicAuth(*self.login.basic)._auth_header
        elif self.login.seed:
            parts = urlsplit(url)
            sent = Sent(method, parts.netloc, parts.path, parts.query, body)
            created = int(self.clock.now().timestamp())
            headers |= sign(sent, self.login.seed, self.login.key_id, created=created, nonce=secrets.token_urlsafe(18))
        return headers


def _told(text: str, otherwise: float) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _bounded(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LARGEST_ANSWER:
            raise NoAnswer(f"the answer is larger than {LARGEST_ANSWER:,} bytes", answer.status_code)
        parts.append(part)
    return b"".join(parts)


def _good(answer: httpx.Response, data: bytes) -> bytes:
    if 200 <= answer.status_code < 300:
        kind = answer.headers.get("content-type", "").replace(" ", "").lower()
        if data and not kind.startswith(("application/taxii+json", "application/json")):
            raise NoAnswer("the answer is of another media type than TAXII 2.1", answer.status_code)
        return data
    remedy = {
        401: "Check the credential that the peer gave",
        403: "Ask the peer for the permission",
        404: "Check the address: it ends with the API root",
        406: "The server speaks another version of TAXII",
    }.get(answer.status_code, "Try again later")
    raise NoAnswer(f"the server answered {answer.status_code}", answer.status_code, remedy)


def _decoded(data: bytes) -> dict[str, Any]:
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise NoAnswer("the answer is no JSON", 200) from None
    if not isinstance(value, dict):
        raise NoAnswer("the answer is no mapping", 200)
    return value
