"""The forms of this room's export files: which columns DESIGN section 4 names, of which kind, and what never is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from vedette.store.intake import Field, Form

_TIME = "Write the time with its zone, for example 2026-01-31T09:00:00Z"
_COUNTRY = "Write the two-letter code of the country, such as DE, or leave it blank"
_ID = "Give every row its id"
_ACCOUNT = "Name the account"
_KINDS = ("card", "bank", "crypto", "invoice", "credit")
_WORDS = re.compile(r"[a-z]+")

SIGNINS = Form(
    name="signins",
    fields=(
        Field("event_id", "text", required=True, remedy=_ID),
        Field("time", "time", required=True, remedy=_TIME),
        Field("account_id", "text", required=True, remedy=_ACCOUNT),
        Field("user_id", "text"),
        Field("ip", "ip", remedy="Write one IPv4 or IPv6 address, or leave it blank"),
        Field("user_agent", "text"),
        Field("device_id", "text"),
        Field("outcome", "choice", choices=("success", "failure"), remedy="Write success or failure"),
        Field("mfa", "flag", remedy="Write true or false, or leave it blank"),
        Field("timezone_offset_minutes", "whole", minimum=-720, maximum=840, remedy="Write minutes east of UTC"),
        Field("locale", "text"),
        Field("channel", "choice", choices=("console", "api", "ssh"), remedy="Write console, api or ssh"),
    ),
    key=("event_id",),
    repeats="duplicate",
)

PAYMENTS = Form(
    name="payments",
    fields=(
        Field("payment_id", "text", required=True, remedy=_ID),
        Field("account_id", "text", required=True, remedy=_ACCOUNT),
        Field("time", "time", required=True, remedy=_TIME),
        Field("instrument_id", "text"),
        Field("instrument_kind", "choice", choices=_KINDS, remedy=f"Write one of {', '.join(_KINDS)}"),
        Field("payer_name", "text"),
        Field("payer_country", "country", remedy=_COUNTRY),
        Field("amount", "number", remedy="Write a number with a point, or leave it blank"),
        Field("currency", "text"),
        Field("wallet", "text"),
    ),
    key=("payment_id",),
    repeats="duplicate",
)

KEYS = Form(
    name="keys",
    fields=(
        Field("account_id", "text", required=True, remedy=_ACCOUNT),
        Field("time", "time", required=True, remedy=_TIME),
        Field("kind", "choice", choices=("ssh", "api"), remedy="Write ssh or api"),
        Field("fingerprint", "text"),
    ),
    key=(),
    repeats="duplicate",
)

FORMS = (SIGNINS, PAYMENTS, KEYS)


_EARLIEST_US = 946_684_800_000_000  # 2000-01-01: no provider's event is older, a clock that was never set says so
_DAY_US = 86_400_000_000


def plausible(form: Form, now_us: int) -> Form:
    """The form with bounds on its times: from 2000 to a day ahead of now, so that wrong clocks are refused by row."""
    bounded = (
        replace(field, minimum=_EARLIEST_US, maximum=now_us + _DAY_US) if field.kind == "time" else field
        for field in form.fields
    )
    return replace(form, fields=tuple(bounded))


@lru_cache(maxsize=1)
def _excluded() -> frozenset[str]:
    text = (Path(__file__).with_name("data") / "excluded_columns.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def never_stored(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns among these that must not be kept (EXC-01..03)."""
    return tuple(name for name in columns if not _excluded().isdisjoint(_WORDS.findall(name.lower())))
