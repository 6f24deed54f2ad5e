"""AWS CloudTrail records: who called what from where, and whether it worked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from vedette.events.fields import LONGEST, email, flag, mapping, moment, text
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


_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]


class _Issuer(msgspec.Struct, rename="camel", gc=False):
    arn: _Text | None = None
    user_name: _Text | None = None


class _Attributes(msgspec.Struct, rename="camel", gc=False):
    mfa_authenticated: Any = None


class _Session(msgspec.Struct, rename="camel", gc=False):
    session_issuer: _Issuer | None = None
    attributes: _Attributes | None = None


class _Identity(msgspec.Struct, rename="camel", gc=False):
    type: _Text | None = None
    principal_id: _Text | None = None
    arn: _Text | None = None
    account_id: _Text | None = None
    access_key_id: _Text | None = None
    user_name: _Text | None = None
    invoked_by: _Text | None = None
    session_context: _Session | None = None


class _Answer(msgspec.Struct, gc=False):
    console_login: Any = msgspec.field(default=None, name="ConsoleLogin")


class _Addition(msgspec.Struct, gc=False):
    mfa_used: Any = msgspec.field(default=None, name="MFAUsed")


class _Record(msgspec.Struct, rename="camel", gc=False):
    """What is read of a record; all else is skipped while decoding, which is half the time of reading a trail."""

    event_name: _Text
    event_time: Any = None
    event_id: _Text | None = msgspec.field(default=None, name="eventID")
    event_source: _Text | None = None
    user_identity: _Identity | None = None
    request_parameters: dict[str, Any] | None = None
    response_elements: _Answer | None = None
    additional_event_data: _Addition | None = None
    resources: Any = None
    error_code: _Text | None = None
    source_address: _Text | None = msgspec.field(default=None, name="sourceIPAddress")
    user_agent: _Text | None = None
    aws_region: _Text | None = None
    recipient_account_id: _Text | None = None
    request_id: _Text | None = msgspec.field(default=None, name="requestID")
    read_only: bool | None = None
    #: Not of a record, but of what wraps some: such a line is not for ``quick``.
    records: Any = msgspec.field(default=None, name="Records")
    event: Any = None


_NOBODY, _NO_SESSION, _NO_ISSUER, _NO_ATTRIBUTES = _Identity(), _Session(), _Issuer(), _Attributes()
_decode = msgspec.json.Decoder(_Record).decode


def quick(line: bytes) -> Event | None:
    """The event of a record whose fields have the types that CloudTrail documents; None for ``event`` to look at."""
    try:
        record = _decode(line)
        return _event(record) if record.records is None and record.event is None else None
    except (msgspec.DecodeError, RecursionError, RecordFault):
        return None


def event(record: Mapping[str, Any]) -> Event:
    """One CloudTrail record as an event."""
    get = record.get
    operation = text(get("eventName"))
    if operation is None:
        raise RecordFault("has no eventName")
    answer, added = mapping(get("responseElements")), mapping(get("additionalEventData"))
    return _event(
        _Record(
            event_name=operation,
            event_time=get("eventTime"),
            event_id=text(get("eventID")),
            event_source=text(get("eventSource")),
            user_identity=_identity(mapping(get("userIdentity"))),
            request_parameters=dict(mapping(get("requestParameters"))),
            response_elements=_Answer(answer.get("ConsoleLogin")),
            additional_event_data=_Addition(added.get("MFAUsed")),
            resources=get("resources"),
            error_code=text(get("errorCode")),
            source_address=text(get("sourceIPAddress")),
            user_agent=text(get("userAgent")),
            aws_region=text(get("awsRegion")),
            recipient_account_id=text(get("recipientAccountId")),
            request_id=text(get("requestID")),
            read_only=flag(get("readOnly")),
        )
    )


def _identity(who: Mapping[str, Any]) -> _Identity:
    session = mapping(who.get("sessionContext"))
    issuer = mapping(session.get("sessionIssuer"))
    return _Identity(
        type=text(who.get("type")),
        principal_id=text(who.get("principalId")),
        arn=text(who.get("arn")),
        account_id=text(who.get("accountId")),
        access_key_id=text(who.get("accessKeyId")),
        user_name=text(who.get("userName")),
        invoked_by=text(who.get("invokedBy")),
        session_context=_Session(
            session_issuer=_Issuer(arn=text(issuer.get("arn")), user_name=text(issuer.get("userName"))),
            attributes=_Attributes(mapping(session.get("attributes")).get("mfaAuthenticated")),
        ),
    )


def _event(record: _Record) -> Event:
    service = (record.event_source or "").removesuffix(_SERVICE_ENDING)
    who = record.user_identity or _NOBODY
    session = who.session_context or _NO_SESSION
    issuer = session.session_issuer or _NO_ISSUER
    asked = record.request_parameters
    name = who.user_name or issuer.user_name
    ip, source_name = _origin(record.source_address)
    resource, resource_type = _resource(record.resources, asked) if asked or record.resources else (None, None)
    return Event(
        time_us=moment(record.event_time),
        act=_ACTIONS.word(service, record.event_name, record.read_only),
        operation=record.event_name,
        event_id=record.event_id,
        service=service or None,
        outcome=_outcome(record),
        outcome_code=record.error_code,
        principal_id=who.arn or who.principal_id or who.invoked_by,
        principal_name=name,
        principal_type=who.type,
        principal_issuer=issuer.arn,
        principal_email=email(name) if name else None,
        session_id=who.access_key_id,
        mfa=_mfa(record, session),
        invoked_by=who.invoked_by,
        target_id=_target(asked) if asked else None,
        tenant_id=who.account_id or record.recipient_account_id,
        region=record.aws_region,
        ip=ip,
        source_name=source_name,
        user_agent=record.user_agent,
        resource=resource,
        resource_type=resource_type,
        request_id=record.request_id,
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


def _outcome(record: _Record) -> str:
    answer = record.response_elements
    failed = record.error_code or (answer is not None and answer.console_login == "Failure")
    return "failure" if failed else "success"


def _mfa(record: _Record, session: _Session) -> bool | None:
    added = record.additional_event_data
    if added is not None and added.mfa_used in ("Yes", "No"):
        return bool(added.mfa_used == "Yes")
    return flag((session.attributes or _NO_ATTRIBUTES).mfa_authenticated)


def _resource(named: Any, asked: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    """The first resource that the record names, else the telling parameter of the request."""
    if type(named) is list and named:
        first = mapping(named[0])
        found = text(first.get("ARN"))
        if found:
            return found, text(first.get("type"))
    telling = [
        (*_RESOURCES[key], found)
        for key, value in (asked or {}).items()
        if key in _RESOURCES and (found := text(value))
    ]
    if not telling:
        return None, None
    _, kind, found = min(telling)
    return found, kind
