"""What others hand in over HTTP: events under a key, and vendors' messages under their signature."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.accounts.test_verified import ANN
from tests.content.test_every_vendor import SECRET, SIGN, sample
from tests.made import JOB
from tests.server.conftest import Served
from tests.server.test_assemble import problem
from vedette.accounts import load, verified
from vedette.accounts.evidence import vendor
from vedette.accounts.webhook import SecretRefused, keep_secret, secret_of
from vedette.audit import verify as verify_log
from vedette.base import VedetteError, canonical_json

NDJSON = {"Content-Type": "application/x-ndjson"}


def signin(number: int, **changes: Any) -> bytes:
    row = {"table": "signins", "event_id": f"e-{number}", "time": "2026-01-05T09:00:00Z", "account_id": "a-1"}
    return json.dumps({**row, "ip": "203.0.113.9", "outcome": "success", **changes}).encode()


class TestEvents:
    def test_lines_are_stored_once_and_counted(self, served: Served) -> None:
        data = b"\n".join([signin(1), signin(2), b"no json", signin(1)])

        first = served.ask("POST", "/v1/events", "events", content=data, headers=NDJSON)
        again = served.ask("POST", "/v1/events", "events", content=data, headers=NDJSON).json()

        told = first.json()
        assert first.status_code == 202, first.text
        assert (told["read"], told["stored"], told["duplicates"], told["refused_count"]) == (4, 2, 1, 1)
        assert [item["line"] for item in told["refused"]] == [3]
        assert (again["stored"], again["duplicates"]) == (0, 3)

    def test_two_senders_of_the_same_events_store_them_once(self, served: Served) -> None:
        data = b"\n".join(signin(number) for number in range(100, 150))
        served.key("events")
        told: list[dict[str, Any]] = []

        def send() -> None:
            told.append(served.ask("POST", "/v1/events", "events", content=data, headers=NDJSON).json())

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sum(item["stored"] for item in told) == 50
        assert sum(item["duplicates"] for item in told) == 150

    @pytest.mark.parametrize(
        ("data", "status"),
        [(b"", 422), (b"\n\n", 422), (b"\0", 202), (b"[" * 100_000, 202), (b'{"table": "../../etc"}', 202)],
        ids=["nothing", "blank", "nul", "deep", "path"],
    )
    def test_what_is_no_batch(self, served: Served, data: bytes, status: int) -> None:
        response = served.ask("POST", "/v1/events", "events", content=data, headers=NDJSON)

        assert response.status_code == status
        if status == 202:
            assert (response.json()["stored"], response.json()["refused_count"]) == (0, 1)

    def test_too_much_at_once(self, served: Served) -> None:
        problem(served.ask("POST", "/v1/events", "events", content=b" " * 9_000_000, headers=NDJSON), 413)

    def test_another_media_type(self, served: Served) -> None:
        problem(
            served.ask("POST", "/v1/events", "events", content=signin(1), headers={"Content-Type": "text/csv"}), 415
        )


@pytest.fixture
def known(fresh: Served) -> Served:
    """A service that knows one account, and each vendor's secret."""
    folder = fresh.store.workspace.root.parent / "export"
    folder.mkdir()
    (folder / "accounts.jsonl").write_text(json.dumps(ANN) + "\n", encoding="utf-8")
    load(fresh.store, JOB, folder, clock=fresh.clock)
    for name in SIGN:
        keep_secret(fresh.store, JOB, name, SECRET, clock=fresh.clock)
    return fresh


def send(served: Served, name: str, body: bytes, headers: dict[str, str]) -> Any:
    return served.client.post(
        f"/v1/evidence/{name}", content=body, headers={"Content-Type": "application/json", **headers}
    )


def signed(served: Served, name: str, body: bytes) -> dict[str, str]:
    return SIGN[name](body, SECRET, served.clock.now())


class TestEvidence:
    @pytest.mark.parametrize("name", sorted(SIGN))
    def test_a_signed_message_needs_no_key_and_is_stored_once(self, known: Served, name: str) -> None:
        body = canonical_json(sample(vendor(name))[0])
        headers = signed(known, name, body)

        first, again = send(known, name, body, headers), send(known, name, body, headers)

        assert (first.status_code, first.json()["status"]) == (200, "stored")
        assert (again.status_code, again.json()["status"]) == (200, "repeated")
        assert [item.source for item in verified.record_of(known.store, "a-1").evidence] == [name]
        assert verify_log(known.store).holds

    @pytest.mark.parametrize("name", sorted(SIGN))
    def test_an_unsigned_or_altered_one_is_refused_and_counted(self, known: Served, name: str) -> None:
        """Nobody becomes verified by a message that anybody could have sent."""
        body = canonical_json(sample(vendor(name))[0])
        headers = signed(known, name, body)

        for sent, with_headers in ((body, {}), (body + b" ", headers)):
            problem(send(known, name, sent, with_headers), 401)
        assert verified.record_of(known.store, "a-1").evidence == ()

    def test_without_a_secret_nothing_is_authentic(self, fresh: Served) -> None:
        body = canonical_json(sample(vendor("persona"))[0])

        problem(send(fresh, "persona", body, SIGN["persona"](body, SECRET, fresh.clock.now())), 401)

    def test_guessing_signatures_is_slowed_down(self, known: Served) -> None:
        known.place.by_address.now = lambda: 0.0
        statuses = [send(known, "persona", b"{}", {}).status_code for _ in range(22)]
        assert statuses == [401] * 20 + [429] * 2

    @pytest.mark.parametrize("name", ["nobody", "%2e%2e", "%00", "PERSONA"])
    def test_an_unknown_vendor(self, known: Served, name: str) -> None:
        problem(send(known, name, b"{}", {}), 404)

    def test_one_event_with_two_contents(self, known: Served) -> None:
        event = sample(vendor("stripe_identity"))[0]
        body = canonical_json(event)
        send(known, "stripe_identity", body, signed(known, "stripe_identity", body))
        event["data"]["object"]["type"] = "id_number"
        other = canonical_json(event)

        problem(send(known, "stripe_identity", other, signed(known, "stripe_identity", other)), 409)

    @pytest.mark.parametrize(("body", "status"), [(b"[]", 422), (b"no json", 422), (b" " * 2_000_000, 413)])
    def test_signed_nonsense(self, known: Served, body: bytes, status: int) -> None:
        problem(send(known, "persona", body, signed(known, "persona", body)), status)


class TestSecrets:
    def test_it_is_readable_by_its_owner_only(self, fresh: Served) -> None:
        keep_secret(fresh.store, JOB, "persona", f" {SECRET}\n", clock=fresh.clock)

        path = fresh.store.workspace.keys / "vendor_persona.secret"
        assert secret_of(fresh.store, "persona") == SECRET
        assert path.stat().st_mode & 0o777 == 0o600
        assert secret_of(fresh.store, "sumsub") == ""

    @pytest.mark.parametrize("text", ["", "short", "x" * 501, "a\x00" * 20, "비밀" * 20])
    def test_what_is_no_secret(self, fresh: Served, text: str) -> None:
        with pytest.raises(SecretRefused):
            keep_secret(fresh.store, JOB, "persona", text, clock=fresh.clock)

    def test_no_vendor(self, fresh: Served) -> None:
        with pytest.raises(VedetteError):
            keep_secret(fresh.store, JOB, "../evil", SECRET, clock=fresh.clock)
