"""Takes mail addresses of people out of log texts and puts tokens in their place, the same token for the same address."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from vedette.names import parts

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MACHINES = (".gserviceaccount.com", ".amazonaws.com")
_MOST_REMEMBERED = 200_000


class Masker:
    """Replaces addresses by ``email-<token>`` and names by ``name-<token>``. ``tokens`` makes tokens of texts of a kind.

    Addresses of machine accounts stay: they name no person, and ``identities`` refer to them as they are.
    """

    def __init__(self, tokens: Callable[[str, Iterable[str]], list[str]], personal: Collection[str] = ()) -> None:
        self._tokens = tokens
        self._personal = frozenset(personal)
        self._known: dict[tuple[str, str], str] = {}

    def token(self, address: str) -> str:
        """The bare token of one mail address."""
        return self._token("email", address.strip().casefold())

    def _token(self, kind: str, text: str) -> str:
        found = self._known.get((kind, text))
        if found is None:
            found = self._tokens(kind, (text,))[0]
            if len(self._known) < _MOST_REMEMBERED:
                self._known[kind, text] = found
        return found

    @property
    def names_people(self) -> bool:
        """Whether records have fields with names of people."""
        return bool(self._personal)

    def without_names(self, value: Any) -> Any:
        """A decoded record with tokens in place of the texts under personal keys, at any depth."""
        if type(value) is dict:
            return {key: self._field(key, item) for key, item in value.items()}
        return [self.without_names(item) for item in value] if type(value) is list else value

    def _field(self, key: str, value: Any) -> Any:
        if type(value) is str and key in self._personal:
            return f"name-{self._token('name', ' '.join(parts(value)))}" if value else value
        return self.without_names(value)

    def mask(self, text: str) -> str:
        """The text without mail addresses."""
        return _ADDRESS.sub(self._replaced, text) if "@" in text else text

    def _replaced(self, match: re.Match[str]) -> str:
        address = match[0]
        if address.lower().endswith(_MACHINES):
            return address
        return f"email-{self._token('email', address.casefold())}"

    def column(self, values: Sequence[str | None]) -> list[str | None]:
        """A column of texts, each without mail addresses."""
        return [self.mask(value) if value is not None and "@" in value else value for value in values]
