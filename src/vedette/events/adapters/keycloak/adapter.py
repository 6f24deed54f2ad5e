"""Keycloak events: what a person did at the sign-in pages, and what an administrator changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
#: What forwarders put before the type of an event.
_PREFIXES = ("access.", "admin.")


def event(record: Mapping[str, Any]) -> Event:
    """One event of a user, or one of an administrator."""
    return _admin_event(record) if text(record.get("operationType")) else _user_event(record)


def _user_event(record: Mapping[str, Any]) -> Event:
    get = record.get
    operation = _plain(text(get("type")))
    if operation is None:
        raise RecordFault("has no type")
    details = mapping(get("details"))
    name = text(details.get("username"))
    who = mapping(get("authDetails"))
    return Event(
        time_us=moment(get("time")),
        act=_ACTIONS.word("user", operation.removesuffix("_ERROR")),
        operation=operation,
        event_id=text(get("id")) or text(get("uid")),
        service="keycloak",
        outcome="failure" if operation.endswith("_ERROR") or text(get("error")) else "success",
        outcome_code=text(get("error")),
        principal_id=text(get("userId")) or text(who.get("userId")) or name,
        principal_name=name or text(who.get("username")),
        principal_issuer=text(details.get("identity_provider")),
        principal_email=email(name) or email(details.get("email")),
        session_id=text(get("sessionId")) or text(who.get("sessionId")),
        tenant_id=text(get("realmName")) or text(get("realmId")),
        ip=text(get("ipAddress")) or text(who.get("ipAddress")),
        resource=text(get("clientId")) or text(who.get("clientId")),
        resource_type="client" if text(get("clientId")) or text(who.get("clientId")) else None,
        request_id=text(details.get("code_id")),
    )


def _admin_event(record: Mapping[str, Any]) -> Event:
    get = record.get
    kind, done = text(get("resourceType")) or "UNKNOWN", text(get("operationType"))
    who = mapping(get("authDetails"))
    path = text(get("resourcePath"))
    pieces = (path or "").split("/")
    return Event(
        time_us=moment(get("time")),
        act=_ACTIONS.word("admin", f"{kind}-{done}"),
        operation=f"{kind}-{done}",
        event_id=text(get("id")) or text(get("uid")),
        service="keycloak",
        outcome="failure" if text(get("error")) else "success",
        outcome_code=text(get("error")),
        principal_id=text(who.get("userId")),
        principal_name=text(who.get("username")),
        principal_type="administrator",
        principal_email=email(who.get("username")),
        target_id=pieces[1] if pieces[0] == "users" and len(pieces) > 1 else None,
        tenant_id=text(get("realmName")) or text(get("realmId")) or text(who.get("realmId")),
        ip=text(who.get("ipAddress")),
        resource=path,
        resource_type=kind.lower(),
    )


def _plain(operation: str | None) -> str | None:
    for prefix in _PREFIXES:
        operation = operation.removeprefix(prefix) if operation else None
    return operation or None
