"""Kubernetes audit events: who asked the API server for what, and whether it was allowed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, first, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_TIMES = ("requestReceivedTimestamp", "stageTimestamp", "p_event_time")


def event(record: Mapping[str, Any]) -> Event:
    """One audit event. The stages of one request are events of their own."""
    verb = text(record.get("verb"))
    if verb is None:
        raise RecordFault("has no verb")
    user, about = mapping(record.get("user")), mapping(record.get("objectRef"))
    kind = _kind(about)
    name = text(user.get("username"))
    audit_id, stage = text(record.get("auditID")), text(record.get("stage"))
    outcome, code = _outcome(record)
    return Event(
        time_us=moment(next((record[key] for key in _TIMES if record.get(key)), None)),
        act=_ACTIONS.word(kind or "(path)", verb),
        operation=f"{verb} {kind}" if kind else verb,
        event_id=f"{audit_id}/{stage}" if audit_id else None,
        service=text(about.get("apiGroup")) or "core",
        outcome=outcome,
        outcome_code=code,
        principal_id=name,
        principal_name=text(user.get("uid")),
        principal_type="service account" if name and name.startswith("system:serviceaccount:") else None,
        principal_email=email(name),
        target_name=text(mapping(record.get("impersonatedUser")).get("username")),
        ip=text(first(record.get("sourceIPs"))),
        user_agent=text(record.get("userAgent")),
        resource=_resource(about) or text(record.get("requestURI")),
        resource_type=kind,
        request_id=audit_id,
    )


def _kind(about: Mapping[str, Any]) -> str | None:
    resource, part = text(about.get("resource")), text(about.get("subresource"))
    return f"{resource}/{part}" if resource and part else resource


def _resource(about: Mapping[str, Any]) -> str | None:
    parts = (text(about.get("namespace")), text(about.get("name")))
    return "/".join(part for part in parts if part) or None


def _outcome(record: Mapping[str, Any]) -> tuple[str | None, str | None]:
    code = mapping(record.get("responseStatus")).get("code")
    if type(code) is int:
        return ("failure" if code >= 400 else "success"), str(code)
    decision = mapping(record.get("annotations")).get("authorization.k8s.io/decision")
    return ("failure" if decision == "forbid" else None), None
