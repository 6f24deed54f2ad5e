"""CADF events: an initiator, an action, a target and an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_OUTCOMES = {"success": "success", "failure": "failure", "denied": "failure"}


def event(record: Mapping[str, Any]) -> Event:
    """One CADF event, taken out of its notification."""
    get = record.get
    operation = text(get("action"))
    if operation is None:
        raise RecordFault("has no action")
    who, target = mapping(get("initiator")), mapping(get("target"))
    host, reason = mapping(who.get("host")), mapping(get("reason"))
    observer = text(mapping(get("observer")).get("typeURI")) or ""
    service = observer.removeprefix("service/") or None
    name = text(who.get("username")) or text(who.get("name"))
    return Event(
        time_us=moment(get("eventTime")),
        act=_ACTIONS.word((service or "").partition("/")[0], operation),
        operation=operation,
        event_id=text(get("id")),
        service=service,
        outcome=_OUTCOMES.get(text(get("outcome")) or ""),
        outcome_code=text(reason.get("reasonCode")),
        principal_id=text(who.get("user_id")) or text(who.get("id")) or name,
        principal_name=name,
        principal_type=text(who.get("typeURI")),
        principal_issuer=text(mapping(who.get("credential")).get("identity_provider")),
        principal_email=email(name),
        session_id=text(mapping(who.get("credential")).get("token")),
        target_id=_changed(record, target),
        tenant_id=text(who.get("project_id")) or text(get("project")),
        ip=text(host.get("address")),
        user_agent=text(host.get("agent")),
        resource=text(get("resource_info")) or text(target.get("id")),
        resource_type=text(target.get("typeURI")),
        request_id=text(who.get("request_id")),
    )


def _changed(record: Mapping[str, Any], target: Mapping[str, Any]) -> str | None:
    """The user whom the action changed, where it was one."""
    named = text(record.get("user"))
    kind = text(target.get("typeURI")) or ""
    return named or (text(target.get("id")) if kind.endswith("account/user") else None)
