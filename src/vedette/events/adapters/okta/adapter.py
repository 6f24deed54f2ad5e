"""Okta system log events: what somebody did in an organisation, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import either, email, first, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_GOOD = frozenset({"SUCCESS", "ALLOW"})
_BAD = frozenset({"FAILURE", "DENY"})


def event(record: Mapping[str, Any]) -> Event:
    """One system log event."""
    operation = text(either(record, "eventType"))
    if operation is None:
        raise RecordFault("has no eventType")
    actor, client = mapping(record.get("actor")), mapping(record.get("client"))
    target = mapping(first(record.get("target")))
    outcome = mapping(record.get("outcome"))
    result = text(outcome.get("result"))
    context = mapping(either(record, "authenticationContext"))
    name = text(actor.get("alternateId"))
    return Event(
        time_us=moment(record.get("published") or record.get("p_event_time")),
        act=_ACTIONS.word(operation.partition(".")[0], operation),
        operation=operation,
        event_id=text(record.get("uuid")),
        service="okta",
        outcome="success" if result in _GOOD else "failure" if result in _BAD else None,
        outcome_code=text(outcome.get("reason")) or result,
        principal_id=text(actor.get("id")) or name,
        principal_name=name,
        principal_type=text(actor.get("type")),
        principal_email=email(name),
        session_id=text(context.get("externalSessionId")),
        target_id=text(target.get("id")),
        target_name=text(target.get("alternateId")),
        ip=text(client.get("ipAddress")),
        user_agent=text(mapping(client.get("userAgent")).get("rawUserAgent")),
        resource=text(target.get("id")),
        resource_type=text(target.get("type")),
        request_id=text(mapping(record.get("transaction")).get("id")),
    )
