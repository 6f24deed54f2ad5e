"""The raw log has the form of AWS CloudTrail, and identities map nearly all of it."""

from __future__ import annotations

from tests.simulate.conftest import Written

NEEDED = {"userIdentity", "eventSource", "eventName", "sourceIPAddress", "userAgent", "eventTime", "eventID"}


class TestTrail:
    def test_records_have_their_fields(self, written: Written) -> None:
        for record in written.log():
            assert set(record) >= NEEDED
            assert record["eventTime"].endswith("Z")
            assert record["userIdentity"]["accountId"] == record["recipientAccountId"]

    def test_ids_repeat_only_with_their_record(self, written: Written) -> None:
        records = written.log()
        repeated = len(records) - len({record["eventID"] for record in records})

        assert 0 < repeated < 0.003 * len(records)

    def test_most_records_map_to_an_account_by_number_and_by_principal(self, written: Written) -> None:
        known = {(row["kind"], row["external_id"]): row["account_id"] for row in written.rows("identities")}
        records = written.log()
        mapped = 0
        for record in records:
            who = record["userIdentity"]
            by_number = known.get(("tenant", who["accountId"]))
            assert by_number == known.get(("principal", who["arn"]))
            mapped += by_number is not None

        assert 0.95 < mapped / len(records) <= 1.0

    def test_an_unknown_action_is_among_them(self, written: Written) -> None:
        names = {record["eventName"] for record in written.log()}

        assert {"ConsoleLogin", "DescribeInstances", "PolishWidget"} <= names

    def test_only_accounts_taken_over_switch_their_records_off_and_share_disks(self, written: Written) -> None:
        taken = {account for actor in written.accounts_of("account_takeover_rented") for account in actor}
        numbers = {f"99{int(account[2:]):010d}" for account in taken}
        logged = {record["recipientAccountId"] for record in written.log()} & numbers
        calls = [
            record for record in written.log() if record["eventName"] in ("StopLogging", "ModifySnapshotAttribute")
        ]

        assert {record["recipientAccountId"] for record in calls} == logged
        assert len(calls) >= 3 * len(logged)
