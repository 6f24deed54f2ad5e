"""GitHub audit log entries: an action of an actor on an organisation, a team or a repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_TIMES = ("@timestamp", "created_at", "at_sign_timestamp", "p_event_time")


def event(record: Mapping[str, Any]) -> Event:
    """One audit log entry."""
    get = record.get
    operation = text(get("action"))
    if operation is None or type(get("repository")) is dict:
        raise RecordFault("is no audit log entry" if operation else "has no action")
    actor, name_id = text(get("actor")), text(get("external_identity_nameid"))
    place = text(get("repo")) or text(get("team")) or text(get("org")) or text(get("business"))
    return Event(
        time_us=moment(next((record[key] for key in _TIMES if get(key)), None)),
        act=_ACTIONS.word(operation.partition(".")[0], operation),
        operation=operation,
        event_id=text(get("_document_id")),
        service="github",
        outcome="failure" if operation.endswith("failed_login") else "success",
        principal_id=actor,
        principal_name=text(get("actor_id")),
        principal_type=text(get("programmatic_access_type")) or ("bot" if get("actor_is_bot") is True else None),
        principal_email=email(name_id),
        session_id=text(get("hashed_token")),
        target_id=text(get("user_id")),
        target_name=text(get("user")),
        tenant_id=text(get("org")) or text(get("business")),
        ip=text(get("actor_ip")),
        user_agent=text(get("user_agent")),
        resource=place,
        resource_type="repository" if get("repo") else "team" if get("team") else "organisation" if place else None,
        request_id=text(get("request_id")),
    )
