"""Telemetry comes in by a list of fields, bounded and counted; nothing else of a file is kept anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workloads.made import CLOCK, ME, at, fleet, job, put, samples
from vedette.store.engines.duckdb import literal
from vedette.workloads.store.intake import ingest

_SECRETS = ("python train.py --model llama", "/home/ann/weights.bin", "registry/image:7", "Write me a poem", "qwen-72b")


class TestFields:
    def test_nothing_but_the_fields_is_stored_not_even_of_refused_rows(self, tmp_path: Path) -> None:
        """A tenant's command lines, paths, prompts and models never lie in the workspace of the compliance team."""
        hostile = dict(zip(("command_line", "path", "image", "prompt", "model"), _SECRETS, strict=True))
        good = [{**row, **hostile} for row in samples(minutes=3)]
        bad = {**good[0], "time": "never"}
        store = fleet(tmp_path / "ws")
        took = put(
            store, tmp_path / "export", usage=[*good, bad], allocations=[{**job("a-1", "j-1", 0, 60), **hostile}]
        )

        assert took["usage"].stored == 3 and took["usage"].refused_count == 1
        assert any("command_line" in note for note in took["usage"].notes)
        with store.engine(["usage", "allocations"]) as engine:
            for table in ("usage", "allocations"):
                rows = engine.rows(f"SELECT {table}::VARCHAR FROM {table}")
                assert not [row for row in rows for secret in _SECRETS if secret in row[0]]
        store.close()
        for path in (each for each in (tmp_path / "ws").rglob("*") if each.is_file()):
            content = path.read_bytes()
            assert not [secret for secret in _SECRETS if secret.encode() in content], path

    def test_the_same_file_and_the_same_rows_count_once(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "one", usage=samples(minutes=5))
        again = put(store, tmp_path / "one", usage=samples(minutes=5))
        more = put(store, tmp_path / "two", usage=samples(minutes=8))
        assert (again["usage"].stored, again["usage"].duplicates) == (0, 5)
        assert (more["usage"].stored, more["usage"].duplicates) == (3, 5)
        store.close()

    def test_a_file_without_a_needed_column_is_refused_whole(self, tmp_path: Path) -> None:
        folder = tmp_path / "export"
        folder.mkdir()
        (folder / "usage.csv").write_text("time,seconds\n2026-03-01T12:00:00Z,60\n")
        store = fleet(tmp_path / "ws")
        (took,) = ingest(store, ME, folder, clock=CLOCK)
        assert took.faults and not took.stored
        store.close()


class TestBounds:
    @pytest.mark.parametrize(
        ("name", "value", "stored"),
        [
            ("gpu_util", 1.2, 1.0),
            ("gpu_util", -0.5, 0.0),
            ("sm_active", 1.4e16, None),
            ("power_w", -3, None),
            ("power_w", 1.4e16, None),
            ("sm_clock_mhz", 99_999, None),
        ],
    )
    def test_impossible_values_are_bounded_or_blanked_and_told(
        self, tmp_path: Path, name: str, value: float, stored: float | None
    ) -> None:
        rows = samples(minutes=40, gpu_util=0.5, sm_active=0.5, power_w=300, sm_clock_mhz=1500)
        rows[0][name] = value
        store = fleet(tmp_path / "ws")
        took = put(store, tmp_path / "export", usage=rows)
        with store.engine(["usage"]) as engine:
            ((found,),) = engine.rows(f"SELECT {name} FROM usage ORDER BY time_us LIMIT 1")
        assert found == stored
        assert any(name in note for note in took["usage"].notes)
        store.close()

    def test_percent_is_seen_and_divided(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        took = put(store, tmp_path / "export", usage=samples(minutes=4, gpu_util=87, sm_active=0.4))
        with store.engine(["usage"]) as engine:
            assert engine.rows("SELECT DISTINCT gpu_util, sm_active FROM usage") == [(0.87, 0.4)]
        assert any("percent" in note for note in took["usage"].notes)
        store.close()

    def test_a_sample_without_a_length_lasts_until_the_next(self, tmp_path: Path) -> None:
        rows = samples(minutes=3)
        for row in rows:
            row["seconds"] = ""
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "export", usage=rows)
        with store.engine(["usage"]) as engine:
            assert [row[0] for row in engine.rows("SELECT seconds FROM usage ORDER BY time_us")] == [60, 60, 300]
        store.close()

    def test_names_with_quotes_and_markup_are_text(self, tmp_path: Path) -> None:
        name = "j'; DROP TABLE usage; --<b>"
        store = fleet(tmp_path / "ws")
        put(
            store,
            tmp_path / "export",
            usage=samples(job=name, minutes=2),
            flows=[{"time": at(0), "seconds": 60, "src_account_id": name, "bytes": 1}],
        )
        with store.engine(["usage", "flows"]) as engine:
            assert engine.rows(f"SELECT count(*) FROM usage WHERE job_id = {literal(name)}") == [(2,)]
            assert engine.rows("SELECT count(*) FROM flows") == [(1,)]
        store.close()
