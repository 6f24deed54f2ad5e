"""A known false positive is set aside by a named person for a time, never silently, and returns by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.app.test_rescreen import Provider, make, template
from tests.made import ANNA, BERT
from vedette.app.commands.screening import screening as commands
from vedette.app.known_false import Wish, suppress, unsuppress
from vedette.audit import verify
from vedette.base import FixedClock
from vedette.doors import Session
from vedette.screening import store as kept
from vedette.screening.suppression import Suppression, SuppressionError

__all__ = ["make", "template"]

_WISH = Wish(
    account_id="k",
    list_id="invented_list",
    entity_id="X-B",
    reason="passport seen: another person",
    expires=date(2026, 6, 1),
)


@pytest.fixture
def provider(make: Callable[[], Provider]) -> Provider:
    """A namesake of a listed person, and a customer who is one by birth date as well."""
    one = make()
    one.listed({"A": "Tamsin Wexhollow", "B": "Kim Jong Su"})
    one.people({"t": "Tamsin Wexhollow"}, birth_date="1971-08-15")
    one.people({"k": "Kim Jong Su"})
    one.screen()
    return one


def _aside(provider: Provider, wish: Wish = _WISH) -> Suppression:
    return suppress(provider.store, ANNA, wish, clock=FixedClock(provider.now))


def _checks(provider: Provider) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in provider.found().values():
        found.setdefault(finding.subject.id, set()).add(finding.check)
    return found


class TestSuppress:
    def test_the_match_gives_context_that_names_who_and_why_instead_of_a_finding(self, provider: Provider) -> None:
        """A reviewer is not asked the same question every day, and an auditor still sees that it was answered."""
        assert provider.outcomes()["k"] in ("ask", "review")
        _aside(provider)
        result = provider.screen()
        assert (result.changed, provider.outcomes()["k"]) == (1, "clear")
        assert _checks(provider)["k"] == {"screening/suppressed_match"}
        assert _checks(provider)["t"] == {"screening/list_match"}

    def test_it_returns_when_the_customer_changes(self, provider: Provider) -> None:
        _aside(provider)
        provider.people({"k": "Kim Jong Su"}, country="KR")
        provider.screen()
        assert _checks(provider)["k"] == {"screening/list_match"}

    def test_it_returns_when_the_entry_changes(self, provider: Provider) -> None:
        _aside(provider)
        provider.screen()
        provider.listed({"A": "Tamsin Wexhollow", "B": "Kim Jong Soo"})
        provider.screen()
        assert _checks(provider)["k"] == {"screening/list_match"}

    def test_it_stays_when_other_entries_change(self, provider: Provider) -> None:
        _aside(provider)
        provider.listed({"A": "Tamsin Wexhollow", "B": "Kim Jong Su", "C": "Bram Okkerveld"})
        provider.screen()
        assert _checks(provider)["k"] == {"screening/suppressed_match"}

    def test_it_returns_the_day_after_its_last(self, provider: Provider) -> None:
        _aside(provider, replace(_WISH, expires=provider.now.date() + timedelta(days=2)))
        for days, check in ((2, "screening/suppressed_match"), (1, "screening/list_match")):
            provider.now += timedelta(days=days)
            provider.screen()
            assert _checks(provider)["k"] == {check}

    def test_it_returns_when_a_person_ends_it(self, provider: Provider) -> None:
        made = _aside(provider)
        provider.screen()
        ended = unsuppress(provider.store, BERT, made.id, clock=FixedClock(provider.now))
        provider.screen()
        assert (ended.ended_by, _checks(provider)["k"]) == ("person:bert", {"screening/list_match"})
        with pytest.raises(SuppressionError, match="already ended"):
            unsuppress(provider.store, BERT, made.id, clock=FixedClock(provider.now))

    def test_a_full_screening_agrees(self, provider: Provider) -> None:
        _aside(provider)
        provider.screen()
        before = provider.found()
        provider.screen(full=True)
        assert provider.found() == before

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"account_id": "t", "entity_id": "X-A"}, "one person cannot"),
            ({"reason": "  "}, "needs a reason"),
            ({"reason": "x" * 1001}, "needs a reason"),
            ({"expires": date(2026, 3, 1)}, "end after today"),
            ({"expires": date(2028, 3, 1)}, "within a year"),
            ({"account_id": "nobody"}, "no account"),
            ({"owner_id": "o-1"}, "no owner"),
            ({"list_id": "other"}, "no list"),
            ({"entity_id": "X-A"}, "no match"),
        ],
    )
    def test_refuses_with_a_remedy(self, provider: Provider, changes: dict[str, object], says: str) -> None:
        with pytest.raises(SuppressionError, match=says) as refused:
            _aside(provider, replace(_WISH, **changes))  # type: ignore[arg-type]  # fields of a Wish
        assert refused.value.remedy
        assert kept.suppressions(provider.store) == ()

    def test_each_act_is_a_leaf_of_its_person(self, provider: Provider) -> None:
        made = _aside(provider)
        unsuppress(provider.store, BERT, made.id, clock=FixedClock(provider.now))
        assert verify(provider.store).holds


class TestCommands:
    def _rows(self, provider: Provider, *arguments: str) -> list[dict[str, object]]:
        root: Path = provider.store.workspace.root
        session = Session(root, ANNA, lambda _root: provider.store, clock=FixedClock(provider.now))
        answer = CliRunner().invoke(commands, [*arguments, "--json"], obj=session)
        assert answer.exit_code == 0, answer.output
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def test_set_aside_show_and_take_back(self, provider: Provider) -> None:
        arguments = ("k", "invented_list", "X-B", "--reason", "passport seen", "--expires", "2026-06-01")
        (made,) = self._rows(provider, "suppress", *arguments)
        (shown,) = self._rows(provider, "suppressions")
        assert (shown["id"], shown["state"], shown["owner"]) == (made["id"], "in force", "person:anna")
        self._rows(provider, "unsuppress", str(made["id"]))
        assert self._rows(provider, "suppressions") == []
        assert [row["state"] for row in self._rows(provider, "suppressions", "--all")] == ["ended"]

    def test_status_counts_accounts_and_what_was_never_screened(self, provider: Provider) -> None:
        """Absence of a check is shown, never taken for a clean record."""
        provider.people({"n": ""})
        rows = self._rows(provider, "status")
        states = {row["state"]: row["accounts"] for row in rows if "state" in row}
        fields = {row["field"]: row for row in rows if "field" in row}
        assert (states["stop"], states["never"]) == (1, 1)
        assert (fields["account.name"]["held"], fields["account without a name"]["never_screened"]) == (2, 1)

    def test_status_of_one_account_names_the_lists(self, provider: Provider) -> None:
        (row,) = self._rows(provider, "status", "--account", "t")
        lists = row["lists"]
        assert (row["state"], isinstance(lists, dict) and list(lists)) == ("stop", ["invented_list"])
        provider.listed({"A": "Tamsin Wexhollow"})
        (stale,) = self._rows(provider, "status", "--account", "t")
        assert (stale["state"], stale["outcome"]) == ("stale", "stop")

    def test_status_of_each_account(self, provider: Provider) -> None:
        assert [row["account_id"] for row in self._rows(provider, "status", "--each")] == ["k", "t"]
