"""When an entry took its present form: told from the versions that are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.made import ANNA
from vedette.base import FixedClock
from vedette.store import Store
from vedette.watchlists import current, load
from vedette.watchlists.changed import changes


def put(store: Store, clock: FixedClock, folder: Path, names: dict[str, str]) -> None:
    """Load a list of these people a day later."""
    clock.advance(timedelta(days=1))
    rows = (
        {"id": key, "schema": "Person", "datasets": ["sample"], "properties": {"name": [name]}}
        for key, name in names.items()
    )
    file = folder / "sample.ftm.json"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    load(store, ANNA, [file], clock=clock, force=True, reason="test")


class TestChanges:
    def test_one_version_dates_every_entry(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        put(store, clock, tmp_path, {"a": "Ann", "b": "Bo"})

        assert changes(store, current(store)[0]) == ("2026-03-02T12:00:00Z", {})

    def test_the_last_change_counts(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        put(store, clock, tmp_path, {"a": "Ann", "b": "Bo", "c": "Cy"})
        put(store, clock, tmp_path, {"a": "Ann", "b": "Bob", "c": "Cy"})
        put(store, clock, tmp_path, {"a": "Ann", "b": "Bob", "c": "Cyn", "d": "Di"})

        usual, later = changes(store, current(store)[0])

        assert usual == "2026-03-02T12:00:00Z"
        assert dict(later) == {
            "b": "2026-03-03T12:00:00Z",
            "c": "2026-03-04T12:00:00Z",
            "d": "2026-03-04T12:00:00Z",
        }
