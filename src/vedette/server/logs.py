"""The service's log: JSON lines through structlog, with whatever looks like an address, a token or a secret masked."""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from vedette.base import iso

_LOGS = ("vedette.access", "vedette.server", "uvicorn.error")
_LONGEST, _MOST = 2_000, 50
#: One alternative a kind, the most telling first. A key's public id (`vdk_<id>`) and a request's id stay.
_TELLING = re.compile(
    r"(?P<key>\bvdk_[A-Za-z0-9]+_[A-Za-z0-9_-]{8,})"
    r"|(?P<token>\b(?:bearer|basic|apikey)\s+[A-Za-z0-9._~+/=-]{4,})"
    r"|(?P<email>[^\s@<>\"',;:/?&=(){}\[\]]{1,64}@[^\s@<>\"',;:/?&=(){}\[\]]{1,255})"
    r"|(?P<v4>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))"
    r"|(?P<v6>(?<![0-9A-Fa-f:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![0-9A-Fa-f:]))"
    r"|(?P<phone>(?<![\w+])\+\d[\d ()-]{6,18}\d)"
    r"|(?P<opaque>\b[A-Za-z0-9_-]{40,}={0,2})",
    re.IGNORECASE,
)
_SECRET_NAMES = re.compile(r"passw|secret|token|cookie|authori[sz]ation|csrf|session", re.IGNORECASE)
_SALT = secrets.token_bytes(16)


def masked(text: str) -> str:
    """A text without e-mail and network addresses, telephone numbers and tokens. Equal ones get equal marks in one process."""
    return _TELLING.sub(_mark, text[:_LONGEST])


def _mark(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found.group()
    if kind == "key":
        return f"vdk_{text.split('_')[1]}_[secret]"
    if kind == "v6" and not _is_address(text):
        return text
    return f"[{kind} {blake2s(text.lower().encode('utf-8', 'replace'), key=_SALT, digest_size=3).hexdigest()}]"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor that masks every text of an event, however deep; a field named like a secret loses its value whole."""
    return {name: _masked(name, value, 0) for name, value in list(event.items())[:_MOST]}


def _masked(name: str, value: Any, depth: int) -> Any:
    if _SECRET_NAMES.search(name):
        return "[secret]"
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Mapping) and depth < 4:
        return {masked(str(key)): _masked(str(key), item, depth + 1) for key, item in list(value.items())[:_MOST]}
    if isinstance(value, list | tuple) and depth < 4:
        return [_masked("", item, depth + 1) for item in value[:_MOST]]
    return masked(str(value))


def complete(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor that adds time, level, log and an exception's kind. No exception's message: it may hold a caller's input."""
    record: logging.LogRecord = event["_record"]
    held = {
        name: value for name, value in event.items() if not name.startswith("_") and name not in ("event", "exc_info")
    }
    told: EventDict = {
        "time": iso(datetime.fromtimestamp(record.created, UTC)),
        "level": record.levelname,
        "log": record.name,
        "message": event.get("event", ""),
        **held,
    }
    fault = event.get("exc_info")
    if isinstance(fault, tuple) and fault[0] is not None:
        told["fault"] = fault[0].__name__
    return told


def formatter() -> logging.Formatter:
    """One JSON object a line, for events of structlog and records of any library alike."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[complete, mask, structlog.processors.JSONRenderer(ensure_ascii=True)]
    )


def log_to(stream: TextIO | None = None) -> logging.Handler:
    """Structured lines on standard error, or a stream, once a process. Returns the handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    for name in _LOGS:
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.WARNING if name == "uvicorn.error" else logging.INFO)
    return handler
