"""AWS CloudTrail records: who called what from where, and whether it worked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, flag, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_SERVICE_ENDING = ".amazonaws.com"
# Of several named in one request the first here counts.
_RESOURCES = {
    key: (rank, kind)
    for rank, (key, kind) in enumerate(
        (
            ("bucketName", "bucket"),
            ("instanceId", "instance"),
            ("snapshotId", "snapshot"),
            ("imageId", "image"),
            ("secretId", "secret"),
            ("functionName", "function"),
            ("dBSnapshotIdentifier", "database snapshot"),
            ("dBInstanceIdentifier", "database"),
            ("trailName", "trail"),
            ("modelId", "model"),
            ("keyId", "key"),
            ("name", "name"),
        )
    )
}


def event(record: Mapping[str, Any]) -> Event:
    """One CloudTrail record as an event."""
    get = record.get
    operation = text(get("eventName"))
    if operation is None:
        raise RecordFault("has no eventName")
    source = text(get("eventSource")) or ""
    service = source.removesuffix(_SERVICE_ENDING)
    who = mapping(get("userIdentity"))
    session = mapping(who.get("sessionContext"))
    issuer = mapping(session.get("sessionIssuer"))
    asked = mapping(get("requestParameters"))
    name = text(who.get("userName")) or text(issuer.get("userName"))
    code = text(get("errorCode"))
    ip, source_name = _origin(text(get("sourceIPAddress")))
    resource, resource_type = _resource(record, asked)
    return Event(
        time_us=moment(get("eventTime")),
        act=_ACTIONS.word(service, operation, flag(get("readOnly"))),
        operation=operation,
        event_id=text(get("eventID")),
        service=service or None,
        outcome=_outcome(record, code),
        outcome_code=code,
        principal_id=text(who.get("arn")) or text(who.get("principalId")) or text(who.get("invokedBy")),
        principal_name=name,
        principal_type=text(who.get("type")),
        principal_issuer=text(issuer.get("arn")),
        principal_email=email(name),
        session_id=text(who.get("accessKeyId")),
        mfa=_mfa(record, session),
        invoked_by=text(who.get("invokedBy")),
        target_id=_target(asked) if asked else None,
        tenant_id=text(who.get("accountId")) or text(get("recipientAccountId")),
        region=text(get("awsRegion")),
        ip=ip,
        source_name=source_name,
        user_agent=text(get("userAgent")),
        resource=resource,
        resource_type=resource_type,
        request_id=text(get("requestID")),
    )


def _origin(source: str | None) -> tuple[str | None, str | None]:
    """An address, or the name of the AWS service that called."""
    if source is None:
        return None, None
    looks_like_one = source[0].isdigit() or ":" in source
    return (source, None) if looks_like_one else (None, source)


def _target(asked: Mapping[str, Any]) -> str | None:
    get = asked.get
    return text(get("userName") or get("roleName") or get("roleArn") or get("groupName") or get("accessKeyId"))


def _outcome(record: Mapping[str, Any], code: str | None) -> str:
    answer = record.get("responseElements")
    failed = code or (type(answer) is dict and answer.get("ConsoleLogin") == "Failure")
    return "failure" if failed else "success"


def _mfa(record: Mapping[str, Any], session: Mapping[str, Any]) -> bool | None:
    added = record.get("additionalEventData")
    if type(added) is dict and added.get("MFAUsed") in ("Yes", "No"):
        return bool(added["MFAUsed"] == "Yes")
    return flag(mapping(session.get("attributes")).get("mfaAuthenticated"))


def _resource(record: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The first resource that the record names, else the telling parameter of the request."""
    named = record.get("resources")
    if type(named) is list and named:
        first = mapping(named[0])
        found = text(first.get("ARN"))
        if found:
            return found, text(first.get("type"))
    telling = [(*_RESOURCES[key], found) for key in asked if key in _RESOURCES and (found := text(asked[key]))]
    if not telling:
        return None, None
    _, kind, found = min(telling)
    return found, kind
