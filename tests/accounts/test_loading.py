"""From export files to sealed fields and tokens: nothing lost, nothing twice, nothing personal in the clear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.accounts.conftest import Write
from tests.made import JOB
from vedette import accounts, audit
from vedette.accounts import Loaded
from vedette.accounts import store as held
from vedette.base import FixedClock
from vedette.store import Store
from vedette.store.intake import FileRefused

Take = Callable[..., tuple[Loaded, ...]]

ANNA: dict[str, Any] = {
    "account_id": "a-1",
    "opened_at": "2026-01-31T09:00:00Z",
    "name": "Anna Smith",
    "email": "anna.smith7@gmail.com",
    "phone": "+1 850 432 0100",
    "country": "US",
    "address": "12 Oak Street, Pensacola",
    "birth_date": "1990-01-02",
}


def parts(store: Store, account_id: str) -> set[str]:
    """The name parts of an account's holder, as tokens."""
    with store.engine(["account_name_parts"]) as engine:
        sql = "SELECT part_token FROM account_name_parts WHERE account_id = ? AND role = 'holder'"
        return {row[0] for row in engine.rows(sql, [account_id])}


class TestLoad:
    def test_counts_add_up(self, take: Take) -> None:
        (loaded,) = take(accounts=[ANNA, ANNA, {"account_id": "a-2", "opened_at": "yesterday"}, {"account_id": "a-3"}])

        assert (loaded.read, loaded.stored, loaded.duplicates, loaded.refused_count) == (4, 2, 1, 1)
        (refusal,) = loaded.refused
        assert (refusal.line, refusal.field) == (4, "opened_at")
        assert refusal.reason and refusal.remedy
        assert loaded.as_json()["refused"] == [refusal.as_json()]

    def test_lake_holds_tokens_and_the_vault_the_rest(self, store: Store, take: Take) -> None:
        take(accounts=[{**ANNA, "mother": "Berta Smith"}])

        row = accounts.get(store, "a-1")
        secret = accounts.reveal(store, "a-1")

        assert row is not None and secret is not None
        assert "Smith" not in repr(row) and "432" not in repr(row)
        assert row["phone_country"] == "US"
        assert row["email_trailing_number"] == 7
        assert row["name_token"] == store.vault.token("name", "anna smith")
        assert secret["name"] == "Anna Smith"
        assert secret["extra"] == {"mother": "Berta Smith"}

    def test_no_file_of_the_workspace_holds_a_name_in_the_clear(self, store: Store, take: Take) -> None:
        take(accounts=[ANNA], owners=[{"account_id": "a-1", "owner_id": "o", "owner_name": "Ottilie Quark"}])

        for path in store.workspace.root.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"Anna Smith" not in data and b"Quark" not in data and b"432 0100" not in data, path.name

    def test_the_audit_log_holds_and_verifies(self, store: Store, take: Take) -> None:
        take(accounts=[ANNA])

        assert audit.verify(store).holds

    def test_origin_and_gender_are_dropped_and_told(self, store: Store, take: Take) -> None:
        (loaded,) = take(
            accounts=[
                {**ANNA, "nationality": "XX-NAT", "Gender": "XX-GEN", "plan": "pro"},
                {"account_id": "a-2", "opened_at": "never", "nationality": "XX-NAT", "plan": "free"},
            ]
        )

        secret = accounts.reveal(store, "a-1")
        assert secret is not None and secret["extra"] == {"plan": "pro"}
        assert any("nationality" in note and "EXC-01" in note for note in loaded.notes)
        kept = "".join(path.read_text() for path in store.workspace.refused.iterdir())
        assert "free" in kept and "XX-NAT" not in kept

    def test_a_country_that_is_none_is_told(self, store: Store, take: Take) -> None:
        (loaded,) = take(accounts=[{"account_id": "a-1", "country": "Korea"}])

        row = accounts.get(store, "a-1")
        assert row is not None and row["country"] is None
        assert any("Korea" in note for note in loaded.notes)

    def test_one_bad_file_does_not_stop_the_others(
        self, store: Store, clock: FixedClock, write: Write, take: Take
    ) -> None:
        directory = write("accounts.csv", [ANNA])
        (directory / "owners.csv").write_text("owner_id,owner_name\no,x\n")

        loaded = accounts.load(store, JOB, directory, clock=clock)

        assert [(item.adapter, item.stored, item.fault is None) for item in loaded] == [
            ("accounts", 1, True),
            ("owners", 0, False),
        ]
        assert accounts.count(store) == 1

    def test_a_folder_that_is_not_there(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        with pytest.raises(FileRefused):
            accounts.load(store, JOB, tmp_path / "nowhere", clock=clock)

    @pytest.mark.parametrize(
        "name", ["'; DROP TABLE accounts; --", "=HYPERLINK(1)", "\x1b[31mred", "<script>", "é" * 5_000, 'a"b,c\nd']
    )
    def test_hostile_text_is_only_text(self, store: Store, take: Take, name: str) -> None:
        take(accounts=[{"account_id": "a-1", "name": name}])

        secret = accounts.reveal(store, "a-1")
        assert secret is not None and secret["name"] == name


class TestAgain:
    def test_the_same_file_stores_nothing(self, store: Store, take: Take) -> None:
        take(accounts=[ANNA])
        with store.database.reading() as connection:
            before = store.lake.files(connection)

        (again,) = take(accounts=[ANNA])

        assert (again.read, again.stored, again.duplicates) == (1, 0, 1)
        with store.database.reading() as connection:
            assert store.lake.files(connection) == before

    def test_the_same_rows_in_another_file_store_nothing(self, take: Take) -> None:
        take(accounts=[ANNA, {"account_id": "a-2"}])

        (again,) = take(accounts=[{"account_id": "a-2"}, ANNA], folder="later")

        assert (again.stored, again.duplicates) == (0, 2)

    def test_an_old_file_does_not_undo_a_change(self, store: Store, take: Take) -> None:
        take(accounts=[ANNA])
        take(accounts=[{**ANNA, "country": "CA"}], folder="later")
        take(accounts=[ANNA])

        row = accounts.get(store, "a-1")
        assert row is not None and row["country"] == "CA"

    def test_a_changed_name_leaves_no_old_parts(self, store: Store, take: Take) -> None:
        take(accounts=[ANNA, {"account_id": "a-2", "name": "Bob Jones"}])
        take(accounts=[{**ANNA, "name": "Anna Brown"}], folder="later")

        tokens = dict(
            zip(("anna", "brown", "smith"), store.vault.tokens("name_part", ["anna", "brown", "smith"]), strict=True)
        )
        assert parts(store, "a-1") == {tokens["anna"], tokens["brown"]}
        assert len(parts(store, "a-2")) == 2
        assert audit.verify(store).holds

    def test_a_change_at_the_same_moment_wins(self, store: Store, take: Take, clock: FixedClock) -> None:
        take(accounts=[{"account_id": "a-0"}, ANNA])
        take(accounts=[{**ANNA, "status": "closed"}], folder="later")

        row = accounts.get(store, "a-1")
        assert row is not None and row["status"] == "closed"

    def test_a_clock_set_back_does_not_hide_news(self, store: Store, take: Take, clock: FixedClock) -> None:
        take(accounts=[ANNA])
        clock.advance(timedelta(days=-3))
        take(accounts=[{**ANNA, "status": "closed"}], folder="later")

        row = accounts.get(store, "a-1")
        assert row is not None and row["status"] == "closed"

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from("abc"), st.sampled_from(["Ann", "Bo", "Cy Ann"])), min_size=1, max_size=8
        )
    )
    def test_read_is_stored_plus_duplicates_plus_refused(self, take: Take, rows: list[tuple[str, str]]) -> None:
        (loaded,) = take(accounts=[{"account_id": key, "name": name} for key, name in rows])

        assert loaded.read == len(rows)
        assert loaded.read == loaded.stored + loaded.duplicates + loaded.refused_count


