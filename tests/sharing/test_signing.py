"""Signed requests: what is covered cannot be changed, nothing is good twice or long; and a proxy's word counts only from our proxy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.made import ANNA
from tests.sharing.conftest import Open, shared
from vedette.sharing import admit
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.signing import WINDOW, BadSignature, Sent, claim, sign, verify
from vedette.sharing.taxii import MEDIA_TYPE
from vedette.store import load_key

SEED = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw().hex()
SENT = Sent("POST", "south.example", "/taxii2/vedette/", "limit=1", b'{"objects":[]}')
NONCE = "abcdefghijklmnopqrstuvwx"


def headers(sent: Sent = SENT, created: int = 1_000_000_000, nonce: str = NONCE) -> dict[str, str]:
    return sign(sent, SEED, PUBLIC, created=created, nonce=nonce)


def check(told: dict[str, str], sent: Sent = SENT, public: str = PUBLIC, now: float = 1_000_000_000) -> None:
    found = claim(told["Signature-Input"], told["Signature"], now)
    verify(found, sent, told["Content-Digest"], public)


class TestSignature:
    def test_what_was_signed_holds(self) -> None:
        check(headers())

    @pytest.mark.parametrize(
        "changed",
        [
            Sent("DELETE", SENT.authority, SENT.path, SENT.query, SENT.body),
            Sent(SENT.method, "other.example", SENT.path, SENT.query, SENT.body),
            Sent(SENT.method, SENT.authority, "/other", SENT.query, SENT.body),
            Sent(SENT.method, SENT.authority, SENT.path, "limit=2", SENT.body),
            Sent(SENT.method, SENT.authority, SENT.path, SENT.query, b"{}"),
        ],
    )
    def test_every_covered_part_counts(self, changed: Sent) -> None:
        with pytest.raises(BadSignature):
            check(headers(), changed)

    def test_another_key_does_not_open(self) -> None:
        for public in ("00" * 32, "zz" * 32, ""):
            with pytest.raises(BadSignature):
                check(headers(), public=public)

    @pytest.mark.parametrize("away", [WINDOW + 1, -WINDOW - 1])
    def test_a_signature_of_another_time_does_not_hold(self, away: int) -> None:
        with pytest.raises(BadSignature, match="too old"):
            check(headers(), now=1_000_000_000 + away)

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("Signature-Input", '"@path" ', ""),
            ("Signature-Input", "created=1000000000", "created=1000000001"),
            ("Signature-Input", "ed25519", "hmac-sha256"),
            ("Signature-Input", NONCE, NONCE[::-1]),
            ("Signature", "vedette", "other"),
            ("Signature", "=:", "=:AAAA"),
        ],
    )
    def test_parameters_cannot_be_changed(self, name: str, old: str, new: str) -> None:
        told = headers()
        assert old in told[name]
        with pytest.raises(BadSignature):
            check({**told, name: told[name].replace(old, new)})


class TestServer:
    def request(self, house: Open, method: str, path: str, body: bytes = b"", nonce: str = NONCE, **more: str) -> Any:
        created = int(house.clock.now().timestamp())
        bare, _, query = path.partition("?")
        told = headers(Sent(method, "testserver", bare, query, body), created, nonce)
        kind = {"Content-Type": MEDIA_TYPE} if body else {}
        return house.client.request(
            method, path, content=body or None, headers={"Accept": MEDIA_TYPE, **kind, **told, **more}
        )

    def test_a_signed_request_is_let_in_once(self, open_house: Open) -> None:
        open_house.peer(public_key=PUBLIC)
        path = f"{open_house.path}objects/?limit=5"
        assert self.request(open_house, "GET", path).status_code == 200
        assert self.request(open_house, "GET", path).status_code == 401
        assert self.request(open_house, "GET", path, nonce="b" * 24).status_code == 200

    def test_a_replayed_write_is_refused_also_by_another_process(self, open_house: Open) -> None:
        open_house.peer(public_key=PUBLIC)
        body = json.dumps({"objects": [as_stix(shared())]}).encode()
        path = f"{open_house.path}objects/"
        assert self.request(open_house, "POST", path, body).status_code == 202
        open_house.place._kept.clear()
        answer = self.request(open_house, "POST", path, body)
        assert answer.status_code == 401
        assert answer.json()["title"] == "the request was sent before"

    def test_a_body_changed_on_its_way(self, open_house: Open) -> None:
        open_house.peer(public_key=PUBLIC)
        created = int(open_house.clock.now().timestamp())
        path = f"{open_house.path}objects/"
        told = headers(Sent("POST", "testserver", path, "", b'{"objects":[]}'), created)
        answer = open_house.client.post(
            path, content=b'{"objects":[1]}', headers={"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE, **told}
        )
        assert answer.status_code == 401

    def test_a_revoked_key_is_out_at_once(self, open_house: Open) -> None:
        open_house.peer(public_key=PUBLIC)
        admit.revoke(open_house.store, ANNA, "north", clock=open_house.clock)
        assert self.request(open_house, "GET", "/taxii2/").status_code == 401

    def test_a_certificate_counts_only_by_the_word_of_our_proxy(self, open_house: Open) -> None:
        open_house.peer(fingerprint="AB:" * 31 + "AB")
        told = {"Accept": MEDIA_TYPE, "X-Client-Cert-SHA256": "ab" * 32}
        assert open_house.client.get("/taxii2/", headers=told).status_code == 401
        secret = load_key(open_house.store.workspace.keys / "sharing-proxy.key").hex()
        assert open_house.client.get("/taxii2/", headers={**told, "X-Vedette-Proxy": "0" * 64}).status_code == 401
        proven = {**told, "X-Vedette-Proxy": secret}
        assert open_house.client.get("/taxii2/", headers=proven).status_code == 200
        other = {**proven, "X-Client-Cert-SHA256": "cd" * 32}
        assert open_house.client.get("/taxii2/", headers=other).status_code == 401
        none = {"Accept": MEDIA_TYPE, "X-Vedette-Proxy": secret}
        assert open_house.client.get("/taxii2/", headers=none).status_code == 401
