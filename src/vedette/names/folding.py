"""One plain key of letters, digits and spaces for a text in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_OTHER = re.compile(r"[^a-z0-9]+")
_SILENT = re.compile(r"['’‘`´ʹʺʻʼʽʾʿ]")
_LIMIT = 1000


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Casefolded, accent-free ASCII letters, digits and single spaces; at most the first 1,000 characters are read."""
    plain = _SILENT.sub("", unicodedata.normalize("NFKC", text[:_LIMIT]))
    return _OTHER.sub(" ", anyascii(plain).casefold()).strip()
