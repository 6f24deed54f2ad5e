"""Reads Stripe's events about verification sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from vedette.accounts.delivery import Delivery, Fields, Token, Unreadable, check_timed_signature, header, moment
from vedette.accounts.verification.model import Evidence, Method, Result

_PREFIX = "identity.verification_session."
_DECIDING = ("verified", "requires_input")
#: Reasons that say nothing about the person's identity: nobody failed.
_UNDECIDED = (
    "abandoned",
    "consent_declined",
    "device_not_supported",
    "country_not_supported",
    "under_supported_age",
    "",
)
_METHODS = {"document": Method.DOCUMENTARY, "id_number": Method.NON_DOCUMENTARY}


def authenticate(headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime, tolerance: timedelta) -> None:
    """Raise NotAuthentic unless Stripe signed these bytes lately."""
    value = header(headers, "Stripe-Signature").replace(", ", ",")
    check_timed_signature(value, body, secret, now=now, tolerance=tolerance)


def read(body: bytes, token: Token) -> Delivery:
    """The evidence in an event. Raises Unreadable."""
    event = Fields.of(body)
    name = event.text("type")
    if name.removeprefix(_PREFIX) not in _DECIDING or not name.startswith(_PREFIX):
        return Delivery(name, ignored="decides nothing about a session")
    if event.flag("livemode") is not True:
        return Delivery(name, ignored="comes from the test mode")
    session = event.at("data", "object")
    return Delivery(
        name,
        Evidence(
            account_id=_account(session),
            event_id=event.needed("event id", "id"),
            source="stripe_identity",
            method=_method(session),
            result=_result(name, session),
            done_at=moment(event.text("created")),
            reference=token(session.needed("session id", "id")),
            checks=_checks(session),
        ),
    )


def _account(session: Fields) -> str:
    found = session.text("client_reference_id") or session.text("metadata", "account_id")
    if not found:
        raise Unreadable("names no account (client_reference_id)")
    return session.needed("account", "client_reference_id") if session.text("client_reference_id") else found


def _method(session: Fields) -> Method:
    if session.flag("options", "document", "require_id_number"):
        return Method.COMBINED
    return _METHODS.get(session.text("type"), Method.COMBINED)


def _result(name: str, session: Fields) -> Result:
    if name == f"{_PREFIX}verified":
        if session.text("status") != "verified":
            raise Unreadable("is called verified, but its session is not")
        return Result.PASSED
    return Result.NEEDS_REVIEW if session.text("last_error", "code") in _UNDECIDED else Result.FAILED


def _checks(session: Fields) -> dict[str, str]:
    found = {"session": session.text("status"), "error": session.text("last_error", "code")}
    if session.flag("options", "document", "require_matching_selfie"):
        found["selfie"] = "required"
    return {name: value for name, value in found.items() if value}
