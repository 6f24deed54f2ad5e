"""A provider who has nothing but an identity provider's logs gets the detections that read sign-ins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import _apart, bare
from tests.journeys.scene import Desk, write_csv

__all__ = ["_apart", "bare"]

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_767_603_600_000
PLACES = {"US": "20.0.0.9", "JP": "30.0.0.9", "BR": "40.0.0.9"}


def login(number: int, time: int, ip: str, user: str = "u-ann") -> dict[str, object]:
    return {
        "id": f"k-{number}",
        "time": time,
        "type": "LOGIN",
        "realmId": "r-1",
        "clientId": "console",
        "userId": user,
        "ipAddress": ip,
        "details": {"username": user},
    }


def travels(days: int) -> list[dict[str, object]]:
    """Three countries within two hours, on each of some days."""
    return [
        login(10 * day + hour, START + day * DAY + hour * HOUR, ip)
        for day in range(days)
        for hour, ip in enumerate(PLACES.values())
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Customers, what the realm calls them, and the realm's log; no table of sign-ins."""
    folder = tmp_path / "export"
    (folder / "logs" / "keycloak").mkdir(parents=True)
    write_csv(folder / "accounts.csv", [{"account_id": "a-1", "name": "Ann Example", "kind": "person"}])
    names = {"account_id": "a-1", "product": "keycloak", "kind": "principal", "external_id": "u-ann"}
    write_csv(folder / "identities.csv", [names])
    lines = [json.dumps(item) for item in [*travels(3), login(99, START, PLACES["US"], "u-stranger")]]
    (folder / "logs" / "keycloak" / "events.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def references(bare: Desk, folder: Path) -> None:
    geo, vpn = folder / "geo.csv", folder / "vpn.txt"
    rows = [f"{ip[:-1]}0,{ip[:-1]}255,{code}" for code, ip in PLACES.items()]
    geo.write_text("start,end,country\n" + "\n".join(rows) + "\n")
    vpn.write_text("50.0.0.0/24\n")
    bare("refs", "load", geo, vpn).done()


class TestOnlyAnIdentityProvidersLogs:
    def test_a_rule_that_reads_sign_ins_fires_from_keycloak_alone(self, bare: Desk, export: Path) -> None:
        """The reviewer sees the customer who was in three countries, and can name the log's events."""
        references(bare, export.parent)
        bare("run", export).done()
        found = [item for item in bare.findings().values() if item["check"] == "network/several_countries"]
        assert [item["accounts"] for item in found] == [["a-1"]]
        assert "keycloak:k-" in json.dumps(found[0]["evidence"])
        assert bare.lake()["signins"] == 9

    def test_identities_that_arrive_later_bring_the_sign_ins_with_them_once(self, bare: Desk, export: Path) -> None:
        """A customer who is mapped on Tuesday is judged by Monday's sign-ins."""
        references(bare, export.parent)
        late = export / "identities.csv"
        kept = late.read_text()
        late.unlink()
        bare("run", export).done()
        assert "signins" not in bare.lake()
        late.write_text(kept)
        for _ in range(2):
            bare("run", export).done()
            assert bare.lake()["signins"] == 9
        assert any(item["check"] == "network/several_countries" for item in bare.findings().values())
        bare("audit", "verify").done()
