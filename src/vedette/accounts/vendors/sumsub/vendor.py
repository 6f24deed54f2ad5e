"""Reads Sumsub's messages about applicants."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from vedette.accounts.delivery import Delivery, Fields, NotAuthentic, Token, Unreadable, digest, fresh, header, moment
from vedette.accounts.verification.model import Evidence, Method, Result
from vedette.base import stable_id

_ALGORITHMS = {"HMAC_SHA256_HEX": "sha256", "HMAC_SHA512_HEX": "sha512"}
_REVIEWS = ("applicantReviewed", "applicantWorkflowCompleted")
_OTHERS = {"applicantOnHold": Result.NEEDS_REVIEW, "applicantReset": Result.EXPIRED}


def authenticate(headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime, tolerance: timedelta) -> None:
    """Raise NotAuthentic unless Sumsub signed these bytes, and wrote them within the tolerance."""
    algorithm = _ALGORITHMS.get(header(headers, "X-Payload-Digest-Alg").upper())
    if algorithm is None:
        raise NotAuthentic("the signature's algorithm is not taken", remedy="Choose HMAC_SHA256_HEX for the webhook")
    given = header(headers, "X-Payload-Digest").casefold().encode(errors="replace")
    if not hmac.compare_digest(digest(secret, body, algorithm), given):
        raise NotAuthentic("the signature does not fit")
    if not fresh(moment(Fields.of(body).text("createdAtMs")), now, tolerance):
        raise NotAuthentic("the message is too old, or from the future")


def read(body: bytes, token: Token) -> Delivery:
    """The evidence in a message. Raises Unreadable."""
    event = Fields.of(body)
    name = event.text("type")
    if event.flag("sandboxMode"):
        return Delivery(name, ignored="comes from the sandbox")
    if name not in _REVIEWS and name not in _OTHERS:
        return Delivery(name, ignored="decides nothing about an applicant")
    applicant, when = event.needed("applicant", "applicantId"), event.text("createdAtMs")
    return Delivery(
        name,
        Evidence(
            account_id=event.needed("account (externalUserId)", "externalUserId"),
            event_id=stable_id("sum", applicant, name, when, event.text("correlationId")),
            source="sumsub",
            method=Method.COMBINED,
            result=_OTHERS.get(name) or _answer(event),
            done_at=moment(when),
            reference=token(applicant),
            checks=_checks(event),
        ),
    )


def _answer(event: Fields) -> Result:
    answer = event.text("reviewResult", "reviewAnswer")
    if answer == "GREEN":
        return Result.PASSED
    if answer == "RED":
        final = event.text("reviewResult", "reviewRejectType") == "FINAL"
        return Result.FAILED if final else Result.NEEDS_REVIEW
    raise Unreadable("gives an answer that is neither GREEN nor RED")


def _checks(event: Fields) -> dict[str, str]:
    found = {"level": event.text("levelName"), "applicant_type": event.text("applicantType")}
    labels = [label.text() for label in event.each("reviewResult", "rejectLabels")]
    return {name: value for name, value in {**found, "reject_labels": " ".join(labels)[:300]}.items() if value}
