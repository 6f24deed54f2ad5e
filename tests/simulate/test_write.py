"""The export has the form of DESIGN section 4, is the same for the same plan, and keeps the truth to itself."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.simulate.conftest import Written
from vedette import simulate
from vedette.base import parse_time

COLUMNS = {
    "accounts": "account_id opened_at closed_at status kind name name_native email phone country address birth_date "
    "registration_number website declared_purpose declared_timezone signup_ip signup_device_id signup_user_agent "
    "referrer_account_id reseller_id id_document_type id_document_country id_document_hash verification_status",
    "owners": "account_id owner_id parent_owner_id owner_name owner_name_native owner_kind country birth_date share_min share_max control",
    "payments": "payment_id account_id time instrument_id instrument_kind payer_name payer_country amount currency wallet",
    "signins": "event_id time account_id user_id ip user_agent device_id outcome mfa timezone_offset_minutes locale channel",
    "keys": "account_id time kind fingerprint",
    "identities": "account_id product kind external_id valid_from valid_to",
    "allocations": "job_id account_id started_at ended_at node_count gpu_model gpu_count region",
    "usage": "time seconds account_id job_id node gpu_uuid gpu_model gpu_count gpu_util sm_active tensor_active dram_active "
    "fp64_active power_w memory_used_fraction sm_clock_mhz pcie_tx_bytes pcie_rx_bytes nvlink_tx_bytes nvlink_rx_bytes",
    "flows": "time seconds src_account_id src_node dst_account_id dst_node bytes",
}
TIMES = {
    "accounts": ("opened_at", "closed_at"),
    "payments": ("time",),
    "signins": ("time",),
    "keys": ("time",),
    "identities": ("valid_from",),
    "allocations": ("started_at", "ended_at"),
    "usage": ("time",),
    "flows": ("time",),
}
IDS = {"accounts": "account_id", "payments": "payment_id", "signins": "event_id", "allocations": "job_id"}


def fingerprint(folder: Path) -> str:
    state = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        state.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return state.hexdigest()


class TestForm:
    @pytest.mark.parametrize("name", COLUMNS)
    def test_columns(self, written: Written, name: str) -> None:
        assert set(written.rows(name)[0]) == set(COLUMNS[name].split())

    @pytest.mark.parametrize("name", TIMES)
    def test_every_time_has_a_zone(self, written: Written, name: str) -> None:
        for row in written.rows(name):
            for column in TIMES[name]:
                if row[column]:
                    assert parse_time(row[column]).tzinfo is not None

    @pytest.mark.parametrize("name", IDS)
    def test_ids_are_unique_save_for_whole_rows_repeated(self, written: Written, name: str) -> None:
        rows = written.rows(name)
        distinct = {tuple(row.values()) for row in rows}
        repeated = len(rows) - len(distinct)

        assert len({row[IDS[name]] for row in rows}) == len(distinct)
        assert repeated <= max(1, 0.003 * len(rows))

    def test_large_tables_repeat_some_rows_and_have_late_ones(self, written: Written) -> None:
        rows = written.rows("signins")
        times = [row["time"] for row in rows]

        assert len({row["event_id"] for row in rows}) < len(rows)
        assert times != sorted(times)

    def test_no_file_but_those_of_the_form(self, written: Written) -> None:
        names = {each.name for each in written.summary.export.iterdir()}

        assert names == {f"{name}.csv.gz" for name in COLUMNS} | {"logs", "SIMULATED.txt"}

    def test_says_that_it_is_simulated(self, written: Written) -> None:
        assert "SIMULATED" in (written.summary.export / "SIMULATED.txt").read_text("utf-8")
        assert "simulated" in written.summary.label

    def test_every_row_belongs_to_an_account(self, written: Written) -> None:
        accounts = {row["account_id"] for row in written.rows("accounts")}

        for name in set(COLUMNS) - {"accounts", "flows"}:
            assert {row["account_id"] for row in written.rows(name)} <= accounts

    def test_offsets_are_blank_for_machines(self, written: Written) -> None:
        for row in written.rows("signins"):
            assert row["channel"] == "console" or row["timezone_offset_minutes"] == ""

    def test_values_are_missing_as_in_life(self, written: Written) -> None:
        accounts = written.rows("accounts")
        for column in ("phone", "address", "birth_date", "declared_timezone", "signup_ip", "signup_device_id"):
            share = sum(row[column] == "" for row in accounts) / len(accounts)
            assert 0.01 < share < 0.6, column
        assert {row["outcome"] for row in written.rows("signins")} == {"success", "failure"}


class TestSize:
    def test_events_are_as_many_as_planned(self, written: Written) -> None:
        summary = written.summary
        total = summary.signins + summary.log_events + summary.payments

        assert total == pytest.approx(written.plan.total_events, rel=0.02)
        assert summary.log_events / total == pytest.approx(0.15, abs=0.01)
        assert len(written.truth) == written.plan.accounts

    def test_default_plan(self) -> None:
        assert simulate.Plan().total_events == 2_000_000

    @pytest.mark.parametrize(
        "facts", [{"accounts": 10}, {"days": 3}, {"days": 10_000}, {"accounts": 200, "events": 100}]
    )
    def test_impossible_plans_are_refused(self, facts: dict[str, int]) -> None:
        with pytest.raises(ValueError):
            simulate.Plan(**facts)  # type: ignore[arg-type]  # the table holds only whole numbers

    @pytest.mark.parametrize("accounts", [150, 160, 211])
    def test_small_providers_have_exactly_the_accounts_asked_for(self, tmp_path: Path, accounts: int) -> None:
        summary = simulate.write(tmp_path / "export", simulate.Plan(accounts=accounts, events=5 * accounts, days=20))

        assert sum(summary.kinds.values()) + sum(summary.groups.values()) == accounts
        assert set(summary.kinds) == set(simulate.KINDS)
        assert set(summary.groups) == set(simulate.GROUPS)


class TestDeterminism:
    def test_same_plan_same_bytes(self, tmp_path: Path) -> None:
        plan = simulate.Plan(accounts=200, events=4_000, seed=3)
        prints = set()
        for name in ("one", "two"):
            simulate.write(tmp_path / name / "export", plan)
            prints.add(fingerprint(tmp_path / name))

        assert len(prints) == 1

    def test_another_seed_gives_another_provider(self, tmp_path: Path) -> None:
        for seed in (1, 2):
            plan = simulate.Plan(accounts=200, events=4_000, seed=seed)
            simulate.write(tmp_path / str(seed) / "export", plan)

        assert fingerprint(tmp_path / "1") != fingerprint(tmp_path / "2")


class TestTruth:
    def test_stays_outside_the_export(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="outside"):
            simulate.write(tmp_path / "export", simulate.Plan(accounts=150), truth=tmp_path / "export" / "truth.csv")

    def test_planted_accounts_have_an_actor_and_honest_ones_a_group(self, written: Written) -> None:
        for row in written.truth:
            if row["planted"] == "true":
                assert row["kind"] in simulate.KINDS
                assert row["actor_id"]
                assert row["group"] == ""
            else:
                assert row["group"] in simulate.GROUPS
                assert (row["actor_id"], row["kind"], row["first_evidence_at"]) == ("", "", "")

    def test_first_evidence_lies_in_the_plan(self, written: Written) -> None:
        for row in written.truth:
            if row["first_evidence_at"]:
                moment = datetime.fromisoformat(row["first_evidence_at"])
                assert 0 <= (moment.date() - written.plan.start).days <= written.plan.days

    def test_nothing_in_the_export_tells_who_is_planted(self, written: Written) -> None:
        text = "\n".join(",".join(row.values()) for row in written.rows("accounts"))

        assert not re.search(r"planted|actor-|evasive|laptop_farm|facilitator", text)
