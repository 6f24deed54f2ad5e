"""Where a request came from, as logs write it: one spelling for each address, and names kept apart from addresses."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence

_MOST_REMEMBERED = 200_000
_LONGEST = 64
#: An address with the port of the connection behind it, as load balancers and Azure write it.
_WITH_PORT = re.compile(r"^(?:(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}|\[([0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?)$")


def address(text: str) -> str | None:
    """The shortest form of an address, without port; IPv4 that travels inside IPv6 is taken out. None where it is none.

    Private and reserved addresses are addresses; one with a zone (``fe80::1%eth0``) means nothing elsewhere and is none.
    """
    try:
        socket.inet_pton(socket.AF_INET, text)
        return text
    except (OSError, ValueError):
        return _unusual(text) if len(text) <= _LONGEST else None


def _unusual(text: str) -> str | None:
    """What is not simply four numbers with points."""
    found = _WITH_PORT.match(text.strip())
    try:
        parsed = ipaddress.ip_address(found[1] or found[2] if found else text.strip())
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return None
        parsed = parsed.ipv4_mapped or parsed
    return str(parsed)


class Origins:
    """Settles columns of addresses, each distinct text once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def columns(
        self, ips: Sequence[str | None], names: Sequence[str | None]
    ) -> tuple[Sequence[str | None], Sequence[str | None]]:
        """Both columns anew: what stands as an address and is none becomes the name, unless there is one."""
        settled = [ip and self._settled(ip) for ip in ips]
        if all(one is not None or ip is None for one, ip in zip(settled, ips, strict=True)):
            return settled, names
        pairs = zip(settled, ips, names, strict=True)
        return settled, [name or (ip if one is None else None) for one, ip, name in pairs]

    def _settled(self, text: str) -> str | None:
        try:
            return self._known[text]
        except KeyError:
            found = address(text)
            if len(self._known) < _MOST_REMEMBERED:
                self._known[text] = found
            return found
