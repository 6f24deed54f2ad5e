"""Auth0 tenant log events: a short code says what happened and whether it worked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_FAILED = frozenset(
    {"api_limit", "limit_wc", "limit_mu", "limit_sul", "pwd_leak", "gd_auth_failed", "gd_auth_rejected"}
)
#: Codes that begin with f and are no failures.
_FINE = frozenset({"flows_execution_completed"})


def event(record: Mapping[str, Any]) -> Event:
    """One log event."""
    get = record.get
    operation = text(get("type"))
    if operation is None:
        raise RecordFault("has no type")
    details, request = mapping(get("details")), mapping(mapping(get("details")).get("request"))
    name = text(get("user_name"))
    return Event(
        time_us=moment(get("date")),
        act=_ACTIONS.word("auth0", operation),
        operation=operation,
        event_id=text(get("log_id")) or text(get("_id")),
        service="auth0",
        outcome=_outcome(operation),
        outcome_code=text(get("description")) if _outcome(operation) == "failure" else None,
        principal_id=text(get("user_id")) or name or text(get("client_id")),
        principal_name=name,
        principal_issuer=text(get("connection")),
        principal_email=email(name) or email(mapping(request.get("user")).get("email")),
        session_id=text(details.get("session_id")),
        mfa=True if operation.startswith("gd_auth") and operation.endswith("succeed") else None,
        tenant_id=text(get("tenant_name")),
        ip=text(get("ip")),
        user_agent=text(get("user_agent")),
        resource=text(get("client_id")),
        resource_type="application" if text(get("client_id")) else None,
        request_id=text(request.get("id")),
    )


def _outcome(operation: str) -> str:
    failed = operation in _FAILED or (operation.startswith("f") and operation not in _FINE)
    return "failure" if failed else "success"
