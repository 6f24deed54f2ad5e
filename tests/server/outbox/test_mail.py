"""Notices by e-mail: sent over TLS only, with nothing in them but ids, a priority and a link; no header can be slipped in."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.made import ANNA
from tests.server.outbox.test_outbox import MESSAGE, ROW, states, stop
from vedette.base import FixedClock
from vedette.server import store as state
from vedette.server.model import DeliveryState, OutboxError, Target, TargetKind
from vedette.server.outbox.fetch import NotSent
from vedette.server.outbox.mail import Mail, letter, require_mail
from vedette.server.outbox.pump import Outbox, Round, add_target
from vedette.store import Store

OPTIONS = {"from": "vedette@example.org", "to": "bea@example.org, carl@example.org", "console": "https://v.example.org"}


@dataclass
class Post:
    """A mail server of a few lines: it offers what it is told to, and keeps what it gets."""

    context: ssl.SSLContext
    starttls: bool = True
    refuse: bytes = b""
    port: int = 0
    got: list[bytes] = field(default_factory=list)
    lines: list[tuple[bool, bytes]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.answer(reader, writer)
        finally:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = False
        writer.write(b"220 post\r\n")
        while line := await reader.readline():
            self.lines.append((secure, line.strip()))
            verb = line[:4].upper()
            if self.refuse and line.startswith(self.refuse):
                writer.write(b"535 5.7.8 bea@example.org is not welcome\r\n")
            elif verb == b"EHLO":
                offered = b"250-STARTTLS\r\n" if self.starttls and not secure else b"250-AUTH PLAIN\r\n"
                writer.write(b"250-post\r\n" + offered + b"250 8BITMIME\r\n")
            elif verb == b"STAR":
                writer.write(b"220 go\r\n")
                await writer.drain()
                try:
                    await writer.start_tls(self.context)
                except (OSError, ssl.SSLError):
                    return
                secure = True
            elif verb == b"AUTH":
                writer.write(b"235 come in\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.got.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 kept\r\n")
            else:
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            await writer.drain()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of mail.example.org with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mail.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture
def post(certificate: Path) -> Iterator[Post]:
    """The server, listening in a thread of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    made, loop = Post(context), asyncio.new_event_loop()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(made.talk, "127.0.0.1", 0)

    # Never in this thread: a browser's tests may keep a loop of their own running in it.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(5)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    loop.call_soon_threadsafe(server.close)

    async def over() -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # transports say goodbye in the next turns of the loop

    asyncio.run_coroutine_threadsafe(over(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def mail(certificate: Path) -> Mail:
    """A sender that trusts that certificate and finds the server on this machine."""
    return Mail(lambda: ssl.create_default_context(cafile=str(certificate)), lambda _host, _port: ("127.0.0.1",))


def addressed(port: int, **more: Any) -> Target:
    given: dict[str, Any] = {
        "id": "post",
        "kind": TargetKind.EMAIL,
        "url": f"smtp://mail.example.org:{port}",
        "messages": (),
        "secret": "vedette:s3cret:with colon",
        "since_leaf": 0,
        "created_at": "",
        "created_by": "",
        "private": True,
        "options": OPTIONS,
    }
    return Target(**{**given, **more})


class TestLetter:
    def test_it_holds_ids_a_priority_and_a_link_and_nothing_of_a_customer(self) -> None:
        text = letter(addressed(587), MESSAGE, ROW).as_string()

        assert "Subject: Vedette: case created, case_1" in text
        assert "Priority: 88 of 100" in text
        assert "https://v.example.org/cases/case_1" in text
        assert "Auto-Submitted: auto-generated" in text
        for kept in (ROW["summary"], "a-1", "network", "job:run"):
            assert kept not in text

    def test_a_message_about_the_house(self) -> None:
        from dataclasses import replace

        text = letter(addressed(587), replace(MESSAGE, kind="list.updated", case_id=None), None).as_string()
        assert "List updated: the house" in text
        assert "Priority" not in text

    @pytest.mark.parametrize(
        "options",
        [
            {"to": "bea@example.org"},
            {**OPTIONS, "to": ""},
            {**OPTIONS, "to": "bea@example.org\r\nBcc: eve@example.org"},
            {**OPTIONS, "to": ",".join(f"r{number}@example.org" for number in range(21))},
            {**OPTIONS, "from": "vedette@example.org\nX-Evil: 1"},
            {**OPTIONS, "from": "Vedette <vedette@example.org>"},
            {**OPTIONS, "from": "v" * 300 + "@example.org"},
            {**OPTIONS, "console": "https://v.example.org\r\n\r\nPay here"},
            {**OPTIONS, "console": "javascript:alert(1)"},
        ],
    )
    def test_nothing_slips_into_a_header(self, options: dict[str, str]) -> None:
        with pytest.raises(OutboxError):
            require_mail("smtp://mail.example.org", options)

    @pytest.mark.parametrize(
        "url",
        [
            "https://mail.example.org",
            "smtp://",
            "smtp://u:p@mail.example.org",
            "smtp://mail.example.org:99999",
            "smtp://mail.example.org/x",
            "smtp://mail.example.org\r\nRCPT",
            "mail.example.org",
        ],
    )
    def test_what_is_no_mail_server(self, url: str) -> None:
        with pytest.raises(OutboxError):
            require_mail(url, OPTIONS)


@pytest.mark.enable_socket
class TestSending:
    def test_the_credential_and_the_mail_go_only_over_tls(self, post: Post, mail: Mail) -> None:
        mail.send(addressed(post.port), MESSAGE, ROW)

        told = message_from_bytes(post.got[0])
        assert told["To"] == "bea@example.org, carl@example.org"
        assert [line for secure, line in post.lines if not secure] == [b"ehlo vedette", b"STARTTLS"]
        assert sum(line.startswith(b"rcpt") for _, line in post.lines) == 2

    def test_a_server_without_starttls_gets_nothing(self, post: Post, mail: Mail) -> None:
        post.starttls = False
        with pytest.raises(NotSent, match="STARTTLS"):
            mail.send(addressed(post.port), MESSAGE, ROW)
        assert not any(line.startswith((b"AUTH", b"mail", b"data")) for _, line in post.lines)

    def test_a_certificate_of_another_name_gets_nothing(self, post: Post, mail: Mail) -> None:
        with pytest.raises(NotSent, match="CertVerification"):
            mail.send(addressed(post.port, url=f"smtp://other.example.org:{post.port}"), MESSAGE, ROW)
        assert post.got == []

    @pytest.mark.parametrize("refused", [b"AUTH", b"rcpt", b"mail", b"data"])
    def test_a_refusal_is_told_without_the_server_s_words(self, post: Post, mail: Mail, refused: bytes) -> None:
        post.refuse = refused
        with pytest.raises(NotSent) as told:
            mail.send(addressed(post.port), MESSAGE, ROW)
        assert "bea" not in told.value.reason

    def test_a_host_inside_the_house_is_not_reached_unless_that_is_said(self, post: Post, mail: Mail) -> None:
        with pytest.raises(NotSent, match="inside the house"):
            mail.send(addressed(post.port, private=False), MESSAGE, ROW)
        assert post.lines == []

    def test_it_rides_on_the_outbox_with_its_retries(
        self, store: Store, clock: FixedClock, post: Post, mail: Mail
    ) -> None:
        url = f"smtp://mail.example.org:{post.port}"
        wanted: dict[str, Any] = {"messages": ["case.created"], "options": OPTIONS, "private": True, "secret": "u:p"}
        add_target(store, ANNA, "post", "email", url, clock=clock, **wanted)
        stop(store, clock)
        outbox = Outbox(store, clock, mail=mail)
        post.refuse = b"AUTH"
        assert outbox.round() == Round(1, 0, 1)
        post.refuse = b""
        clock.advance(timedelta(minutes=1))
        assert outbox.round() == Round(0, 1, 0)
        assert states(store) == [(DeliveryState.SENT, 2)]
        assert len(post.got) == 1

    def test_people_name_what_they_want_to_hear_of(self, store: Store, clock: FixedClock) -> None:
        """A first run that opens ten thousand cases fills nobody's mailbox unasked."""
        with pytest.raises(OutboxError, match="--message"):
            add_target(store, ANNA, "post", "email", "smtp://mail.example.org", clock=clock, options=OPTIONS)

    def test_who_reads_is_kept_sealed(self, store: Store, clock: FixedClock) -> None:
        url = "smtp://mail.example.org"
        add_target(store, ANNA, "post", "email", url, clock=clock, messages=["case.escalated"], options=OPTIONS)
        with store.database.reading() as connection:
            row = connection.exec_driver_sql("SELECT * FROM outbox_target").mappings().one()
        assert b"bea@" not in b" ".join(str(cell).encode() for cell in row.values())
        assert state.targets(store)[0].options == OPTIONS
