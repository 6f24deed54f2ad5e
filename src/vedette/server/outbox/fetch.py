"""Sends one request to another system: only to addresses that may be reached, pinned to the address that was examined."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from vedette.base import Place
from vedette.server.model import OutboxError

_SECONDS = 10.0
Resolve = Callable[[str, int], Iterable[str]]


class NotSent(Exception):
    """A request that got no good answer. ``final``: the other side wants no more of these."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


def resolved(host: str, port: int) -> Iterable[str]:
    """Every address of a host."""
    return {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}


def require_address(url: str, *, private: bool) -> None:
    """Refuse what is no address for messages: another scheme, a login in it, or no encryption. Raises OutboxError."""
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and (parts.port is None or 0 < parts.port < 65536)
    except ValueError:
        sound = False
    if not sound or parts.username or parts.password or parts.fragment or not url.isprintable() or " " in url:
        raise OutboxError("is no address for messages", place=Place("url"), remedy="Write https://host/path")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise OutboxError("is not encrypted", place=Place("url"), remedy="Use https; --private allows http inside")


@dataclass
class Post:
    """Sends. Every address of a host must be public, unless its target may lie inside the house; then the first is used."""

    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False)
    )
    resolve: Resolve = resolved

    def send(self, url: str, data: bytes, headers: dict[str, str], *, private: bool) -> int:
        """Send, and give the status of a good answer. Raises NotSent with a reason that holds nothing of the answer."""
        address = httpx.URL(url)
        port = address.port or (443 if address.scheme == "https" else 80)
        found = allowed(self.resolve, address.host, port, private=private)
        host = address.host if address.port is None else f"{address.host}:{address.port}"
        try:
            with self.client.stream(
                "POST",
                address.copy_with(host=found),
                content=data,
                headers={**headers, "Host": host},
                extensions={"sni_hostname": address.host},
            ) as answer:
                status = answer.status_code
        except httpx.HTTPError as fault:
            raise NotSent(type(fault).__name__) from None
        if not 200 <= status < 300:
            raise NotSent(f"status {status}", final=status == 410)
        return status


def allowed(resolve: Resolve, host: str, port: int, *, private: bool) -> str:
    """The address of a host to talk to. Raises NotSent where one of its addresses lies inside the house and may not."""
    try:
        found = sorted(resolve(host, port))
    except (OSError, UnicodeError):
        raise NotSent("the host has no address") from None
    if not found:
        raise NotSent("the host has no address")
    if not private and not all(_public(address) for address in found):
        raise NotSent("the host lies inside the house, which this target may not reach")
    return found[0]


def _public(text: str) -> bool:
    """Whether an address belongs to the public internet; addresses of the old internet inside the new are unpacked."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            address = inner
        elif address in ipaddress.ip_network("64:ff9b::/96"):
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast
