"""The secrets with which verification vendors sign their messages: kept in the workspace's folder of keys, one file each."""

from __future__ import annotations

from vedette.accounts.evidence import vendor
from vedette.audit import writing
from vedette.base import Clock, Place, Principal, VedetteError
from vedette.store import Store, write_durably

_SHORTEST, _LONGEST = 12, 500


class SecretRefused(VedetteError):
    """A secret that cannot be one."""


def keep_secret(store: Store, principal: Principal, name: str, text: str, *, clock: Clock) -> None:
    """Keep a vendor's secret, in place of an earlier one. Raises UnknownVendor and SecretRefused."""
    found, secret = vendor(name), text.strip()
    if not _SHORTEST <= len(secret) <= _LONGEST or not secret.isascii() or not secret.isprintable():
        raise SecretRefused(
            "this is no vendor's secret", place=Place(name), remedy=f"Give {_SHORTEST} to {_LONGEST} ASCII characters"
        )
    with writing(store, principal, "accounts.vendor_secret", clock=clock) as act:
        act.fact("vendor", found.id)
        write_durably(store.workspace.keys / f"vendor_{found.id}.secret", secret.encode(), mode=0o600)


def secret_of(store: Store, name: str) -> str:
    """The secret of a vendor; empty where none is kept, with which nothing is authentic. Raises UnknownVendor."""
    path = store.workspace.keys / f"vendor_{vendor(name).id}.secret"
    return path.read_text("ascii") if path.is_file() else ""
