"""Azure activity records: which operation on which resource, by whom; and sign-ins of Entra ID."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import either, email, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
_TIMES = ("time", "eventTimestamp", "createdDateTime", "p_event_time")
_CLAIMS = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_NAME_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
_GOOD = frozenset({"0", "success", "succeeded", "start", "started", "accept", "accepted", "active", "none"})
_SIGN_INS = "signinlogs"


def event(record: Mapping[str, Any]) -> Event:
    """One exported record."""
    category = text(record.get("category")) or ""
    told = either(record, "operationName")
    operation = text(mapping(told).get("value")) or text(told)
    if operation is None and category.lower().endswith(_SIGN_INS):
        operation = "Sign-in activity"
    if operation is None:
        raise RecordFault("has no operationName")
    properties = mapping(record.get("properties"))
    who, name = _principal(record, properties)
    resource = text(either(record, "resourceId"))
    code = text(either(record, "resultType")) or text(either(record, "resultSignature"))
    folded = operation.lower()
    return Event(
        time_us=moment(next((found for key in _TIMES if (found := either(record, key))), None)),
        act=_ACTIONS.word(category.lower(), folded),
        operation=operation,
        event_id=text(either(record, "eventDataId")) or text(properties.get("id")),
        service=folded.partition("/")[0] if "/" in folded else category or None,
        outcome=_outcome(code, properties),
        outcome_code=code,
        principal_id=who or name,
        principal_name=name,
        principal_email=email(name),
        session_id=text(properties.get("uniqueTokenIdentifier")),
        mfa=_mfa(properties),
        tenant_id=_subscription(resource) or text(either(record, "tenantId")),
        region=text(record.get("location")),
        ip=text(either(record, "callerIpAddress")) or text(properties.get("ipAddress")),
        user_agent=text(properties.get("userAgent")),
        resource=resource,
        resource_type=_type(resource),
        request_id=text(either(record, "correlationId")),
    )


def _principal(record: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Object id and name of whoever acted: claims of the activity log, fields of the sign-in and audit logs."""
    claims = mapping(mapping(record.get("identity")).get("claims"))
    by = mapping(properties.get("initiatedBy"))
    actor = mapping(by.get("user")) or mapping(by.get("app"))
    ids = (
        claims.get(_CLAIMS),
        properties.get("userId"),
        properties.get("servicePrincipalId"),
        actor.get("id"),
        actor.get("servicePrincipalId"),
    )
    names = (
        claims.get(_NAME_CLAIM),
        claims.get("name") if "@" in str(claims.get("name")) else None,
        properties.get("userPrincipalName"),
        actor.get("userPrincipalName"),
        record.get("caller"),
    )
    return _one(ids), _one(names)


def _one(values: tuple[Any, ...]) -> str | None:
    return next((found for value in values if (found := text(value))), None)


def _outcome(code: str | None, properties: Mapping[str, Any]) -> str | None:
    told = code or text(properties.get("result")) or text(mapping(properties.get("status")).get("errorCode"))
    return None if told is None else "success" if told.lower() in _GOOD else "failure"


def _mfa(properties: Mapping[str, Any]) -> bool | None:
    asked = text(properties.get("authenticationRequirement"))
    return None if asked is None else asked == "multiFactorAuthentication"


def _subscription(resource: str | None) -> str | None:
    pieces = (resource or "").split("/")
    return pieces[2] if len(pieces) > 2 and pieces[1].lower() == "subscriptions" else None


def _type(resource: str | None) -> str | None:
    _, found, rest = (resource or "").lower().rpartition("/providers/")
    pieces = rest.split("/")
    return "/".join(pieces[:2]) if found and len(pieces) > 1 else None
