"""One plain key of letters, digits and spaces for a text in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OTHER = re.compile(r"[^a-z0-9]+")
_SILENT = re.compile("['’‘`´ʹʺʻʼʽʾʿ\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ARTICLE = re.compile(r"\bال(?!له\b)(?=[\u0621-\u064a]{2,})")
_ARABIC = str.maketrans(
    {"ا": "a", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ة": "a", "ع": "a", "ظ": "z", "ء": "", "ئ": "y", "ؤ": "w"}
)
_SERVANT = re.compile(r"\bعبدال(?=[\u0621-\u06ff]{2,})")
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u9fff]+|[가-힣]+)")
_FORM = re.compile(r"[\W_]+")
LIMIT = 600


def clean(text: str) -> str:
    """Compatibility forms unified, invisible characters and apostrophes dropped; at most the first 600 characters."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text[:LIMIT]))


def cut(text: str) -> bool:
    """Whether a text is longer than what is read of it."""
    return len(text) > LIMIT


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Casefolded, accent-free ASCII letters, digits and single spaces, transliterated from any script.

    >>> fold("KIM, Jŏng-ŭn")
    'kim jong un'
    """
    plain = clean(text)
    if not plain.isascii():
        from anyascii import anyascii  # only when needed: a command on plain English names starts sooner

        plain = _ARTICLE.sub("ال ", _SERVANT.sub("عبد ال", plain)).translate(_ARABIC)
        plain = anyascii(_CJK.sub(r" \1 ", plain))
    return _OTHER.sub(" ", plain.casefold()).strip()


@lru_cache(maxsize=65536)
def form(text: str) -> str:
    """What makes two written names the same form: letters and digits with their marks, without case and punctuation."""
    return _FORM.sub(" ", clean(text).casefold()).strip()
