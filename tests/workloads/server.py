"""A Prometheus server on this machine that answers as told, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Asked = dict[str, str]


@dataclass
class Reply:
    """One answer. ``length`` lies about the size; ``untold`` leaves it out, so that only the content tells a cut."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    untold: bool = False


@dataclass
class Prometheus:
    """The running server: its address, how it answers, and the parameters and headers of each question."""

    url: str
    answer: Callable[[Asked], Reply]
    asked: list[Asked] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """(start, end) of each question."""
        return [(int(one["start"]), int(one["end"])) for one in self.asked]


def samples_of(asked: Asked, *, namespace: str = "tenant-a", value: str = "50") -> Reply:
    """One GPU with a sample at each step that was asked for."""
    times = range(int(asked["start"]), int(asked["end"]) + 1, int(asked["step"]))
    labels = {
        "__name__": "DCGM_FI_DEV_GPU_UTIL",
        "UUID": "GPU-1",
        "modelName": "NVIDIA H100 80GB HBM3",
        "Hostname": "n-1",
    }
    metric = {**labels, "exported_namespace": namespace, "exported_pod": "work-0"}
    return reply([{"metric": metric, "values": [[time, value] for time in times]}])


def reply(result: list[Any], **more: Any) -> Reply:
    """A successful answer."""
    body = {"status": "success", "data": {"resultType": "matrix", "result": result}}
    return Reply(json.dumps(body).encode(), **more)


@contextmanager
def prometheus(answer: Callable[[Asked], Reply] = samples_of) -> Iterator[Prometheus]:
    """A server on a free port of the loopback, stopped afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            site.asked.append(asked)
            site.headers.append(dict(self.headers))
            told = site.answer(asked) if parts.path == "/api/v1/query_range" else Reply(status=404)
            self.send_response(told.status)
            self.send_header("Content-Type", told.kind)
            if not told.untold:
                self.send_header("Content-Length", str(len(told.body) if told.length is None else told.length))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Prometheus(f"http://127.0.0.1:{server.server_port}", answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
