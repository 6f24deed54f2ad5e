"""Stripe's charges and payment intents as payments: amounts in whole units, the card as its fingerprint only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vedette.events.billing.model import BillingFault, Ignored, Payment
from vedette.events.fields import first, mapping, moment, text
from vedette.events.model import RecordFault

# Stripe's documentation of currencies. ISK and UGX have no minor unit and are written with two places all the same.
_NO_PLACES = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_PLACES = frozenset("BHD JOD KWD OMR TND".split())
_MOST = 10**12
_CARDS = ("card", "card_present", "interac_present")
_BANKS = (
    *(
        "ach_credit_transfer",
        "ach_debit",
        "acss_debit",
        "au_becs_debit",
        "bacs_debit",
        "bancontact",
        "customer_balance",
    ),
    *("eps", "fpx", "giropay", "ideal", "p24", "sepa_debit", "sofort", "us_bank_account"),
)
_KINDS = {**dict.fromkeys(_CARDS, "card"), **dict.fromkeys(_BANKS, "bank"), "crypto": "crypto"}
_UNDECIDED = (
    *("pending", "failed", "canceled", "processing"),
    *("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"),
)
_EXPORT = "Export the object again as the API gives it"


def payment(record: Mapping[str, Any]) -> Payment | Ignored:
    """One charge or payment intent, bare or inside an event."""
    kind = text(record.get("object"))
    if kind == "event":
        if "refund" in (text(record.get("type")) or ""):
            return Ignored("refund")
        record = mapping(mapping(record.get("data")).get("object"))
        kind = text(record.get("object"))
    if kind == "refund":
        return Ignored("refund")
    if kind is None:
        raise BillingFault("object", "does not say what it is", _EXPORT)
    if kind not in ("charge", "payment_intent"):
        return Ignored("another object than a payment")
    return _unpaid(record) or _paid(record, kind)


def _unpaid(record: Mapping[str, Any]) -> Ignored | None:
    """Why a charge or intent brought no money, or None where it did."""
    status = text(record.get("status"))
    if status != "succeeded":
        return Ignored(f"status {status}" if status in _UNDECIDED else "status of another name")
    if record.get("livemode") is False:
        return Ignored("test mode")
    return Ignored("not captured") if record.get("captured") is False else None


def _paid(record: Mapping[str, Any], kind: str) -> Payment:
    charge = record if kind == "charge" else _charge_of(record)
    own = text(record.get("id"))
    # A charge and its intent are one payment, whichever is read.
    identity = (_id(record.get("payment_intent")) if kind == "charge" else own) or own
    if identity is None:
        raise BillingFault("id", "has no id", _EXPORT)
    currency = _currency(record)
    billing = mapping(charge.get("billing_details"))
    method = mapping(charge.get("payment_method_details"))
    means = text(method.get("type"))
    details = mapping(method.get(means or ""))
    return Payment(
        payment_id=identity,
        time_us=_time(charge.get("created") or record.get("created")),
        customer=_id(record.get("customer")),
        account_id=text(mapping(record.get("metadata")).get("account_id")),
        instrument_id=text(details.get("fingerprint")),
        instrument_kind=_KINDS.get(means or ""),
        payer_name=text(billing.get("name")),
        payer_country=text(mapping(billing.get("address")).get("country")),
        amount=_amount(record, kind, currency),
        currency=currency,
        wallet=text(details.get("buyer_address")) if means == "crypto" else None,
        whole=bool(means),
        unknown=None if means is None or means in _KINDS else means,
    )


def _charge_of(intent: Mapping[str, Any]) -> Mapping[str, Any]:
    """The charge of an intent where it is expanded: ``latest_charge``, or the list of older versions of the API."""
    return mapping(intent.get("latest_charge")) or mapping(first(mapping(intent.get("charges")).get("data")))


def _id(value: Any) -> str | None:
    """An id, bare or of an expanded object."""
    return text(value) or text(mapping(value).get("id"))


def _currency(record: Mapping[str, Any]) -> str:
    code = (text(record.get("currency")) or "").upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise BillingFault("currency", "names no currency", "Write the code of three letters, such as usd")
    return code


def _amount(record: Mapping[str, Any], kind: str, currency: str) -> str:
    name = "amount_captured" if kind == "charge" else "amount_received"
    minor = record.get("amount") if record.get(name) is None else record.get(name)
    if type(minor) is not int or not 0 <= minor < _MOST:
        remedy = "Write the amount in minor units as the API gives it"
        raise BillingFault("amount", "is no whole number of minor units in a possible range", remedy)
    places = 0 if currency in _NO_PLACES else 3 if currency in _THREE_PLACES else 2
    return format(Decimal(minor).scaleb(-places), "f")


def _time(value: Any) -> int:
    try:
        return moment(value)
    except RecordFault:
        remedy = "Write seconds since 1970 as the API gives them"
        raise BillingFault("created", "is no possible time of a payment", remedy) from None
