"""One-time codes of an authenticator (RFC 6238: SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

_SECONDS, _DIGITS = 30, 6
ISSUER = "Vedette"


def new_secret() -> str:
    """A fresh secret of 160 bits in base 32, as authenticators read it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one period of thirty seconds."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def step_of(moment: datetime) -> int:
    """The period in which a moment lies."""
    return int(moment.timestamp()) // _SECONDS


def accepted(secret: str, text: str, moment: datetime, last_step: int) -> int | None:
    """The period whose code this is: now, one before or one after, and later than any used before; None otherwise."""
    sent = "".join(text.split())
    now = step_of(moment)
    found = None
    for step in (now - 1, now, now + 1):
        # Every period is compared, so that time tells nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), sent.encode()) and step > last_step:
            found = step
    return found


def address(name: str, secret: str) -> str:
    """What an authenticator imports."""
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