class TestQuestions:
    def test_parties_and_owners(self, store: Store, take: Take) -> None:
        take(
            accounts=[ANNA, {"account_id": "a-2", "name": "Acme", "kind": "organization"}],
            owners=[
                {"account_id": "a-2", "owner_id": "o-1", "owner_name": "Ivan", "share_min": "25", "country": "RU"},
                {"account_id": "a-2", "owner_id": "o-2", "parent_owner_id": "o-1", "share_max": "100"},
            ],
        )

        assert [account_id for account_id, _ in held.parties(store)] == ["a-1", "a-2"]
        assert [(item.owner_id, item.share_min) for item in accounts.owner_parties(store)] == [
            ("o-1", 25.0),
            ("o-2", None),
        ]
        assert [item.parent_owner_id for item in accounts.owners_of(store, "a-2")] == ["", "o-1"]
        secret = accounts.reveal(store, "a-2")
        assert secret is not None and len(secret["owners"]) == 2

    def test_shares_over_a_hundred_are_refused(self, take: Take) -> None:
        (loaded,) = take(owners=[{"account_id": "a", "owner_id": "o", "share_min": "150"}])

        assert (loaded.stored, loaded.refused_count) == (0, 1)

    def test_identities_are_a_relation(self, store: Store, take: Take) -> None:
        take(
            identities=[
                {"account_id": "a-1", "product": "cloudtrail", "kind": "principal", "external_id": "arn:x"},
                {"account_id": "a-1", "product": "cloudtrail", "kind": "wizard", "external_id": "arn:y"},
            ]
        )

        with store.engine([]) as engine:
            assert engine.rows(f"SELECT account_id, external_id FROM {accounts.identities(store)}") == [
                ("a-1", "arn:x")
            ]

    def test_nobody(self, store: Store) -> None:
        assert accounts.get(store, "a-9") is None
        assert accounts.reveal(store, "a-9") is None
        assert accounts.count(store) == 0
