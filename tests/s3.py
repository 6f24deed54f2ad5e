"""A small store of objects on this machine that answers the two questions that reading asks: list a prefix, get an object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from vedette.store.intake.objects import missing

_PROBLEM = missing()
SECRET = "wJalr-not-a-real-secret"


#: Marks what talks to a store of objects on this machine; skipped where the extra is absent.
needs_s3 = pytest.mark.skipif(bool(_PROBLEM), reason=f"{_PROBLEM}: install vedette[s3]")


@dataclass
class Objects:
    """What the store holds, what it was asked, and how it misbehaves."""

    address: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    page: int = 1000
    denied: bool = False
    #: Keys whose content is another by the time that it is asked for.
    moving: set[str] = field(default_factory=set)
    #: Keys that are listed with this size, whatever they hold.
    claimed: dict[str, int] = field(default_factory=dict)

    @property
    def gets(self) -> list[str]:
        """Keys that were fetched, in order, once each."""
        return list(dict.fromkeys(path.partition("/")[2] for path in self.asked if "/" in path))

    def etag(self, key: str) -> str:
        return hashlib.md5(self.held[key], usedforsecurity=False).hexdigest()

    def listing(self, query: dict[str, list[str]]) -> bytes:
        prefix, start = query.get("prefix", [""])[0], query.get("continuation-token", [""])[0]
        keys = [key for key in sorted(self.held) if key.startswith(prefix) and key > start]
        shown, more = keys[: self.page], len(keys) > self.page
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{self.claimed.get(key, len(self.held[key]))}</Size>"
            f'<ETag>"{self.etag(key)}"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>'
            for key in shown
        )
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        truncated = str(more).lower()
        return f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{token}{rows}</ListBucketResult>".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    objects: Objects

    def log_message(self, *_told: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        if self.objects.denied:
            told = self.headers.get("Authorization", "")
            self._send(
                403, f"<Error><Code>AccessDenied</Code><Message>{escape(told)} {SECRET}</Message></Error>".encode()
            )
        elif bucket != "trail":
            self._send(404, b"<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>")
        elif not key:
            self._send(200, self.objects.listing(parse_qs(parts.query)))
        elif key not in self.objects.held:
            self._send(404, b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>")
        else:
            self._object(bucket, key)

    def _object(self, bucket: str, key: str) -> None:
        self.objects.asked.append(f"{bucket}/{key}")
        if key in self.objects.moving:
            self.objects.moving.discard(key)
            self.objects.held[key] += b"more\n"
        body, etag = self.objects.held[key], self.objects.etag(key)
        headers = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        given = self.headers.get("Range", "")
        if not given:
            return self._send(200, body, headers)
        first, _, last = given.removeprefix("bytes=").partition("-")
        part = body[int(first) : int(last) + 1 if last else None]
        headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
        return self._send(206, part, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/xml", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def objects_served() -> Iterator[Objects]:
    """The store, running on a free port of this machine until the block ends."""
    held = Objects()
    handler = type("Handler", (_Handler,), {"objects": held})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        held.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield held
        finally:
            server.shutdown()


@contextmanager
def credentials() -> Iterator[None]:
    """Credentials of nobody, and no files or machines to ask for others."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "AKIDNOBODY",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        }.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def running() -> Iterator[Objects]:
    """One store for the tests of a module: making a client anew takes most of a second."""
    with credentials(), objects_served() as held:
        yield held


@pytest.fixture
def site(running: Objects) -> Objects:
    """The store, empty and well behaved again."""
    fresh = Objects(address=running.address)
    for item in fields(Objects):
        setattr(running, item.name, getattr(fresh, item.name))
    return running
