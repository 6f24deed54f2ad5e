"""Google Cloud audit entries: which method was called on which resource, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import either, email, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import OTHER, Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_TIMES = ("timestamp", "receiveTimestamp", "p_event_time")
_ENDING = ".googleapis.com"


def event(record: Mapping[str, Any]) -> Event:
    """One log entry whose payload is an audit log."""
    payload = mapping(either(record, "protoPayload"))
    method = text(either(payload, "methodName"))
    if method is None:
        raise RecordFault("has no protoPayload.methodName")
    service = (text(either(payload, "serviceName")) or "").removesuffix(_ENDING)
    who = mapping(either(payload, "authenticationInfo"))
    meta = mapping(either(payload, "requestMetadata"))
    resource = mapping(record.get("resource"))
    labels = mapping(resource.get("labels"))
    principal = text(either(who, "principalEmail")) or text(either(who, "principalSubject"))
    code = mapping(payload.get("status")).get("code")
    ip = text(either(meta, "callerIp")) or text(meta.get("callerIP"))
    is_address = ip is not None and (ip[0].isdigit() or ":" in ip)
    log, number = text(either(record, "logName")), text(either(record, "insertId"))
    return Event(
        time_us=moment(next((found for key in _TIMES if (found := either(record, key))), None)),
        act=_word(service, method),
        operation=method,
        event_id=f"{log or ''}#{number}" if number else None,
        service=service or None,
        outcome="failure" if type(code) is int and code != 0 else "success",
        outcome_code=str(code) if type(code) is int and code != 0 else None,
        principal_id=principal,
        principal_type="service account" if principal and principal.endswith(".gserviceaccount.com") else None,
        principal_email=email(principal),
        tenant_id=text(labels.get("project_id")) or _project(log),
        region=text(labels.get("location")) or text(labels.get("zone")),
        ip=ip if is_address else None,
        source_name=None if is_address else ip,
        user_agent=text(either(meta, "callerSuppliedUserAgent")),
        resource=text(either(payload, "resourceName")),
        resource_type=text(resource.get("type")),
        request_id=text(mapping(record.get("operation")).get("id")),
    )


def _word(service: str, method: str) -> str:
    """By the method in full, else by its last part: ``v1.compute.instances.insert`` is ``insert``."""
    word = _ACTIONS.word(service, method)
    return word if word != OTHER else _ACTIONS.word(service, method.rpartition(".")[2])


def _project(log: str | None) -> str | None:
    pieces = (log or "").split("/")
    return pieces[1] if len(pieces) > 1 and pieces[0] == "projects" else None
