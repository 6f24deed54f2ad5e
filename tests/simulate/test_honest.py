"""Honest customers are honest: what they share is what their group shares, and nothing of theirs says DPRK."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import pytest

from tests.simulate.conftest import Rows, Written, read
from vedette import simulate


@pytest.fixture(scope="module")
def signins(written: Written) -> Rows:
    return [row for row in written.rows("signins") if row["outcome"] == "success"]


def group_of(written: Written, id: str) -> str:
    return written.by_id[id]["group"] or written.by_id[id]["kind"]


def countries(written: Written) -> dict[str, str]:
    """Country of the invented /12 that an address lies in, by its first two numbers."""
    found = {}
    for row in read(written.summary.references):
        if "." in row["start"]:
            first, last = (int(row[end].split(".")[0]) * 256 + int(row[end].split(".")[1]) for end in ("start", "end"))
            found.update({number: row["country"] for number in range(first, last + 1)})
    return {f"{number // 256}.{number % 256}": country for number, country in found.items()}


class TestGroups:
    @pytest.mark.parametrize("group", simulate.GROUPS)
    def test_is_there(self, written: Written, group: str) -> None:
        assert written.summary.groups[group] >= 1

    def test_most_customers_are_ordinary(self, written: Written) -> None:
        assert written.summary.groups["ordinary"] > 0.4 * written.plan.accounts

    def test_shares_follow_the_plan(self, written: Written) -> None:
        assert written.summary.groups["traveller"] / written.plan.accounts == pytest.approx(0.05, abs=0.015)
        assert written.summary.groups["namesake"] == 2


class TestSharing:
    SHARING = {"family", "shared_office", "cgnat", "agency", "classroom", "corporate_card"}
    PLANTED = {"laptop_farm", "split_compute", "dprk_leak", "shared_contact", "front_batch"}

    @pytest.mark.parametrize("column", ["ip", "device_id"])
    def test_only_meant_groups_share(self, written: Written, signins: Rows, column: str) -> None:
        users: dict[str, set[str]] = defaultdict(set)
        for row in signins:
            users[row[column]].add(row["account_id"])

        shared = {group_of(written, id) for key, ids in users.items() if key and len(ids) > 1 for id in ids}

        assert shared <= self.SHARING | self.PLANTED

    def test_agencies_name_their_reseller(self, written: Written) -> None:
        rows = [row for row in written.rows("accounts") if group_of(written, row["account_id"]) == "agency"]

        assert sum(row["reseller_id"] != "" for row in rows) > 0.7 * len(rows)


class TestTraveller:
    def test_no_two_countries_within_twelve_hours(self, written: Written, signins: Rows) -> None:
        where = countries(written)
        last: dict[str, tuple[datetime, str]] = {}
        for row in sorted(signins, key=lambda row: row["time"]):
            id = row["account_id"]
            if group_of(written, id) != "traveller" or ":" in row["ip"] or row["channel"] != "console":
                continue
            moment, land = datetime.fromisoformat(row["time"]), where[".".join(row["ip"].split(".")[:2])]
            before = last.get(id)
            if before and before[1] != land:
                assert (moment - before[0]).total_seconds() > 12 * 3600
            last[id] = (moment, land)


class TestDiaspora:
    def test_florida_is_not_the_dprk(self, written: Written) -> None:
        phones = {row["phone"] for row in written.rows("accounts") if row["country"] != "KP"}

        assert any(phone.startswith("+1850") for phone in phones)

    def test_documents_may_come_from_elsewhere(self, written: Written) -> None:
        rows = [row for row in written.rows("accounts") if group_of(written, row["account_id"]) == "diaspora"]

        assert all(row["id_document_country"] != row["country"] for row in rows)


class TestNamesake:
    def test_bears_a_listed_name_but_no_listed_birth_date(self, written: Written) -> None:
        listed = (written.summary.watchlist).read_text("utf-8")
        for row in written.rows("accounts"):
            if group_of(written, row["account_id"]) == "namesake":
                assert f'"{row["name"]}"' in listed
                assert not row["birth_date"] or row["birth_date"] not in listed


class TestOffshoreAndVpn:
    @pytest.mark.parametrize("group", ["vpn_user", "night_worker"])
    def test_browser_agrees_with_the_declared_zone(self, written: Written, signins: Rows, group: str) -> None:
        offsets: dict[str, set[str]] = defaultdict(set)
        for row in signins:
            if group_of(written, row["account_id"]) == group and row["timezone_offset_minutes"]:
                offsets[row["account_id"]].add(row["timezone_offset_minutes"])

        assert all(len(found) == 1 for found in offsets.values())
