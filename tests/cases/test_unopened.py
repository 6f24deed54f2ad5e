"""Whoever findings name without opening a case stays in sight, with what is missing; nobody is drawn in by that."""

from __future__ import annotations

import pytest

from tests.cases.test_commands import Run, rows, run  # noqa: F401  a fixture
from tests.cases.test_refresh import BOTH, decided, only, refresh, withdraw
from tests.made import finding, shared
from vedette.base import FixedClock, Strength
from vedette.cases.unopened import unopened
from vedette.store import Store

NAME = "screening/list_match"


@pytest.fixture
def waiting(store: Store, clock: FixedClock) -> Store:
    """An opened case, a listed name alone, a weak finding, and one that only tells context."""
    refresh(
        store,
        clock,
        *BOTH,
        finding(NAME, account="o-1", strength=Strength.MEDIUM, summary="Bears a listed organisation's name"),
        finding("network/odd", account="o-2", strength=Strength.WEAK),
        finding("network/where", account="o-3", strength=Strength.CONTEXT),
    )
    return store


class TestUnopened:
    def test_a_listed_name_alone_waits_with_what_it_lacks(self, waiting: Store) -> None:
        (name, odd), total = unopened(waiting)

        assert total == 2
        assert (name.account_id, name.check, name.bits) == ("o-1", NAME, 5.0)
        assert name.lacks == "1 independent source and 5.0 bits"
        assert name.summary == "Bears a listed organisation's name"
        assert (odd.account_id, odd.bits) == ("o-2", 2.0)

    def test_chosen_by_check_and_counted_beyond_the_limit(self, waiting: Store) -> None:
        assert [item.account_id for item in unopened(waiting, checks=[NAME])[0]] == ["o-1"]
        found, total = unopened(waiting, limit=1)
        assert (len(found), total) == (1, 2)

    def test_a_second_piece_of_evidence_takes_it_out(self, waiting: Store, clock: FixedClock) -> None:
        refresh(waiting, clock, finding("network/strong", account="o-1", strength=Strength.STRONG))
        assert [item.account_id for item in unopened(waiting)[0]] == ["o-2"]

    def test_so_does_its_withdrawal(self, waiting: Store, clock: FixedClock) -> None:
        withdraw(waiting, clock, NAME)
        assert [item.account_id for item in unopened(waiting)[0]] == ["o-2"]

    def test_who_was_decided_about_does_not_wait(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        decided(store, only(store, clock), clock)
        assert unopened(store) == ([], 0)

    def test_a_shared_thing_names_each_of_its_accounts(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, shared("network/device", ("b-1", "b-2")))
        assert [item.account_id for item in unopened(store)[0]] == ["b-1", "b-2"]


class TestCommand:
    def test_rows_and_what_is_left_out(self, waiting: Store, run: Run) -> None:  # noqa: F811
        code, output = run("unopened", "--json")
        assert code == 0
        assert {"account_id", "bits", "lacks", "check", "families", "findings", "since"} <= set(rows(output)[0])
        assert "1 more" in run("unopened", "--limit", "1")[1]
        assert run("unopened", "--check", "none/such")[1].startswith("Nobody waits")
