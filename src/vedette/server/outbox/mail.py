"""Sends a notice by e-mail: STARTTLS always, the server's certificate checked, nothing in it but ids, a priority and a link."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

from vedette.base import Place
from vedette.server.model import Message, OutboxError, Target
from vedette.server.outbox.fetch import NotSent, Resolve, allowed, resolved

_SECONDS = 15.0
_PORT = 587
_MOST_READERS = 20
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63})*")
_CONSOLE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,200}(?:/[A-Za-z0-9._~/-]{0,200})?")


def require_mail(url: str, options: Mapping[str, str]) -> None:
    """Refuse what is no server, sender, reader or console address: all of them end up in a mail. Raises OutboxError."""
    _server(url)
    readers = readers_of(options)
    if not _is_address(options.get("from", "")):
        raise OutboxError("a mail needs a sender", place=Place("from"), remedy="--option from=vedette@example.org")
    if not readers or len(readers) > _MOST_READERS or not all(_is_address(one) for one in readers):
        raise OutboxError(
            f"a mail needs 1 to {_MOST_READERS} readers",
            place=Place("to"),
            remedy="--option to=bea@example.org,carl@example.org",
        )
    console = options.get("console", "")
    if console and not _CONSOLE.fullmatch(console):
        raise OutboxError("is no address of a console", place=Place("console"), remedy="Write https://host/path")


def readers_of(options: Mapping[str, str]) -> list[str]:
    """To whom a target's mails go."""
    return [one.strip() for one in options.get("to", "").split(",") if one.strip()]


def letter(target: Target, message: Message, case: Mapping[str, Any] | None) -> EmailMessage:
    """The mail: what kind of change, the case's id and priority, where to read on. No name, account or summary."""
    about = message.case_id or "the house"
    kind = message.kind.replace(".", " ")
    made = EmailMessage(policy=SMTP)
    made["From"] = target.options["from"]
    made["To"] = ", ".join(readers_of(target.options))
    made["Subject"] = f"Vedette: {kind}, {about}"
    made["Message-ID"] = f"<{message.id}@{target.options['from'].partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    lines = [f"{kind.capitalize()}: {about}"]
    if case:
        lines.append(f"Priority: {int(case['priority'])} of 100")
    console = target.options.get("console", "").rstrip("/")
    if console:
        lines.append(f"{console}/cases/{message.case_id}" if message.case_id else f"{console}/")
    lines.append(f"Entry {message.leaf} of the audit log.")
    made.set_content("\n".join(lines) + "\n")
    return made


@dataclass
class Mail:
    """Sends mails through the server that a target names, at the address that was examined."""

    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    resolve: Resolve = field(default=resolved)

    def send(self, target: Target, message: Message, case: Mapping[str, Any] | None) -> None:
        """Send one notice. Raises NotSent with a reason that holds nothing of the server's answer."""
        host, port = _server(target.url)
        address = allowed(self.resolve, host, port, private=target.private)
        try:
            with _Pinned(address, host, port) as server:
                server.starttls(context=self.context())
                user, _, password = target.secret.partition(":")
                if user:
                    server.login(user, password)
                refused = server.send_message(letter(target, message, case))
        except smtplib.SMTPNotSupportedError:
            raise NotSent("the server offers no STARTTLS, or none of our ways to sign in") from None
        except smtplib.SMTPAuthenticationError:
            raise NotSent("the server did not take the credential") from None
        except (OSError, ValueError) as fault:  # every fault of smtplib is an OSError; a bad header is a ValueError
            raise NotSent(type(fault).__name__) from None
        if refused:
            raise NotSent(f"{len(refused)} readers were refused")


class _Pinned(smtplib.SMTP):
    """A client of a named host, whose certificate must bear that name, at one address of it."""

    def __init__(self, address: str, host: str, port: int) -> None:
        self._address = address
        super().__init__(host, port, local_hostname="vedette", timeout=_SECONDS)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._address, port), timeout)


def _server(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORT
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme != "smtp" or not host or not plain or parts.username or parts.path.strip("/") or parts.query:
        raise OutboxError(
            "is no mail server", place=Place("url"), remedy="Write smtp://mail.example.org:587; it must offer STARTTLS"
        )
    return host, port


def _is_address(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None
