"""What the address references of the workspace say about sign-up addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vedette.base import Clock
from vedette.store import Store

_COLUMNS = ("signup_ip_country", "signup_ip_asn", "signup_ip_class", "signup_ip_dprk")


class Addresses:
    """Asks the references in force once for many addresses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        from vedette.events import lookup

        self._lookup = lookup(store, clock)

    def find(self, ips: Sequence[str | None]) -> list[dict[str, Any]]:
        """The lake's columns about each address, empty where there is none."""
        asked = list(dict.fromkeys(ip for ip in ips if ip))
        found = self._lookup.find(asked)
        known = {
            ip: dict(zip(_COLUMNS, (country, None if asn is None else int(asn), ip_class, dprk), strict=True))
            for ip, country, asn, ip_class, dprk in zip(
                asked, found.country, found.asn, found.ip_class, found.dprk, strict=True
            )
        }
        return [{**known[ip], "refs_version": self._lookup.version} if ip else {} for ip in ips]
