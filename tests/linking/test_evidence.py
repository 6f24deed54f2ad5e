"""Evidence that is kept from refresh to refresh: the same as reading everything, and only as long as it fits."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.linking.lake import CATALOGUE, START, account, key, payment, put, signin
from tests.made import ANNA, JOB, shared, workspace
from vedette import audit, findings, linking
from vedette.base import FixedClock, from_micros
from vedette.linking.evidence import Evidence, Kept
from vedette.store import Store

DAY = 86_400_000_000


@pytest.fixture
def wholes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often everything was read."""
    seen: list[int] = []
    before = Kept._whole

    def counted(self: Kept) -> Evidence:
        seen.append(1)
        return before(self)

    monkeypatch.setattr(Kept, "_whole", counted)
    yield seen


def at(day: int) -> FixedClock:
    return FixedClock(datetime(2026, 3, day, 12, 0, tzinfo=UTC))


class Provider:
    """Draws what a provider's day brings: new and changed accounts, keys, sign-ins, payments, owners."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.random, self.turn = store, random.Random(seed), 0

    def of(self, sort: str, count: int = 6) -> str:
        return f"{sort}-{self.random.randrange(count)}"

    def one(self) -> str:
        return f"a-{self.random.randrange(26):02d}"

    def customer(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "received_us": START + self.turn * DAY,
            "ordinal": self.random.randrange(10**6),
            "kind": self.random.choice(["person", "person", "organization"]),
            "name_token": self.of("n", 12),
            "document_token": self.of("doc", 14),
            "country": self.of("C", 12),
            "address_token": self.of("h", 3),
            "email_domain": self.of("mail", 3),
            "phone_token": self.of("p", 9),
            "referrer_account_id": self.one(),
            "opened_us": self.random.choice([None, START]),
            "email_canonical_token": self.of("m", 30),
        }
        return account(self.one(), **facts)

    def day(self) -> None:
        self.turn += 1
        mark = f"{self.turn}"
        time = {"time_us": START + self.turn * DAY}
        rows = {row["account_id"]: row for row in (self.customer() for _ in range(self.random.randrange(7)))}
        everything: dict[str, list[dict[str, Any]]] = {
            "accounts": list(rows.values()),
            "account_name_parts": [
                {
                    "account_id": one,
                    "role": "account",
                    "part_token": self.of("part", 8),
                    "received_us": START + self.turn * DAY,
                }
                for one in rows
            ],
            "owners": [
                {
                    "account_id": self.one(),
                    "owner_id": mark,
                    "owner_name_token": self.of("n"),
                    "birth_date_token": "b",
                    **time,
                }
                for _ in range(self.random.randrange(2))
            ],
            "keys": [{**key(self.one(), self.of("k")), **time} for _ in range(self.random.randrange(3))],
            "payments": [{**payment(self.one(), self.of("i")), **time} for _ in range(self.random.randrange(4))],
            "signins": [
                {
                    **signin(
                        self.one(), int(mark) * 100 + n, device_id=self.of("d"), ip=f"9.9.9.{self.random.randrange(4)}"
                    ),
                    **time,
                }
                for n in range(self.random.randrange(6))
            ],
        }
        for table, some in everything.items():
            if some:
                columns = {column.name for column in CATALOGUE.table(table).columns}
                put(
                    self.store, table, [{name: value for name, value in row.items() if name in columns} for row in some]
                )

    def word(self) -> None:
        with self.store.engine(["accounts"]) as engine:
            held = [row[0] for row in engine.rows("SELECT account_id FROM accounts ORDER BY 1")]
        if len(held) > 2:
            judge = self.random.choice([linking.cut, linking.confirm])
            one, other = self.random.sample(held, 2)
            judge(self.store, ANNA, one, other, reason="She said so.", clock=at(1))

    def elsewhere(self) -> None:
        """Another check tells of accounts together, or takes it back."""
        with self.store.database.reading() as connection:
            actors = [item.accounts for item in linking.actors(self.store) if len(item.accounts) > 2]
            told = [brief for brief in findings.briefs(connection) if brief.check == "credential/odd"]
        with audit.writing(self.store, JOB, "test", clock=at(1)) as act:
            if told:
                findings.settle(act, "credential/odd", [])
            elif actors:
                findings.record(act, [shared("credential/odd", self.random.choice(actors))])


def standing(store: Store) -> list[object]:
    """Everything that linking says."""
    rings = findings.standing(store, check="linking/ring")
    return [linking.actors(store), linking.links(store), [item.finding for item in rings]]


class TestGrown:
    @pytest.mark.parametrize("seed", range(2))
    def test_day_by_day_equals_reading_everything(self, tmp_path: Path, wholes: list[int], seed: int) -> None:
        store = Store(workspace(tmp_path / "ws"), CATALOGUE)
        provider = Provider(store, seed)
        # Strangers enough for chance to mean something, and not so many that the house doubles on the way.
        put(store, "accounts", [account(f"s-{number:03d}") for number in range(300)])
        linking.refresh(store, JOB, at(1))
        for day in range(2, 7):
            provider.day()
            if day % 3 == 0:
                provider.word()
            if day % 2 == 0:
                provider.elsewhere()
            grown = linking.refresh(store, JOB, at(day))
            before, leaves = standing(store), audit.verify(store).leaves
            assert linking.refresh(store, JOB, at(20), whole=True).as_json() == {**grown.as_json(), "events": 0}
            assert standing(store) == before
            assert audit.verify(store).leaves == leaves
        assert len(wholes) == 1 + 5
        assert linking.actors(store)
        store.close()


class TestKept:
    def test_nothing_new_reads_nothing(self, ringed: Store, wholes: list[int], clock: FixedClock) -> None:
        first = linking.refresh(ringed, JOB, clock)
        assert linking.refresh(ringed, JOB, clock).as_json() == {**first.as_json(), "events": 0}
        assert len(wholes) == 1

    @pytest.mark.parametrize("harm", ["gone", "spoilt", "of another time"])
    def test_what_does_not_fit_is_made_again(
        self, ringed: Store, wholes: list[int], clock: FixedClock, harm: str
    ) -> None:
        first = linking.refresh(ringed, JOB, clock)
        path = ringed.workspace.scratch / "linking" / "evidence.duckdb"
        if harm == "gone":
            path.unlink()
        elif harm == "spoilt":
            path.write_bytes(b"no database" * 1000)
        else:
            earlier = path.read_bytes()
            put(ringed, "accounts", [account("a-0")])
            linking.refresh(ringed, JOB, clock)
            path.write_bytes(earlier)
        again = linking.refresh(ringed, JOB, clock)
        assert len(wholes) == 2
        assert again.actors == first.actors

    def test_a_refresh_that_fails_keeps_the_evidence_as_it_was(
        self, ringed: Store, wholes: list[int], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        linking.refresh(ringed, JOB, clock)
        put(ringed, "accounts", [account("a-0")])
        put(ringed, "keys", [key("a-0")])
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["vedette.linking.refresh"], "succeed", None)
            with pytest.raises(TypeError):
                linking.refresh(ringed, JOB, clock)
        linking.refresh(ringed, JOB, clock)
        assert [actor.accounts for actor in linking.actors(ringed)] == [("a-0", "a-1", "a-2", "a-3")]
        assert len(wholes) == 1

    def test_a_ring_that_is_still_at_work_is_dated_anew(
        self, ringed: Store, wholes: list[int], clock: FixedClock
    ) -> None:
        linking.refresh(ringed, JOB, clock)
        put(ringed, "signins", [signin("a-1", time_us=START + 9 * DAY)])
        linking.refresh(ringed, JOB, clock)
        (found,) = findings.standing(ringed, check="linking/ring")
        assert found.finding.last_seen == from_micros(START + 9 * DAY)
        assert len(wholes) == 1

    def test_a_finding_taken_back_elsewhere_leaves_the_ring_to_be_told(
        self, ringed: Store, wholes: list[int], clock: FixedClock
    ) -> None:
        with audit.writing(ringed, JOB, "test", clock=clock) as act:
            findings.record(act, [shared("credential/odd", ("a-1", "a-2", "a-3"))])
        assert linking.refresh(ringed, JOB, clock).rings == 0
        with audit.writing(ringed, JOB, "test", clock=clock) as act:
            findings.settle(act, "credential/odd", [])
        assert linking.refresh(ringed, JOB, clock).rings == 1
        assert len(wholes) == 1
