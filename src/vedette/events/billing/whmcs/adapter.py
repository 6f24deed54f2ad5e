"""WHMCS's transactions and invoices as payments: what came in, by which gateway, of whom."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from vedette.events.billing.model import BillingFault, Ignored, Payment
from vedette.events.fields import moment, text
from vedette.events.model import RecordFault

_GATEWAYS = {
    "card": "stripe authorize authorizecim braintree cybersource eway nmi payflowpro paypalpaymentspro sagepay worldpay",
    "bank": "banktransfer mailin directdebit gocardless slimpay stripeach stripesepa",
    "crypto": "bitpay btcpay btcpayserver coinbase coinbasecommerce coingate coinpayments cryptomus nowpayments",
    "credit": "credit",
}
_KINDS = {name: kind for kind, names in _GATEWAYS.items() for name in names.split()}
_UNPAID = ("unpaid", "draft", "cancelled", "collections", "payment pending")
_MOST = Decimal(10) ** 12


def payment(record: Mapping[str, Any]) -> Payment | Ignored:
    """One row of a transactions export, or of an invoices export (which has a status and a total)."""
    if "amountin" in record:
        return _transaction(record)
    if "total" in record and "status" in record:
        return _invoice(record)
    remedy = "Export transactions with amountin, or invoices with status and total"
    raise BillingFault("amountin", "is neither a transaction nor an invoice", remedy)


def _transaction(record: Mapping[str, Any]) -> Payment | Ignored:
    if (_taken(record, "refundid") or "0") != "0":
        return Ignored("refund")
    came = _amount(record, "amountin")
    if not came:
        return Ignored("refund or payout" if _amount(record, "amountout") else "no money moved")
    return _paid(record, "", came, _time(record, "date"))


def _invoice(record: Mapping[str, Any]) -> Payment | Ignored:
    status = (_taken(record, "status") or "").lower()
    if status == "refunded":
        return Ignored("refund")
    if status != "paid":
        return Ignored(f"status {status}" if status in _UNPAID else "status of another name")
    total = _amount(record, "total")
    return _paid(record, "invoice:", total, _time(record, "datepaid")) if total else Ignored("no money moved")


def _paid(record: Mapping[str, Any], prefix: str, amount: Decimal, time_us: int) -> Payment:
    identity = _taken(record, "id", "transactionid", "invoiceid")
    if identity is None:
        raise BillingFault("id", "has no id", "Export the column id as well")
    gateway = (_taken(record, "gateway", "paymentmethod") or "").lower()
    currency = (_taken(record, "currencycode", "currency") or "").upper()
    coded = len(currency) == 3 and currency.isascii() and currency.isalpha()
    return Payment(
        payment_id=f"whmcs:{prefix}{identity}",
        time_us=time_us,
        customer=_taken(record, "userid", "clientid"),
        account_id=_taken(record, "accountid"),
        instrument_kind=_KINDS.get(gateway),
        payer_name=_name(record),
        payer_country=_taken(record, "country", "countrycode"),
        amount=format(amount, "f"),
        currency=currency if coded else None,
        unknown=gateway if gateway and gateway not in _KINDS else None,
    )


def _name(record: Mapping[str, Any]) -> str | None:
    """The person, else the company, else what an export calls the client."""
    person = " ".join(filter(None, (_taken(record, "firstname"), _taken(record, "lastname"))))
    return person or _taken(record, "companyname", "clientname")


def _taken(record: Mapping[str, Any], *names: str) -> str | None:
    return next((found for name in names if (found := text(record.get(name)))), None)


def _amount(record: Mapping[str, Any], name: str) -> Decimal:
    """The amount, zero where it is blank."""
    try:
        found = Decimal(_taken(record, name) or "0")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found < _MOST:
        raise BillingFault(
            name, "is no possible amount", "Write a number with a point and without thousands, such as 45.90"
        )
    return found


def _time(record: Mapping[str, Any], name: str) -> int:
    try:
        return moment(_taken(record, name))
    except RecordFault:
        remedy = "Write the time as 2026-01-31 09:00:00, in UTC or with its zone"
        raise BillingFault(name, "is no possible time of a payment", remedy) from None
