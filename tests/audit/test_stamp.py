"""Time stamps against OpenSSL as the authority: its answers are understood, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from tests.made import ANNA, CATALOGUE, workspace
from vedette import audit
from vedette.audit import stamp
from vedette.audit.stamp import StampError
from vedette.base import FixedClock
from vedette.store import Store

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A certificate authority and a time-stamping authority under it, made with OpenSSL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        self._certificate("ca", "basicConstraints=critical,CA:TRUE")
        self._certificate("tsa", "extendedKeyUsage=critical,timeStamping", by="ca")
        self._certificate("web", "extendedKeyUsage=critical,serverAuth", by="ca")
        self.ca = (folder / "ca.pem").read_bytes()

    def _certificate(self, name: str, extension: str, by: str = "") -> None:
        issuer = ["-CA", "ca.pem", "-CAkey", "ca.key"] if by else []
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", f"{name}.key"]
        subject = ["-subj", f"/CN={name}", "-addext", extension, "-days", "30", "-out", f"{name}.pem"]
        self._do("req", "-x509", *key, *subject, *issuer)

    def _do(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)

    def answer(self, asked: bytes) -> bytes:
        """The response to a request."""
        (self.folder / "ask").write_bytes(asked)
        signer = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "ca.pem"]
        self._do("ts", "-reply", "-config", "tsa.cnf", "-section", "own", "-queryfile", "ask", *signer, "-out", "reply")
        return (self.folder / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which plays the authority, is not on this machine")
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def log(tmp_path: Path, clock: FixedClock) -> Store:
    store = Store(workspace(tmp_path / "ws"), CATALOGUE)
    with audit.writing(store, ANNA, "tell", clock=clock) as act:
        act.fact("number", 1)
    return store


class TestStamp:
    def test_a_checkpoint_is_stamped_and_kept(
        self, authority: Authority, log: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        note = audit.proof(log, 0)["checkpoint"]
        answer = authority.answer(stamp.request(log))

        read = stamp.read(answer, x509.load_pem_x509_certificates(authority.ca))
        size, moment = stamp.add(log, ANNA, answer, authority.ca, clock=clock)

        assert read.imprint == hashlib.sha256(note.encode()).digest()
        assert abs((datetime.now(UTC) - read.moment).total_seconds()) < 300
        assert (size, moment[:4]) == (1, str(read.moment.year))
        assert audit.verify(log).problems == []
        audit.export(log, tmp_path / "x")
        assert '"stamped": [{"note"' in (tmp_path / "x").read_text("utf-8").split("\n")[0]

    def test_openssl_reads_the_request(self, authority: Authority, log: Store) -> None:
        (authority.folder / "q").write_bytes(stamp.request(log))
        told = subprocess.run(
            ["openssl", "ts", "-query", "-in", "q", "-text"],
            cwd=authority.folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert "sha256" in told
        assert "Certificate required: yes" in told

    def test_what_was_stamped_before_the_log_grew_is_refused(
        self, authority: Authority, log: Store, clock: FixedClock
    ) -> None:
        answer = authority.answer(stamp.request(log))
        with audit.writing(log, ANNA, "tell", clock=clock) as act:
            act.fact("number", 2)

        with pytest.raises(StampError, match="something else than the newest checkpoint"):
            stamp.add(log, ANNA, answer, authority.ca, clock=clock)

    def test_an_authority_that_is_not_trusted_is_refused(self, authority: Authority, log: Store) -> None:
        answer = authority.answer(stamp.request(log))

        with pytest.raises(StampError, match="no trusted certificate"):
            stamp.read(answer, [])
        web = x509.load_pem_x509_certificates((authority.folder / "web.pem").read_bytes())
        with pytest.raises(StampError, match="no trusted certificate"):
            stamp.read(answer, web)

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: b"",
            lambda data: data[:-1],
            lambda data: data[: len(data) // 2],
            lambda data: b"\x30\x80" + data[2:],
            lambda data: b"\x30\x03\x02\x01\x02",
            lambda data: b"\x30\x05\x30\x03\x02\x01\x02",
            lambda data: b"\x30\x84\xff\xff\xff\xff" + data,
            lambda data: b"not asn.1 at all",
        ],
    )
    def test_what_is_no_response_is_refused(
        self, authority: Authority, log: Store, change: Callable[[bytes], bytes]
    ) -> None:
        answer = authority.answer(stamp.request(log))

        with pytest.raises(StampError):
            stamp.read(change(answer), x509.load_pem_x509_certificates(authority.ca))

    def test_no_changed_byte_of_what_is_stated_passes(self, authority: Authority, log: Store) -> None:
        answer = authority.answer(stamp.request(log))
        trusted = x509.load_pem_x509_certificates(authority.ca)
        note = audit.proof(log, 0)["checkpoint"]
        start = answer.index(hashlib.sha256(note.encode()).digest())
        for place in range(start - 20, start + 50, 3):  # within what is signed
            changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
            with pytest.raises(StampError):
                stamp.read(changed, trusted)

    def test_an_empty_log_has_nothing_to_stamp(self, tmp_path: Path) -> None:
        with pytest.raises(StampError, match="empty"):
            stamp.request(Store(workspace(tmp_path / "none"), CATALOGUE))
