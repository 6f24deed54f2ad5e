"""Passwords: which are allowed, and argon2id hashes of them, of which no more than two are computed at a time."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vedette.doors.people.model import PersonRefused

SHORTEST, LONGEST = 12, 200
_FEWEST_KINDS = 6
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "09876543210")
#: 19 MiB, two passes: what OWASP names as enough. Changing it re-hashes each password at its next use.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)


def check_password(text: str, name: str) -> None:
    """Refuse a password that is short, endless, made of few characters, of keyboard rows or of the person's own name."""
    plain = _plain(text)
    low = plain.lower()
    remedy = f"Use {SHORTEST} to {LONGEST} characters, such as five unrelated words"
    if not SHORTEST <= len(plain) <= LONGEST or "\0" in plain:
        raise PersonRefused(f"a password has {SHORTEST} to {LONGEST} characters", remedy=remedy)
    stem = low
    for common in (name, name.partition("@")[0], "vedette", "password", "passwort", "letmein", "welcome", "admin"):
        stem = stem.replace(common, "") if len(common) > 2 else stem
    for row in _ROWS:
        for size in range(len(row), 3, -1):
            for start in range(len(row) - size + 1):
                stem = stem.replace(row[start : start + size], "")
    if len(set(stem)) < _FEWEST_KINDS:
        raise PersonRefused("this password is easy to guess", remedy=remedy)


def hashed(text: str) -> str:
    """The argon2id hash of a password, with its salt and cost."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(text))


def proves(text: str, stored: str | None) -> bool:
    """Whether this is the password behind a hash. Costs the same where there is none, so that time tells nothing."""
    known = stored is not None and len(text) <= 4 * LONGEST
    with _AT_ONCE:
        try:
            _HASHER.verify(stored if stored is not None and known else _nobody(), _plain(text) if known else "")
        except (VerificationError, InvalidHashError):
            return False
    return known


def outdated(stored: str) -> bool:
    """Whether a hash was made at another cost than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password, for nobody is this person")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
