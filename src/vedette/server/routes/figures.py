"""HTTP: figures about the service for Prometheus, in its text format."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import PlainTextResponse, Response

from vedette.doors import web
from vedette.server.figures import CONTENT_TYPE, Figures

router = APIRouter(tags=["Health"])
_MAY = Annotated[web.Acting, Depends(web.allows(web.Permission.ADMIN, web.Scope.METRICS))]
_TOLD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Figures.",
        "content": {"text/plain": {"schema": {"type": "string"}, "example": "vedette_database_up 1.0"}},
    }
}


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse, responses=_TOLD)
def metrics(acting: _MAY) -> Response:
    """Requests by route, status and time; cases that wait; ages of lists; the log's size. No customer, no address."""
    figures = acting.place.keep(Figures, Figures)
    return Response(figures.text(acting.place), media_type=CONTENT_TYPE)
