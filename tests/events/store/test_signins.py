"""Sign-ins that only a log tells of: which events count, and each exactly once whichever file came first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.made import JOB
from vedette import audit
from vedette.base import FixedClock
from vedette.events.discover import adapters
from vedette.events.store.logs import ingest_logs
from vedette.events.store.remap import remap
from vedette.events.store.rows import ingest_tables
from vedette.events.store.signins import channels
from vedette.store import Store

Write = Callable[[str, str], Path]
KNOWN = (
    "(SELECT * FROM (VALUES ('a1', 'keycloak', 'principal', 'u1', NULL::BIGINT, NULL::BIGINT)) "
    "AS t(account_id, product, kind, external_id, valid_from_us, valid_to_us))"
)
NOBODY = KNOWN.replace("'u1'", "'nobody'")


def login(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"k{number}",
        "time": 1_767_603_600_000 + number,
        "type": "LOGIN",
        "userId": "u1",
        "ipAddress": "175.45.176.9",
        "details": {"username": "ann@example.org"},
        **changes,
    }


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(item) + "\n" for item in records)


def signins(store: Store) -> list[dict[str, Any]]:
    with store.engine() as engine:
        return list(engine.dictionaries("SELECT * FROM signins ORDER BY event_id"))


class Scene:
    """One workspace that reads logs and tables."""

    def __init__(self, store: Store, clock: FixedClock, written: Write) -> None:
        self.store, self.clock, self.written = store, clock, written
        self.files = 0

    def log(self, *records: dict[str, Any], known: str | None = KNOWN) -> Any:
        self.files += 1
        path = self.written(f"log{self.files}.jsonl", lines(*records))
        return ingest_logs(self.store, JOB, [path], "keycloak", clock=self.clock, identities=known)

    def table(self, *ids: str) -> Any:
        self.files += 1
        rows = "".join(f"{one},2026-01-05T09:00:00Z,a1\n" for one in ids)
        path = self.written(f"x{self.files}/signins.csv", f"event_id,time,account_id\n{rows}")
        (intake,) = ingest_tables(self.store, JOB, path.parent, clock=self.clock)
        return intake


@pytest.fixture
def scene(place: Store, clock: FixedClock, written: Write) -> Scene:
    return Scene(place, clock, written)


class TestWhatCounts:
    def test_a_logon_of_a_known_account_is_a_sign_in_with_all_that_is_known_of_it(self, scene: Scene) -> None:
        scene.log(login(1), login(2, type="LOGIN_ERROR", error="user_temporarily_disabled"))
        one, two = signins(scene.store)
        assert (one["event_id"], one["account_id"], one["channel"], one["outcome"]) == (
            "keycloak:k1",
            "a1",
            "console",
            "success",
        )
        assert (one["ip"], one["ip_dprk"], one["day"], one["time_us"]) == (
            "175.45.176.9",
            "current",
            "2026-01-05",
            1_767_603_600_001_000,
        )
        assert (two["outcome"], json.loads(two["extra"])) == ("failure", {"from": "logs"})
        assert one["refs_version"]
        assert "example.org" not in json.dumps(one)
        assert list(audit.verify(scene.store).problems) == []

    @pytest.mark.parametrize(
        "changes", [{"type": "LOGOUT"}, {"type": "CODE_TO_TOKEN"}, {"type": "STRANGE"}, {"userId": "u2", "details": {}}]
    )
    def test_other_events_and_strangers_are_none(self, scene: Scene, changes: dict[str, Any]) -> None:
        found = scene.log(login(1, **changes))
        assert (found.stored, signins(scene.store)) == (1, [])

    def test_without_identities_there_are_none(self, scene: Scene) -> None:
        scene.log(login(1), known=None)
        assert signins(scene.store) == []

    def test_every_identity_provider_says_its_channel(self) -> None:
        assert channels() == {item.product: item.signins for item in adapters().values() if item.signins}
        assert {channels()[name] for name in ("okta", "auth0", "keycloak", "entra", "cloudtrail")} == {"console"}
        assert (channels()["openssh"], channels()["teleport"], channels()["openstack"]) == ("ssh", "ssh", "api")
        assert "kubernetes_audit" not in channels()


class TestExactlyOnce:
    def test_the_same_event_in_another_file_is_no_second_sign_in(self, scene: Scene) -> None:
        scene.log(login(1), login(1))
        scene.log(login(1), login(2))
        assert [row["event_id"] for row in signins(scene.store)] == ["keycloak:k1", "keycloak:k2"]

    @pytest.mark.parametrize("known_as", ["k1", "keycloak:k1"])
    def test_an_export_that_told_of_it_before_is_enough(self, scene: Scene, known_as: str) -> None:
        scene.table(known_as)
        scene.log(login(1), login(2))
        assert [row["event_id"] for row in signins(scene.store)] == sorted([known_as, "keycloak:k2"])

    @pytest.mark.parametrize("known_as", ["k1", "keycloak:k1"])
    def test_an_export_that_tells_of_it_later_brings_duplicates(self, scene: Scene, known_as: str) -> None:
        scene.log(login(1))
        found = scene.table(known_as, "other")
        assert (found.read, found.stored, found.duplicates) == (2, 1, 1)
        assert [row["event_id"] for row in signins(scene.store)] == ["keycloak:k1", "other"]

    def test_identities_that_arrive_later_bring_the_sign_ins_once(self, scene: Scene) -> None:
        scene.log(login(1), login(2), login(3, type="LOGOUT"), known=NOBODY)
        assert signins(scene.store) == []
        for expected in (3, 0):
            assert remap(scene.store, JOB, clock=scene.clock, identities=KNOWN) == expected
            assert [row["event_id"] for row in signins(scene.store)] == ["keycloak:k1", "keycloak:k2"]
        assert signins(scene.store)[0]["ip_dprk"] == "current"
        assert list(audit.verify(scene.store).problems) == []


class TestTwoAdaptersOfOneProduct:
    """Entra's sign-ins come through both of Azure's adapters where somebody exports them twice: each counts once."""

    @pytest.mark.parametrize("order", [("azure_signin", "azure_activity"), ("azure_activity", "azure_signin")])
    def test_the_same_entry_is_one_sign_in(
        self, place: Store, clock: FixedClock, written: Write, order: tuple[str, str]
    ) -> None:
        known = (
            "(SELECT * FROM (VALUES ('a1', 'entra', 'principal', 'o-2', NULL::BIGINT, NULL::BIGINT), "
            "('a1', 'azure_activity', 'principal', 'o-2', NULL::BIGINT, NULL::BIGINT)) "
            "AS t(account_id, product, kind, external_id, valid_from_us, valid_to_us))"
        )
        sample = adapters()["azure_activity"].sample.read_text(encoding="utf-8").splitlines()[2]
        path = written("entra.jsonl", sample + "\n")
        for adapter in order:
            found = ingest_logs(place, JOB, [path], adapter, clock=clock, identities=known)
            assert (found.read, found.stored) == (1, 1)
        assert [row["account_id"] for row in signins(place)] == ["a1"]
