"""The words of billing exports: a payment, a record that is set aside with its reason, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.base import Place
from vedette.events.model import RecordFault


class BillingFault(RecordFault):
    """A record that cannot become a payment; names the field of the record and what would mend it."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(problem, place=Place(field=field), remedy=remedy)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in, as an adapter reads it.

    ``time_us`` is microseconds since 1970 in UTC. ``customer`` is what the product calls the customer, ``account_id`` what the
    provider wrote beside it. ``amount`` is a decimal text in whole units of ``currency``. ``whole`` is false where the record
    tells less than another record of the same payment would (it then yields to that one within a file). ``unknown`` names a
    means of payment that has no kind here.
    """

    payment_id: str
    time_us: int
    customer: str | None = None
    account_id: str | None = None
    instrument_id: str | None = None
    instrument_kind: str | None = None
    payer_name: str | None = None
    payer_country: str | None = None
    amount: str | None = None
    currency: str | None = None
    wallet: str | None = None
    whole: bool = True
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A record that is no payment received: a refund, an attempt. ``reason`` is from a closed set of the adapter."""

    reason: str
