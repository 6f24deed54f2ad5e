"""Passwords: which are allowed, and argon2id hashes of them, of which no more than two are computed at a time."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vedette.doors.people.model import PersonRefused

SHORTEST, LONGEST = 12, 200
_FEWEST_LEFT, _FEWEST_KINDS = 7, 6
_RUN = 4
_ROWS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
_INSTEAD = str.maketrans("0134578@$!|+", "oieastbasilt")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AGAIN = re.compile(r"(.{1,40}?)\1+", re.DOTALL)
_PARTS = re.compile(r"[^\W_]+")
#: 19 MiB, two passes: what OWASP names as enough. Changing it re-hashes each password at its next use.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)


def check_password(text: str, name: str) -> None:
    """Refuse a password that is short or endless, or that is easy to guess once common words, runs, years, repetitions and
    the person's own name are taken out of it, also where digits stand for letters. Raises PersonRefused.
    """
    plain = _plain(text)
    remedy = f"Use {SHORTEST} to {LONGEST} characters, such as five unrelated words"
    if not SHORTEST <= len(plain) <= LONGEST or "\0" in plain:
        raise PersonRefused(f"a password has {SHORTEST} to {LONGEST} characters", remedy=remedy)
    low = plain.lower()
    for written in (low, low.translate(_INSTEAD)):
        left = _left(written, name.lower())
        if len(left) < _FEWEST_LEFT or len(set(left)) < _FEWEST_KINDS:
            raise PersonRefused("this password is easy to guess", remedy=remedy)


def _left(text: str, name: str) -> str:
    """What a guesser would not try first."""
    own = [word for part in (name, *_PARTS.findall(name)) for word in (part, part.translate(_INSTEAD)) if len(word) > 2]
    for word in sorted({*own, *_common()}, key=lambda item: (-len(item), item)):
        text = text.replace(word, " ")
    text = _without_runs(_YEAR.sub(" ", text))
    return "".join(_AGAIN.sub(r"\1", "".join(text.split())))


def _without_runs(text: str) -> str:
    """A text without neighbours on a keyboard and characters that follow each other, four and more, either way."""
    for row in _ROWS:
        for line in (row, row[::-1]):
            for size in range(len(line), _RUN - 1, -1):
                for start in range(len(line) - size + 1):
                    text = text.replace(line[start : start + size], " ")
    kept, run = [], text[:1]
    for character in text[1:]:
        step = ord(character) - ord(run[-1])
        if step in (1, -1) and (len(run) == 1 or step == ord(run[-1]) - ord(run[-2])):
            run += character
            continue
        kept.append(run)
        run = character
    kept.append(run)
    return "".join(" " if len(part) >= _RUN else part for part in kept)


@cache
def _common() -> frozenset[str]:
    lines = (files("vedette.doors.people") / "common.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


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
