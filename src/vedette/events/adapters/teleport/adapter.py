"""Teleport audit events: a name of the event, a code that tells success from failure, and a user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, flag, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))


def event(record: Mapping[str, Any]) -> Event:
    """One audit event."""
    get = record.get
    operation = text(get("event"))
    if operation is None:
        raise RecordFault("has no event")
    user = text(get("user"))
    device = mapping(get("mfa_device"))
    return Event(
        time_us=moment(get("time")),
        act=_ACTIONS.word("teleport", operation),
        operation=operation,
        event_id=text(get("uid")),
        service=text(get("proto")) or "teleport",
        outcome=_outcome(flag(get("success")), text(get("code"))),
        outcome_code=text(get("error")) or text(get("exitError")) or text(get("code")),
        principal_id=user,
        principal_name=user,
        principal_type=text(get("user_kind")),
        principal_issuer=text(get("connector_id")) or text(get("method")),
        principal_email=email(user),
        session_id=text(get("sid")),
        mfa=True if device else None,
        invoked_by=text(get("impersonator")),
        target_name=text(get("login")) or text(get("name")),
        tenant_id=text(get("cluster_name")),
        ip=text(get("addr.remote")) or text(get("remote_addr")),
        user_agent=text(get("user_agent")),
        resource=text(get("server_hostname")) or text(get("db_service")) or text(get("kubernetes_cluster")),
        resource_type=_kind(record),
        request_id=text(get("id")),
    )


def _outcome(told: bool | None, code: str | None) -> str | None:
    """What the event says itself, else the last letter of its code: E and W are errors and refusals."""
    if told is not None:
        return "success" if told else "failure"
    return None if code is None else "failure" if code[-1] in "EW" else "success"


def _kind(record: Mapping[str, Any]) -> str | None:
    kinds = (("server_hostname", "server"), ("db_service", "database"), ("kubernetes_cluster", "cluster"))
    return next((kind for key, kind in kinds if text(record.get(key))), None)
