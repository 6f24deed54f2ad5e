"""Answers as JSON, encoded fast, and what the API document says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

_ENCODER = msgspec.json.Encoder()


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(_ENCODER.encode(value), status, headers=headers, media_type="application/json")


def answers(description: str, example: object, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What the API document says of a route's answer, for the parameter ``responses``."""
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {status: {"description": description, "content": content}}


def asks(description: str, schema: Mapping[str, Any], examples: Mapping[str, object]) -> dict[str, Any]:
    """What the API document says of a route's body, for the parameter ``openapi_extra``."""
    shown = {name: {"value": value} for name, value in examples.items()}
    content = {"application/json": {"schema": dict(schema), "examples": shown}}
    return {"requestBody": {"required": True, "description": description, "content": content}}
