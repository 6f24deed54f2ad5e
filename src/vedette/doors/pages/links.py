"""Places that pages lead to: entries of the navigation, and panels that one room shows on another room's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from vedette.doors.people import Permission


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; ``rank`` orders entries of all rooms, ``letter`` follows ``g`` on the keyboard."""

    path: str
    label: str
    permission: Permission
    letter: str
    rank: int


_ACCOUNTS_NAMED = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A part that a room adds to the page of another room's subject, such as a tab of a case; never by import.

    ``kind`` is the subject's, ``name`` the tab's: its label stands in the catalogue as ``tab: NAME``.
    """

    kind: str
    name: str
    path: str
    permission: Permission = Permission.READ

    def address(self, subject: str, accounts: Sequence[str] = ()) -> str:
        """Where the part is read: the subject by its id, with its accounts, of which the first fifty are named."""
        named = [("account", account) for account in accounts[:_ACCOUNTS_NAMED]]
        return f"{self.path}?{urlencode([(self.kind, subject), *named])}"
