"""What can run on the data held, and what would unlock more."""

from __future__ import annotations

from pathlib import Path

from tests.detections.made import rule, tables
from vedette import detections
from vedette.detections import Limits, Need, Rule
from vedette.detections.coverage import held_in


def three(root: Path) -> list[Rule]:
    return [
        rule(root / "a", needs="[signins.ip]"),
        rule(root / "b", needs="[signins.ip, signins.device_id]"),
        rule(root / "c", needs="[signins.device_id or accounts.phone]"),
    ]


class TestReadiness:
    def test_names_what_is_missing(self, tmp_path: Path) -> None:
        states = detections.readiness(three(tmp_path), {"signins.ip"})
        assert [state.ready for state in states] == [True, False, False]
        assert states[1].missing == (Need(("signins.device_id",)),)
        assert states[0].reason == ""

    def test_one_of_several_columns_is_enough(self, tmp_path: Path) -> None:
        assert detections.readiness(three(tmp_path), {"accounts.phone"})[2].ready


class TestUnlocks:
    def test_counts_rules_that_wait_for_one_thing_only(self, tmp_path: Path) -> None:
        states = detections.readiness(three(tmp_path), {"signins.ip"})
        assert detections.unlocks(states) == (
            (Need(("signins.device_id",)), 1),
            (Need(("signins.device_id", "accounts.phone")), 1),
        )

    def test_a_rule_that_waits_for_two_things_is_not_promised(self, tmp_path: Path) -> None:
        assert (Need(("signins.device_id",)), 1) not in detections.unlocks(detections.readiness(three(tmp_path), set()))


class TestHeld:
    def test_asks_the_lake_under_the_lakes_own_names(self, tmp_path: Path) -> None:
        needs = "[signins.ip, accounts.name, accounts.email, accounts.opened_at, payments.time, references.country, references.class]"
        engine = tables(
            signins=[{"event_id": "e", "time": "2026-01-05T09:00:00Z", "ip_country": "PL", "ip_class": "unknown"}],
            accounts=[{"account_id": "a", "name_token": "t", "opened": "2026-01-05T09:00:00Z"}],
        )
        assert held_in(engine, [rule(tmp_path, needs=needs)], Limits()) == {
            "accounts.name",
            "accounts.opened_at",
            "references.country",
        }

    def test_every_shipped_rule_asks_for_columns_that_the_lake_has(self) -> None:
        assert held_in(tables(), detections.rules(), Limits()) == frozenset()
