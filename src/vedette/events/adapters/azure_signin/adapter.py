"""Entra sign-ins: who signed in to which application, from where, and with which result code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.events.fields import email, flag, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import Actions

_ACTIONS = Actions(Path(__file__).with_name("actions.tsv"))
#: The person was asked for something more (a second factor, consent, to stay signed in): neither success nor failure.
_INTERRUPTED = frozenset({"16000", "50058", "50072", "50074", "50076", "50079", "50125", "50140", "65001"})


def event(record: Mapping[str, Any]) -> Event:
    """One sign-in, of the Graph interface or of a diagnostic setting."""
    inner = mapping(record.get("properties")) or record
    get = inner.get
    code = _code(record, inner)
    who = text(get("userId")) or text(get("servicePrincipalId"))
    name = text(get("userPrincipalName"))
    if not (who or name):
        raise RecordFault("has no user and no service principal")
    kind = _kind(record, inner)
    return Event(
        time_us=moment(get("createdDateTime") or record.get("time")),
        act=_ACTIONS.word(kind, text(get("tokenIssuerType")) or "AzureAD"),
        operation=f"sign-in:{kind}",
        event_id=text(get("id")),
        service=text(get("appDisplayName")),
        outcome=None if code is None or code in _INTERRUPTED else "success" if code == "0" else "failure",
        outcome_code=code,
        principal_id=who or name,
        principal_name=name,
        principal_type="servicePrincipal" if text(get("servicePrincipalId")) and not text(get("userId")) else "user",
        principal_email=email(name),
        session_id=text(get("sessionId")) or text(get("uniqueTokenIdentifier")),
        mfa=_mfa(inner),
        tenant_id=text(get("resourceTenantId")) or text(record.get("tenantId")) or text(get("homeTenantId")),
        ip=text(get("ipAddress")) or text(record.get("callerIpAddress")),
        user_agent=text(get("userAgent")),
        resource=text(get("resourceId")) or text(get("resourceDisplayName")),
        resource_type="application" if text(get("resourceId")) or text(get("resourceDisplayName")) else None,
        request_id=text(get("correlationId")),
    )


def _code(record: Mapping[str, Any], inner: Mapping[str, Any]) -> str | None:
    code = text(mapping(inner.get("status")).get("errorCode"))
    return text(record.get("resultType")) if code is None else code


def _kind(record: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    """interactive, noninteractive, serviceprincipal or managedidentity."""
    category = (text(record.get("category")) or "").lower()
    for kind in ("noninteractive", "serviceprincipal", "managedidentity"):
        if category.startswith(kind):
            return kind
    kinds = inner.get("signInEventTypes")
    first = (text(kinds[0]) or "").lower() if type(kinds) is list and kinds else ""
    if first.startswith(("noninteractive", "serviceprincipal", "managedidentity")):
        return first.removesuffix("user")
    return "noninteractive" if flag(inner.get("isInteractive")) is False else "interactive"


def _mfa(inner: Mapping[str, Any]) -> bool | None:
    asked = text(inner.get("authenticationRequirement"))
    return None if asked is None else asked == "multiFactorAuthentication"
