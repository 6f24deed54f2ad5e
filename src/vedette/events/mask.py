"""Takes mail addresses of people out of log texts and puts tokens in their place, the same token for the same address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MACHINES = (".gserviceaccount.com", ".amazonaws.com")
_MOST_REMEMBERED = 200_000


class Masker:
    """Replaces addresses by ``email-<token>``. ``tokens`` turns addresses in small letters into tokens of kind ``email``.

    Addresses of machine accounts stay: they name no person, and ``identities`` refer to them as they are.
    """

    def __init__(self, tokens: Callable[[Iterable[str]], list[str]]) -> None:
        self._tokens = tokens
        self._known: dict[str, str] = {}

    def token(self, address: str) -> str:
        """The bare token of one address."""
        return self._token(address.strip().casefold())

    def _token(self, address: str) -> str:
        found = self._known.get(address)
        if found is None:
            found = self._tokens((address,))[0]
            if len(self._known) < _MOST_REMEMBERED:
                self._known[address] = found
        return found

    def mask(self, text: str) -> str:
        """The text without mail addresses."""
        return _ADDRESS.sub(self._replaced, text) if "@" in text else text

    def _replaced(self, match: re.Match[str]) -> str:
        address = match[0]
        if address.lower().endswith(_MACHINES):
            return address
        return f"email-{self._token(address.casefold())}"

    def column(self, values: Sequence[str | None]) -> list[str | None]:
        """A column of texts, each without mail addresses."""
        return [self.mask(value) if value is not None and "@" in value else value for value in values]
