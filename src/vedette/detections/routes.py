"""HTTP: the rules that look at behaviour, as they are declared."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from vedette import detections
from vedette.doors import web

router = APIRouter(tags=["Rules"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
_SHOWN = (
    "id",
    "version",
    "title",
    "caption",
    "family",
    "strength",
    "reads",
    "key",
    "lookback",
    "citation",
    "why",
    "blind_spots",
    "false_positives",
    "honest_customer",
    "next_step",
    "fairness",
)


@router.get("/v1/rules", summary="Every rule", responses=web.answers("Rules by id.", {"rules": [{"id": "network/x"}]}))
def rules(acting: _READS) -> Response:
    """What each rule looks for, what it cannot see, and how an honest customer may come under it."""
    return web.answer({"rules": [_told(rule) for rule in detections.rules()]})


@router.get(
    "/v1/rules/{family}/{name}",
    summary="One rule",
    responses=web.answers("The rule with its SQL.", {"id": "network/x"}),
)
def rule(acting: _READS, family: str, name: str) -> Response:
    """A rule's declaration, SQL and examples as they are published."""
    found = next((item for item in detections.rules() if item.id == f"{family}/{name}"), None)
    if found is None:
        raise web.Problem(404, "unknown-rule", "There is no rule of this id", remedy="GET /v1/rules names them")
    tag = web.etag(found.declaration, found.sql, found.examples)
    return web.answer({**_told(found), "sql": found.sql, "examples": found.examples}, headers={"ETag": tag})


def _told(rule: detections.Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _SHOWN}
