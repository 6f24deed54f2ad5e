"""Events handed in as lines: what is stored, what is refused with its line, and that sending again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.made import JOB
from vedette.app.events_door import MOST_BYTES, BatchRefused, accept
from vedette.app.rooms import catalogue
from vedette.base import FixedClock
from vedette.store import Store, Workspace


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace with the lake's real tables."""
    workspace = Workspace(tmp_path / "ws")
    workspace.create('home = "us"\n')
    store = Store(workspace, catalogue())
    yield store
    store.close()


def signin(number: int, **changes: Any) -> dict[str, Any]:
    row = {"table": "signins", "event_id": f"e-{number}", "time": "2026-01-05T09:00:00Z", "account_id": "a-1"}
    return {**row, "ip": "203.0.113.9", "outcome": "success", **changes}


def lines(*rows: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


OKTA = {
    "uuid": "okta-1",
    "published": "2026-01-05T09:00:00.000Z",
    "eventType": "user.session.start",
    "outcome": {"result": "SUCCESS"},
    "actor": {"id": "00u1", "type": "User", "alternateId": "ann@example.org"},
    "client": {"ipAddress": "203.0.113.9"},
}


class TestAccept:
    def test_rows_and_raw_records_in_one_batch(self, lake: Store, clock: FixedClock) -> None:
        payment = {"table": "payments", "payment_id": "p-1", "account_id": "a-1", "time": "2026-01-05T09:00:00Z"}
        key = {"table": "keys", "account_id": "a-1", "time": "2026-01-05T09:00:00Z", "kind": "ssh", "fingerprint": "f"}
        found = accept(lake, lines(signin(1), payment, {"product": "okta", "event": OKTA}, key), JOB, clock)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == (4, 4, 0, 0)
        assert found.unmapped == 1
        with lake.engine(["signins", "logs", "keys", "payments"]) as engine:
            counts = [
                engine.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("signins", "payments", "keys", "logs")
            ]
        assert counts == [1, 1, 1, 1]

    def test_sent_again_nothing_is_stored_twice(self, lake: Store, clock: FixedClock) -> None:
        """The same batch, and its events in another batch: all duplicates."""
        batch = lines(signin(1), signin(2), {"product": "okta", "event": OKTA})
        assert accept(lake, batch, JOB, clock).stored == 3
        again = accept(lake, batch, JOB, clock)
        other = accept(lake, lines(signin(3), signin(2), {"product": "okta", "event": OKTA}), JOB, clock)
        assert (again.stored, again.duplicates) == (0, 3)
        assert (other.stored, other.duplicates) == (1, 2)

    @pytest.mark.parametrize(
        "line",
        [
            b"{",
            b"[1]",
            b"null",
            b'"text"',
            b"\xff\xfe",
            b"{}",
            b'{"table": "accounts", "account_id": "a"}',
            b'{"table": ["signins"]}',
            b'{"table": "signins", "product": "okta", "event": {}}',
            b'{"product": "no_such", "event": {}}',
            b'{"product": "../../etc", "event": {}}',
            b'{"product": "okta", "event": [1]}',
            b'{"product": "okta", "event": {}, "table_name": 1}',
            b'{"product": "okta"}',
            b'{"table": "signins", "event_id": "e", "time": "yesterday", "account_id": "a"}',
            b'{"table": "signins", "event_id": "e", "account_id": "a"}',
            b'{"table": "signins", "event_id": "e", "account_id": NaN}',
            b'{"product": "okta", "event": {"uuid": "without a time"}}',
            b'{"product": "okta", "event": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
        ],
    )
    def test_a_bad_line_is_refused_with_its_number_and_the_rest_is_stored(
        self, lake: Store, clock: FixedClock, line: bytes
    ) -> None:
        found = accept(lake, lines(signin(1)) + b"\n\n" + line + b"\r\n" + lines(signin(2)), JOB, clock)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == (3, 2, 0, 1)
        assert [item.line for item in found.refused] == [3]
        assert found.refused[0].reason
        json.dumps(found.as_json())

    @pytest.mark.parametrize("data", [b"", b"\n \n", b"x" * (MOST_BYTES + 1)])
    def test_no_batch(self, lake: Store, clock: FixedClock, data: bytes) -> None:
        with pytest.raises(BatchRefused):
            accept(lake, data, JOB, clock)

    @given(
        batch=st.lists(
            st.one_of(st.integers(0, 6).map(signin), st.dictionaries(st.text(max_size=3), st.none(), max_size=2)),
            min_size=1,
            max_size=8,
        )
    )
    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_nothing_is_lost(self, lake: Store, clock: FixedClock, batch: list[dict[str, Any]]) -> None:
        found = accept(lake, lines(*batch), JOB, clock)
        assert found.read == len(batch) == found.stored + found.duplicates + found.refused_count
