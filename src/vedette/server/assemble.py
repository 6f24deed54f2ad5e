"""Makes the web application out of the rooms' routers, with one frame, one kind of fault and one API document."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from vedette import __version__
from vedette.base import VedetteError
from vedette.doors import web
from vedette.doors.pages import Link, Panel
from vedette.doors.web.frame import FAULTS, Frame
from vedette.doors.web.problem import MEDIA_TYPE
from vedette.server import account, provider, signin
from vedette.server.figures import Figures
from vedette.server.outbox.pump import Outbox, Pump
from vedette.server.ready import readiness
from vedette.server.rooms import PAGES, ROOMS

#: Requests at work at once in one process; the others wait. Sign-ups among them are judged and stored together.
THREADS = 16
DOCUMENT = "/v1/openapi.json"
_ABOUT = (
    "Sign-up decisions, screening and findings. Every answer names the list versions it rests on. An empty result means "
    "that nothing was found on the lists named, never that somebody is clean. Faults are RFC 9457 problem details."
)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "request_id": {"type": "string"},
    },
}
_KEYED = (400, 401, 403, 404, 422, 429, 503)


def assemble(place: web.Workplace, *, jobs: bool = False) -> FastAPI:
    """The application over one open workspace, which it closes at shutdown; with ``jobs`` it also sends messages."""
    app = FastAPI(title="Vedette", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, lifespan=_life)
    app.state.workplace = place
    app.state.pumps = _pumps(place) if jobs else ()
    web.install(app)
    app.state.routers = (
        _health(place),
        *(router for room in ROOMS for router in _routers(f"vedette.{room}.routes")),
        signin.router,
        provider.router,
        account.router,
        *(router for room in PAGES for router in _routers(f"vedette.{room}.pages")),
    )
    app.state.links = _links()
    app.state.panels = _panels()
    for router in app.state.routers:
        app.include_router(router)
    app.add_middleware(Frame, observe=place.keep(Figures, Figures).observe)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's documented way to complete it
    app.include_router(_documented(app))
    return app


def _pumps(place: web.Workplace) -> tuple[Pump, ...]:
    """What sends messages by itself: of changes to other systems, of recalls to other houses, of tags that fell."""
    from vedette.sharing.blind import rounds
    from vedette.sharing.outbox import Outbox as Sharing

    withdrawals = rounds.Withdrawals(place.store, place.clock)
    return (
        Pump(Outbox(place.store, place.clock)),
        Pump(Sharing(place.store, place.clock)),
        Pump(withdrawals, rounds.EVERY),
    )


def _routers(module: str) -> tuple[APIRouter, ...]:
    """What a room's module offers: one ``router``, or several as ``routers``."""
    found = import_module(module)
    return tuple(getattr(found, "routers", ())) or (found.router,)


def _links() -> tuple[Link, ...]:
    """Where the navigation leads, in the order of the rooms' ranks."""
    found = (getattr(import_module(f"vedette.{room}.pages"), "LINKS", ()) for room in PAGES)
    return tuple(sorted((link for links in found for link in links), key=lambda link: link.rank))


def _panels() -> tuple[Panel, ...]:
    """What rooms show on the pages of others, in the order of the rooms."""
    found = (getattr(import_module(f"vedette.{room}.pages"), "PANELS", ()) for room in PAGES)
    return tuple(panel for panels in found for panel in panels)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    place: web.Workplace = app.state.workplace
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    await run_in_threadpool(_warm, place)
    _spare_the_collector()
    pumps: tuple[Pump, ...] = app.state.pumps
    for pump in pumps:
        pump.start()
    yield
    for pump in pumps:
        await run_in_threadpool(pump.stop)
    await run_in_threadpool(place.close)


def _warm(place: web.Workplace) -> None:
    """Let each room do what its first caller would wait for. What fails is told by /readyz."""
    for room in ROOMS:
        warm = getattr(import_module(f"vedette.{room}.routes"), "warm", None)
        try:
            if warm is not None:
                warm(place)
        except VedetteError as fault:
            FAULTS.error("not ready: %s", fault)


def _spare_the_collector() -> None:
    """Keep what stays for good, millions of objects of the index, out of every search for garbage: a pause of 100 ms each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _health(place: web.Workplace) -> APIRouter:
    router = APIRouter(tags=["Health"])

    @router.get("/healthz", summary="Whether the process lives", responses=web.answers("It does.", {"status": "ok"}))
    async def healthz() -> Response:
        """The process lives. Says nothing about lists or the database: ask /readyz."""
        return web.answer({"status": "ok"})

    @router.get(
        "/readyz",
        summary="Whether it can do its work",
        responses=web.answers("It can.", {"status": "ok", "reasons": [], "notes": [], "lists": 12}),
    )
    def readyz() -> Response:
        """Database reachable, lists loaded and kept up, index open; otherwise 503 with the reasons."""
        found = readiness(place)
        return web.answer(found.as_json(), 503 if found.reasons else 200)

    return router


def _documented(app: FastAPI) -> APIRouter:
    router = APIRouter()

    @router.get(DOCUMENT, include_in_schema=False)
    async def document() -> Response:
        """The API document, for anybody: it describes the program and holds no data."""
        return web.answer(app.openapi())

    return router


def routes(app: FastAPI) -> Iterator[APIRoute]:
    """Every route, pages included."""
    held = (route for router in app.state.routers for route in router.routes)
    return (route for route in held if isinstance(route, APIRoute))


def scope_of(route: APIRoute) -> web.Scope | None:
    """The scope that a route asks of a key; None where it asks for no key."""
    scopes = (getattr(part.call, "scope", None) for part in route.dependant.dependencies)
    return next((scope for scope in scopes if scope is not None), None)


def permission_of(route: APIRoute) -> web.Permission | None:
    """The permission that a route asks of a person; None where it is not for people."""
    held = (getattr(part.call, "permission", None) for part in route.dependant.dependencies)
    return next((permission for permission in held if permission is not None), None)


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title="Vedette", version=__version__, description=_ABOUT, routes=app.routes, openapi_version="3.1.0"
        )
        parts = found.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = _PROBLEM
        parts["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "bearerFormat": "vdk_<id>_<secret>"},
            "session": {"type": "apiKey", "in": "cookie", "name": "__Host-vedette"},
        }
        for route in routes(app):
            if not route.include_in_schema:
                continue
            for method in route.methods or ():
                _complete(found["paths"][route.path_format][method.lower()], route)
        app.openapi_schema = found
    return app.openapi_schema


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    """Say who may ask for an operation, and that every fault is a problem document."""
    scope, permission = scope_of(route), permission_of(route)
    answers = operation["responses"]
    problem = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status in _KEYED if scope is not None or permission is not None else (503,):
        answers[str(status)] = {"description": "See the problem document.", **problem}
    told = [f"a key with the scope `{scope.value}`"] if scope is not None else []
    told += [f"a person whose roles hold `{permission.value}`"] if permission is not None else []
    if told:
        operation["security"] = [{"key": []}] * (scope is not None) + [{"session": []}] * (permission is not None)
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds {', or '.join(told)}."
