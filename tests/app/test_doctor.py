"""Which checks an export allows, told before it is read."""

from __future__ import annotations

from pathlib import Path

from vedette.app.doctor import held_in_export
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
