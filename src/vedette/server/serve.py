"""Runs the application under uvicorn: where it may listen, its log, and an end that lets requests finish."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from vedette.app.opening import home_of, open_store
from vedette.base import Clock, SystemClock, VedetteError
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.server.logs import log_to

#: How a process started by the first one learns what to serve.
VARIABLE = "VEDETTE_SERVE"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SECONDS_TO_FINISH = 20
_MOST_CONNECTIONS = 512


class ServeRefused(VedetteError):
    """The service will not be started like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where and how to serve. ``certificate`` and ``key`` are PEM files for TLS."""

    workspace: str
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    behind_proxy: bool = False
    certificate: str | None = None
    key: str | None = None
    requests_per_second: float = 300.0

    @property
    def tls(self) -> bool:
        """Whether the service speaks TLS itself."""
        return self.certificate is not None

    @property
    def entrance(self) -> Entrance:
        """How people come in: on this machine alone a second factor may be left out."""
        beyond = self.host not in _LOOPBACK or self.behind_proxy
        return Entrance(secure=self.tls or self.behind_proxy, second_factor=beyond)

    def check(self) -> None:
        """Refuse what would send customers' data in the clear, or cannot work. Raises ServeRefused."""
        if (self.certificate is None) != (self.key is None):
            raise ServeRefused("TLS needs both files", remedy="Give --certificate and --private-key")
        for file in (self.certificate, self.key):
            if file is not None and not Path(file).is_file():
                raise ServeRefused("a file for TLS is missing", remedy="Check --certificate and --private-key")
        if self.host not in _LOOPBACK and not self.tls and not self.behind_proxy:
            raise ServeRefused(
                "will not listen beyond this machine without encryption",
                remedy="Give --certificate and --private-key, or --behind-proxy where a proxy ends TLS before it",
            )

    def address(self, port: int) -> str:
        """The address to tell people."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{port}"


def application(plan: Plan, clock: Clock | None = None) -> FastAPI:
    """The application of a plan over its workspace, opened now."""
    root = Path(plan.workspace)
    rate = plan.requests_per_second
    limits = Limits(requests_per_second=rate, burst=2 * rate)
    return assemble(
        Workplace(open_store(root), home_of(root), clock or SystemClock(), limits, plan.entrance), jobs=True
    )


def from_environment() -> FastAPI:
    """The application of a process started by another one."""
    log_to()
    return application(Plan(**json.loads(os.environ[VARIABLE])))


class Announcing(uvicorn.Server):
    """A server that says when it listens, and on which port."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[int], object]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])


def serve(plan: Plan, announce: Callable[[int], object]) -> bool:
    """Answer until told to stop (SIGINT, SIGTERM); requests at work get twenty seconds to finish. False if it never began."""
    plan.check()
    log_to()
    if plan.workers > 1:
        return _several(plan, announce)
    server = Announcing(uvicorn.Config(application(plan), **_options(plan)), announce)
    server.run()
    return server.started


def _several(plan: Plan, announce: Callable[[int], object]) -> bool:
    from uvicorn.supervisors import Multiprocess

    os.environ[VARIABLE] = json.dumps(asdict(plan))
    open_store(Path(plan.workspace)).close()  # tables are brought up to date once, before several processes look
    config = uvicorn.Config(
        "vedette.server.serve:from_environment", factory=True, workers=plan.workers, **_options(plan)
    )
    bound = config.bind_socket()
    announce(bound.getsockname()[1])
    Multiprocess(config, sockets=[bound]).run()
    return True


def _options(plan: Plan) -> dict[str, Any]:
    return {
        "host": plan.host,
        "port": plan.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "proxy_headers": plan.behind_proxy,
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_graceful_shutdown": _SECONDS_TO_FINISH,
        "ssl_certfile": plan.certificate,
        "ssl_keyfile": plan.key,
    }
