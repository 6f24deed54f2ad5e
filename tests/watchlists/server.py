"""A publisher's server on this machine that answers as told, and remembers what it was asked."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Page:
    """One answer. ``length`` lies about the size where it is set; ``drip`` sends a byte and then sleeps so many seconds."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/csv"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    untold: bool = False
    drip: float = 0.0
    delay: float = 0.0


@dataclass
class Publisher:
    """The running server: its address, its pages by path, and the headers of each question."""

    address: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A server on a free port of the loopback, stopped afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path.split("?")[0], Page(status=404))
            etag = page.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                page = Page(status=304)
            time.sleep(page.delay)
            self._answer(page)

        def _answer(self, page: Page) -> None:
            self.send_response(page.status)
            if page.kind:
                self.send_header("Content-Type", page.kind)
            if not page.untold:
                self.send_header("Content-Length", str(len(page.body) if page.length is None else page.length))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for byte in page.body if page.drip else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(page.drip)
                self.wfile.write(b"" if page.drip else page.body)
            except OSError:
                return  # the asking side gave up, as some tests want

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Publisher(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
