"""Answers as JSON, encoded fast, and what the API document says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

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


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON schema of a record that a body holds, whole in itself."""
    found = msgspec.json.schema(kind)
    return cast("dict[str, Any]", _whole(found, found["$defs"]))


def _whole(part: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_whole(item, known) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _whole(known[part["$ref"].rpartition("/")[2]], known)
    return {name: _whole(value, known) for name, value in part.items() if name != "$defs"}
