"""Which checks an export allows, told before it is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vedette import detections
from vedette.app.doctor import Health, _expiries, held_in_export
from vedette.base import Principal, PrincipalKind
from vedette.doors import Session


def refuse(_root: Path) -> object:
    raise AssertionError("the workspace must not be opened")


class TestHeldInExport:
    def test_names_filled_columns_and_logs(self, tmp_path: Path) -> None:
        """Whoever holds device ids or logs learns that the rules which need them can run."""
        (tmp_path / "signins.csv").write_text(
            "event_id,time,account_id,device_id,ip\ne1,2026-01-31T09:00:00Z,a1,d1,\n", encoding="utf-8"
        )
        session = Session(tmp_path, Principal(PrincipalKind.PERSON, "ann"), refuse)  # type: ignore[arg-type]
        held = held_in_export(session, tmp_path, opened=False)
        assert "signins.device_id" in held
        assert "signins.ip" not in held
        assert "logs.event_id" not in held

        (tmp_path / "logs" / "cloudtrail").mkdir(parents=True)
        (tmp_path / "logs" / "cloudtrail" / "a.jsonl").write_text("{}\n", encoding="utf-8")
        assert "logs.event_id" in held_in_export(session, tmp_path, opened=False)


class TestExpiries:
    @pytest.mark.parametrize(
        ("today", "told"),
        [
            ("2027-04-24", ""),
            ("2027-04-25", "in 30 days"),
            ("2027-05-24", "in 1 days"),
            ("2027-05-25", "finds nothing more"),
        ],
    )
    def test_a_rule_that_is_old_or_soon_will_be_is_told(self, today: str, told: str) -> None:
        health = Health()
        rules = [rule for rule in detections.rules() if rule.id == "network/console_from_dprk"]
        _expiries(rules, date.fromisoformat(today), health)
        assert [told in row["what"] for row in health.rows] == ([True] if told else [])
        assert not health.broken
