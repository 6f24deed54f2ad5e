"""Reads Persona's events about inquiries, as JSON:API objects in a signed message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from vedette.accounts.delivery import Delivery, Fields, Token, check_timed_signature, header, moment
from vedette.accounts.verification.model import Evidence, Method, Result
from vedette.base import parse_day

_RESULTS: Mapping[str, Result] = {
    "inquiry.approved": Result.PASSED,
    "inquiry.declined": Result.FAILED,
    "inquiry.failed": Result.FAILED,
    "inquiry.completed": Result.NEEDS_REVIEW,
    "inquiry.marked-for-review": Result.NEEDS_REVIEW,
    "inquiry.expired": Result.EXPIRED,
}
_DOCUMENTS = ("verification/government-id", "verification/government-id-nfc", "verification/document")


def authenticate(headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime, tolerance: timedelta) -> None:
    """Raise NotAuthentic unless Persona signed these bytes lately."""
    check_timed_signature(header(headers, "Persona-Signature"), body, secret, now=now, tolerance=tolerance)


def read(body: bytes, token: Token) -> Delivery:
    """The evidence in an event. Raises Unreadable."""
    event = Fields.of(body).at("data")
    name = event.text("attributes", "name")
    if name not in _RESULTS:
        return Delivery(name, ignored="decides nothing about an inquiry")
    payload = event.at("attributes", "payload")
    inquiry = payload.at("data")
    verifications = list(payload.each("included"))
    evidence = Evidence(
        account_id=inquiry.needed("account (reference-id)", "attributes", "reference-id"),
        event_id=event.needed("event id", "id"),
        source="persona",
        method=_method(verifications),
        result=_RESULTS[name],
        done_at=moment(event.text("attributes", "created-at")),
        reference=token(inquiry.needed("inquiry id", "id")),
        checks=_checks(verifications),
    )
    return Delivery(name, _with_document(evidence, verifications, token))


def _method(verifications: list[Fields]) -> Method:
    kinds = {item.text("type") in _DOCUMENTS for item in verifications if item.text("type").startswith("verification/")}
    if len(kinds) != 1:
        return Method.COMBINED  # both, or not said
    return Method.DOCUMENTARY if kinds == {True} else Method.NON_DOCUMENTARY


def _checks(verifications: list[Fields]) -> dict[str, str]:
    """Each verification's status, and each check in it that did not pass."""
    found: dict[str, str] = {}
    for item in verifications:
        kind = item.text("type").removeprefix("verification/")
        if item.text("type").startswith("verification/"):
            found[kind] = item.text("attributes", "status")
            for check in item.each("attributes", "checks"):
                if check.text("status") not in ("passed", "not_applicable"):
                    found[f"{kind}/{check.text('name')}"] = check.text("status")
    return found


def _with_document(evidence: Evidence, verifications: list[Fields], token: Token) -> Evidence:
    """With kind, country and expiry of the first document; its number only as a keyed hash."""
    document = next((item for item in verifications if item.text("type") in _DOCUMENTS), None)
    if document is None:
        return evidence
    number = document.text("attributes", "identification-number")
    return replace(
        evidence,
        document_type=document.text("attributes", "id-class"),
        document_country=document.text("attributes", "country-code").upper(),
        document_hash=token(number.replace(" ", "").casefold()) if number else "",
        expires=_day(document.text("attributes", "expiration-date")),
    )


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError:
        return None
