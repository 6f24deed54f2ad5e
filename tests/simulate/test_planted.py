"""Every planted kind shows what it is said to show, and its evasive form does not."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.simulate.conftest import Rows, Written
from vedette import simulate


@pytest.fixture(scope="module")
def signins(written: Written) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in written.rows("signins"):
        if row["outcome"] == "success":
            found[row["account_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def accounts(written: Written) -> dict[str, dict[str, str]]:
    return {row["account_id"]: row for row in written.rows("accounts")}


def values(signins: dict[str, Rows], ids: list[str], column: str) -> set[str]:
    return {row[column] for id in ids for row in signins[id] if row[column]}


class TestEveryKind:
    @pytest.mark.parametrize("kind", simulate.KINDS)
    def test_is_planted(self, written: Written, kind: str) -> None:
        assert written.accounts_of(kind)

    def test_about_one_actor_in_five_is_evasive(self, written: Written) -> None:
        summary = written.summary

        assert summary.evasive_actors / summary.actors == pytest.approx(0.2, abs=0.03)

    def test_share_of_planted_accounts(self) -> None:
        assert simulate.Plan().planted == 200


class TestLaptopFarm:
    def test_many_names_behind_one_address_and_two_machines(
        self, written: Written, signins: dict[str, Rows], accounts: dict[str, dict[str, str]]
    ) -> None:
        for ids in written.accounts_of("laptop_farm"):
            assert len(ids) >= 4
            assert len(values(signins, ids, "ip")) == 1
            assert len(values(signins, ids, "device_id")) == 2
            assert len({accounts[id]["email"] for id in ids}) == len(ids)


class TestFacilitator:
    def test_one_instrument_pays_for_strangers(self, written: Written, accounts: dict[str, dict[str, str]]) -> None:
        payments = written.rows("payments")
        for ids in written.accounts_of("facilitator"):
            mine = [row for row in payments if row["account_id"] in ids]
            (payer,) = {row["payer_name"] for row in mine if row["payer_name"]}
            assert len({row["instrument_id"] for row in mine}) == 1
            assert sum(accounts[id]["name"] != payer for id in ids) == len(ids) - 1
            assert len({accounts[id]["referrer_account_id"] for id in ids} - {""}) == 1


class TestLocationContradiction:
    def test_browser_never_agrees_with_the_declared_zone(
        self, written: Written, signins: dict[str, Rows], accounts: dict[str, dict[str, str]]
    ) -> None:
        for ids in written.accounts_of("location_contradiction"):
            offsets = values(signins, ids, "timezone_offset_minutes")
            assert offsets <= {"480", "540", "600"}
            assert accounts[ids[0]]["country"] not in {"CN", "RU"}
            assert accounts[ids[0]]["declared_timezone"]


class TestDprkLeak:
    def test_the_true_range_shows_once_an_account(self, written: Written, signins: dict[str, Rows]) -> None:
        leaks = {id: sum(row["ip"].startswith("175.45.17") for row in rows) for id, rows in signins.items()}
        planted = {id for ids in written.accounts_of("dprk_leak") for id in ids}

        assert {id for id, count in leaks.items() if count} == planted


class TestTakeover:
    def test_months_of_silence_then_another_machine_and_payer(
        self, written: Written, signins: dict[str, Rows], accounts: dict[str, dict[str, str]]
    ) -> None:
        start = written.plan.start.isoformat()
        for (id,) in written.accounts_of("account_takeover_rented"):
            before = [row for row in signins[id] if row["time"] < start]
            after = [row for row in signins[id] if row["time"] >= start]
            assert before
            assert after
            assert not {row["device_id"] for row in before} & {row["device_id"] for row in after if row["device_id"]}
            assert accounts[id]["verification_status"] == "reverified"


class TestFrontBatch:
    def test_one_telephone_one_hour_numbered_handles(
        self, written: Written, accounts: dict[str, dict[str, str]]
    ) -> None:
        for ids in written.accounts_of("front_batch"):
            rows = [accounts[id] for id in ids]
            assert len({row["phone"] for row in rows}) == 1
            assert len({row["opened_at"][:10] for row in rows}) <= 2
            assert {row["email"][:3] for row in rows} == {"dev"}


class TestSharedContact:
    def test_one_mailbox_under_plus_tags(self, written: Written, accounts: dict[str, dict[str, str]]) -> None:
        for ids in written.accounts_of("shared_contact"):
            mails = {accounts[id]["email"].lower() for id in ids}
            boxes = {f"{mail.split('@')[0].split('+')[0]}@{mail.split('@')[1]}" for mail in mails}
            assert len(mails) == len(ids)
            assert len(boxes) == 1
            assert len({accounts[id]["id_document_hash"] for id in ids}) == 1


class TestStatement:
    def test_country_or_telephone_of_the_dprk(self, written: Written, accounts: dict[str, dict[str, str]]) -> None:
        stated = {id for id, row in accounts.items() if row["country"] == "KP" or row["phone"].startswith("+850")}

        assert stated == {id for ids in written.accounts_of("dprk_statement") for id in ids}


class TestSplitCompute:
    def test_one_key_and_equal_jobs(self, written: Written) -> None:
        keys, jobs = written.rows("keys"), written.rows("allocations")
        for ids in written.accounts_of("split_compute"):
            assert len({row["fingerprint"] for row in keys if row["account_id"] in ids}) == 1
            shapes = {(row["node_count"], row["gpu_model"]) for row in jobs if row["account_id"] in ids}
            assert ("4", "H100-80G") in shapes


class TestMultiIp:
    def test_four_households_within_the_hour(self, written: Written, signins: dict[str, Rows]) -> None:
        for (id,) in written.accounts_of("multi_ip"):
            assert len(values(signins, [id], "ip")) >= 5


class TestListedCustomer:
    def test_half_with_the_listed_birth_date(self, written: Written, accounts: dict[str, dict[str, str]]) -> None:
        listed = {ids[0] for ids in written.accounts_of("listed_customer")}
        with_date = [id for id in listed if accounts[id]["birth_date"]]

        assert len(listed) == 2
        assert len(with_date) == 1


class TestEvasive:
    def test_shares_no_machine_address_or_instrument(self, written: Written, signins: dict[str, Rows]) -> None:
        users: dict[str, set[str]] = defaultdict(set)
        for id, rows in signins.items():
            for row in rows:
                users[row["ip"]].add(id)
                users[row["device_id"]].add(id)
        hidden = {id for kind in simulate.KINDS for ids in written.accounts_of(kind, evasive=True) for id in ids}

        assert hidden
        for key, ids in users.items():
            assert key == "" or len(ids) == 1 or not ids & hidden
