"""A tool's telemetry in the lake: whose work it is, what is refused and why, read twice without counting twice, nothing else kept."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.content.test_every_telemetry import ALL, IDS, SECRET, documents, everywhere, planted
from tests.workloads.made import CLOCK, H100, ME, fleet
from vedette import workloads
from vedette.app.ingest import IngestError, Order, ingest_all
from vedette.app.rooms import catalogue
from vedette.base import from_micros, iso
from vedette.events.model import Intake
from vedette.simulate.telemetry import run
from vedette.store import Store, Workspace
from vedette.workloads.discover import Telemetry, UnknownTelemetry, telemetry_adapter
from vedette.workloads.model import Scope
from vedette.workloads.store import feed
from vedette.workloads.store.feed import ingest_telemetry
from vedette.workloads.store.intake import ingest

T = 1_767_261_600
KNOWN = [
    ("a-1", "tenant", "tenant-a"),
    ("a-2", "tenant", "tenant-b"),
    ("a-3", "tenant", "tenant-c"),
    ("a-4", "tenant", "physics"),
    ("a-5", "project", "chem"),
    ("a-6", "principal", "node-7"),
    ("a-7", "principal", "node-1"),
    ("a-8", "tenant", "111122223333"),
    ("a-9", "principal", "10.0.2.6"),
    ("a-3", "principal", "node-2"),
]
_JOBS = "SELECT DISTINCT account_id, job_id FROM usage WHERE gpu_uuid IS NOT NULL"
SAMPLES = {item.id: item for item in ALL}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workspace, made once."""
    root = tmp_path_factory.mktemp("template") / "ws"
    fleet(root).close()
    return root


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "ws")
    made = Store(Workspace(tmp_path / "ws"), catalogue())
    yield made
    made.close()


def relation(product: str, rows: Sequence[tuple[Any, ...]] = KNOWN) -> str:
    """SQL of identities as the accounts room would give it."""
    held = []
    for account, kind, name, *valid in rows:
        since, until = (str(item) if item is not None else "NULL" for item in (*valid, None, None)[:2])
        held.append(f"('{account}', '{product}', '{kind}', '{name}', {since}::BIGINT, {until}::BIGINT)")
    columns = "account_id, product, kind, external_id, valid_from_us, valid_to_us"
    return f"(SELECT * FROM (VALUES {', '.join(held)}) held({columns}))"


def fed(store: Store, name: str, *paths: Path, known: Sequence[tuple[Any, ...]] = KNOWN) -> Intake:
    return ingest_telemetry(store, ME, paths, name, clock=CLOCK, identities=relation(name, known))


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.engine(["usage", "flows", "allocations"]) as engine:
        return [tuple(row) for row in engine.rows(sql)]


def answer(path: Path, *series: dict[str, Any]) -> Path:
    """One answer of Prometheus as a file."""
    path.write_text(json.dumps({"status": "success", "data": {"resultType": "matrix", "result": list(series)}}))
    return path


def gauge(
    values: Sequence[Any], metric: str = "DCGM_FI_DEV_GPU_UTIL", start: float = T, **labels: str
) -> dict[str, Any]:
    own = {"__name__": metric, "UUID": "GPU-1", "modelName": "NVIDIA H100 80GB HBM3", "Hostname": "node-9"}
    held = {"exported_namespace": "tenant-a", "exported_pod": "work-0", **own, **labels}
    return {"metric": held, "values": [[start + 15 * place, str(value)] for place, value in enumerate(values)]}


class TestTheSamples:
    @pytest.mark.parametrize("adapter", ALL, ids=IDS)
    def test_counts_add_up_and_reading_again_stores_nothing(self, store: Store, adapter: Telemetry) -> None:
        first = fed(store, adapter.id, adapter.sample)
        again = fed(store, adapter.id, adapter.sample)
        assert first.stored > 0 and not first.faults
        assert first.refused_count > 0 or first.ignored
        assert (again.read, again.stored, again.duplicates) == (first.read, 0, first.stored + first.duplicates)
        assert again.refused_count == first.refused_count
        assert all(item.file == str(adapter.sample) for item in (*first.refused, *again.refused))
        assert [item.line for item in again.refused] == [item.line for item in first.refused]

    def test_usage_reaches_the_account_of_its_namespace_or_its_node(self, store: Store) -> None:
        fed(store, "prometheus", SAMPLES["prometheus"].sample)
        found = rows(store, "SELECT account_id, count(*) FROM usage GROUP BY ALL ORDER BY ALL")
        assert found == [("a-1", 5), ("a-2", 2), ("a-3", 2), ("a-6", 4), ("a-7", 2)]

    def test_an_account_of_slurm_is_found_through_the_one_above_it(self, store: Store) -> None:
        fed(store, "sacct", SAMPLES["sacct"].sample)
        assert rows(store, "SELECT account_id, gpu_model FROM allocations WHERE job_id = '1002'") == [
            ("a-5", "a100 MIG 3g.40gb")
        ]

    def test_of_flows_only_ends_of_known_accounts_bear_a_name(self, store: Store) -> None:
        took = fed(store, "netflow", SAMPLES["netflow"].sample)
        found = rows(
            store, "SELECT src_account_id, src_node, dst_account_id, dst_node, bytes FROM flows ORDER BY bytes"
        )
        assert found == [
            (None, None, "a-9", "eni-bbb", 4000.0),
            ("a-8", "eni-aaa", None, None, 9000.0),
            ("a-8", "eni-aaa", "a-9", "eni-bbb", 1500000.0),
        ]
        assert took.refused_count == 5

    def test_flows_between_strangers_are_passed_over_and_counted(self, store: Store) -> None:
        took = fed(store, "netflow", SAMPLES["netflow"].sample, known=[("a-1", "tenant", "nobody")])
        assert took.stored == 0
        assert took.ignored["flows between ends of no known account"] == 3


class TestWhoseItIs:
    def test_a_name_counts_only_while_it_is_valid(self, store: Store, tmp_path: Path) -> None:
        path = answer(tmp_path / "prometheus.json", gauge([1, 2, 3]))
        until = (T + 15) * 1_000_000
        known = [("old", "tenant", "tenant-a", None, until), ("new", "tenant", "tenant-a", until, None)]
        fed(store, "prometheus", path, known=known)
        assert rows(store, "SELECT account_id FROM usage ORDER BY time_us") == [("old",), ("new",), ("new",)]

    def test_a_name_of_two_accounts_says_nothing(self, store: Store, tmp_path: Path) -> None:
        path = answer(tmp_path / "prometheus.json", gauge([1]))
        took = fed(store, "prometheus", path, known=[("a-1", "tenant", "tenant-a"), ("a-2", "tenant", "tenant-a")])
        assert (took.stored, took.refused_count, dict(took.unmapped)) == (0, 1, {"tenant-a": 1})
        assert took.refused[0].reason == "belongs to no known account"

    def test_a_mail_address_is_never_a_name(self, store: Store, tmp_path: Path) -> None:
        path = answer(tmp_path / "prometheus.json", gauge([1]))
        assert fed(store, "prometheus", path, known=[("a-1", "email", "tenant-a")]).stored == 0

    def test_once_the_name_is_known_the_same_file_gives_the_rest(self, store: Store, tmp_path: Path) -> None:
        path = answer(
            tmp_path / "prometheus.json", gauge([1, 2]), gauge([3], UUID="GPU-2", exported_namespace="tenant-z")
        )
        before = fed(store, "prometheus", path)
        after = fed(store, "prometheus", path, known=[*KNOWN, ("a-99", "tenant", "tenant-z")])
        assert (before.stored, before.refused_count) == (2, 1)
        assert (after.stored, after.duplicates, after.refused_count) == (1, 2, 0)
        assert any("tenant-z (1)" in note for note in before.notes)

    def test_a_refused_row_is_kept_in_the_form_of_usage_and_can_be_corrected(
        self, store: Store, tmp_path: Path
    ) -> None:
        fed(store, "prometheus", answer(tmp_path / "prometheus.json", gauge([7], exported_namespace="tenant-z")))
        (kept,) = store.workspace.refused.glob("usage*.jsonl")
        row = json.loads(kept.read_text())
        assert "tenant-z" not in kept.read_text()
        folder = tmp_path / "corrected"
        folder.mkdir()
        (folder / "usage.jsonl").write_text(json.dumps({**row, "account_id": "a-5"}) + "\n")
        (took, *_) = ingest(store, ME, folder, clock=CLOCK)
        assert took.stored == 1

    def test_cards_that_nobody_holds_are_no_fault(self, store: Store, tmp_path: Path) -> None:
        free = gauge(
            [0, 0], exported_namespace="", exported_pod="", namespace="gpu-operator", pod="dcgm-exporter-abcde"
        )
        took = fed(store, "prometheus", answer(tmp_path / "prometheus.json", free))
        assert (took.read, took.refused_count) == (0, 0)
        assert took.ignored == {"samples of accelerators that no pod, job or account holds": 2}


class TestBadInput:
    def test_wild_values_are_bounded_or_blanked_and_counted(self, store: Store, tmp_path: Path) -> None:
        path = answer(
            tmp_path / "prometheus.json",
            gauge([50, 180, -3, "NaN", 60]),
            gauge([500, -20, 1e9, "+Inf", 1.4e16], metric="DCGM_FI_DEV_POWER_USAGE"),
        )
        took = fed(store, "prometheus", path)
        found = rows(store, "SELECT gpu_util, power_w FROM usage ORDER BY time_us")
        assert found == [(0.5, 500.0), (1.0, None), (0.0, None), (0.6, None)]
        said = "\n".join(took.notes)
        assert "2 values of gpu_util outside 0..1: bounded" in said
        assert "2 implausible values of power_w" in said
        assert "ignored: 3 blank values left out" in said

    def test_a_clock_that_jumps_is_refused_by_row(self, store: Store, tmp_path: Path) -> None:
        ahead = CLOCK.now().timestamp() + 10 * 86_400
        path = answer(tmp_path / "prometheus.json", gauge([1, 2]), gauge([3], start=ahead))
        took = fed(store, "prometheus", path)
        assert (took.stored, took.refused_count) == (2, 1)

    def test_overlapping_answers_count_once(self, store: Store, tmp_path: Path) -> None:
        one = answer(tmp_path / "prometheus-1.json", gauge([1, 2, 3, 4]))
        two = answer(tmp_path / "prometheus-2.json", gauge([3, 4, 5, 6], start=T + 30))
        took = fed(store, "prometheus", one, two)
        assert (took.stored, took.duplicates) == (6, 2)

    def test_an_unknown_card_is_listed_as_unknown_not_dropped(self, store: Store, tmp_path: Path) -> None:
        fed(store, "prometheus", answer(tmp_path / "prometheus.json", gauge([1], modelName="WonderChip")))
        assert rows(store, "SELECT gpu_model FROM usage") == [("unknown",)]

    def test_a_job_without_end_is_kept_open_and_told(self, store: Store) -> None:
        took = fed(store, "sacct", SAMPLES["sacct"].sample)
        assert ("1004", None) in rows(store, "SELECT job_id, ended_us FROM allocations")
        assert any("bear no end" in note for note in took.notes)


class TestReadingsOfNodes:
    def test_boards_and_links_are_held_and_count_as_no_work(self, store: Store) -> None:
        """The power of a whole machine beside that of its cards would count their work twice."""
        fed(store, "prometheus", SAMPLES["prometheus"].sample)
        before = workloads.book(store, CLOCK)
        alone = workloads.lines(store, before, [Scope.ACCOUNT])
        for name in ("board_power", "infiniband"):
            assert fed(store, name, SAMPLES[name].sample).stored > 0
        assert workloads.lines(store, workloads.book(store, CLOCK), [Scope.ACCOUNT]) == alone
        assert len(workloads.classes(store, CLOCK)) == len({(row[0], row[1]) for row in rows(store, _JOBS)})

    def test_two_readings_of_a_node_at_one_moment_are_no_repeats(self, store: Store) -> None:
        fed(store, "board_power", SAMPLES["board_power"].sample)
        fed(store, "infiniband", SAMPLES["infiniband"].sample)
        found = rows(store, "SELECT count(power_w), count(net_tx_bytes) FROM usage WHERE node = 'node-1'")
        assert found == [(2, 3)]


class TestCounting:
    def test_work_fed_through_prometheus_is_counted_within_a_quarter_of_the_truth(
        self, store: Store, tmp_path: Path
    ) -> None:
        one = run("data_parallel", np.random.Generator(np.random.PCG64(5)), steps=120, seconds=15, model=H100, gpus=2)
        kept = {
            "DCGM_FI_PROF_SM_ACTIVE": ("sm_active", 1),
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": ("tensor_active", 1),
            "DCGM_FI_PROF_PIPE_FP64_ACTIVE": ("fp64_active", 1),
            "DCGM_FI_DEV_SM_CLOCK": ("sm_clock_mhz", 1),
            "DCGM_FI_DEV_GPU_UTIL": ("gpu_util", 100),
            "DCGM_FI_DEV_POWER_USAGE": ("power_w", 1),
        }
        series = [
            gauge([float(value) * scale for value in one.signals[name][gpu]], metric=metric, UUID=f"GPU-{gpu}")
            for gpu in range(2)
            for metric, (name, scale) in kept.items()
        ]
        fed(store, "prometheus", answer(tmp_path / "prometheus.json", *series))
        (line,) = workloads.lines(store, workloads.book(store, CLOCK), [Scope.ACCOUNT])
        assert line.gpu_hours == pytest.approx(1.0)
        assert one.flop / 1.25 < line.p50 < one.flop * 1.25
        assert line.p5 < one.flop < line.p95


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "body", "problem"),
        [
            ("prometheus.json", b"[]", "holds no answer to a range query"),
            ("prometheus.json", b"<html>sign in</html>", "holds no answer"),
            ("prometheus.json", b"", "is empty"),
            ("prometheus.json.gz", gzip.compress(b"{}" * 99)[:-9], "gzip data ends early"),
            ("prometheus.json", b"\xff\xfe{\x00}\x00", "UTF-8|UTF-16|encod"),
            ("prometheus.json", b'{"a":' * 5_000, "holds no answer"),
            ("prometheus.json", b'{"status":"success","data":{"resultType":"streams","result":[]}}', "holds no answer"),
        ],
        ids=["list", "page", "empty", "cut", "wide", "deep", "other"],
    )
    def test_what_is_no_such_file_is_refused_whole_and_the_others_go_on(
        self, store: Store, tmp_path: Path, name: str, body: bytes, problem: str
    ) -> None:
        folder = tmp_path / "got"
        folder.mkdir()
        (folder / name).write_bytes(body)
        answer(folder / "prometheus-good.json", gauge([1]))
        took = fed(store, "prometheus", folder)
        assert took.stored == 1
        (fault,) = took.faults
        assert re.search(problem, fault), fault

    def test_a_value_beyond_measure_is_refused_before_it_is_decoded(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(feed, "LONGEST_VALUE", 100)
        took = fed(store, "prometheus", answer(tmp_path / "prometheus.json", gauge([1])))
        assert "holds one value of more than" in took.faults[0]
        assert "shorter stretch of time" in took.faults[0]

    def test_a_damaged_line_is_refused_with_its_number(self, store: Store, tmp_path: Path) -> None:
        good = answer(tmp_path / "one.json", gauge([1])).read_text()
        path = tmp_path / "prometheus.jsonl"
        path.write_bytes(good.encode() + b"\n{\x00}\n")
        took = fed(store, "prometheus", path)
        assert took.stored == 1
        assert [item.line for item in took.refused] == [2]

    def test_no_file_and_no_adapter(self, store: Store, tmp_path: Path) -> None:
        assert "no file of" in fed(store, "prometheus", tmp_path / "ws" / "lists").faults[0]
        with pytest.raises(UnknownTelemetry, match="One of: board_power, infiniband"):
            telemetry_adapter("dcgm")

    def test_nothing_stays_behind_in_the_scratch_folder(self, store: Store) -> None:
        fed(store, "netflow", SAMPLES["netflow"].sample)
        assert list(store.workspace.scratch.iterdir()) == []


class TestThroughTheDoor:
    def test_identities_of_an_export_place_what_an_adapter_reads(self, store: Store, tmp_path: Path) -> None:
        export = tmp_path / "export"
        (export / "logs" / "kubernetes").mkdir(parents=True)
        (export / "accounts.csv").write_text(
            f"account_id,opened_at,customer_name,customer_kind\nacct-1,{iso(from_micros(T * 10**6))},Ada,person\n"
        )
        (export / "identities.csv").write_text(
            "account_id,product,kind,external_id\nacct-1,prometheus,tenant,tenant-a\nacct-1,kubernetes,project,tenant-a\n"
        )
        sample = SAMPLES["kubernetes"].sample
        (export / "logs" / "kubernetes" / "pods.json").write_bytes(sample.read_bytes())
        report = ingest_all(store, ME, Order(paths=(export,)), clock=CLOCK)
        assert not report.faults
        path = answer(tmp_path / "prometheus.json", gauge([1], exported_pod="work-worker-3"))
        ingest_all(store, ME, Order(paths=(path,), adapter="prometheus"), clock=CLOCK)
        both = "SELECT u.account_id, a.gpu_count FROM usage u JOIN allocations a USING (account_id, job_id)"
        assert rows(store, both) == [("acct-1", 8)]

    def test_an_unknown_adapter_is_told_with_all_that_there_are(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(IngestError, match="One of: .*cloudtrail.*prometheus.*stripe"):
            ingest_all(store, ME, Order(paths=(tmp_path,), adapter="dcgm"), clock=CLOCK)


def stored_bytes(store: Store) -> Iterator[tuple[str, bytes]]:
    """Every byte that a workspace holds: files as they lie, gzip unpacked, the lake's rows as text."""
    for path in sorted(store.workspace.root.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            yield str(path), gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    for table in ("usage", "flows", "allocations"):
        yield table, repr(rows(store, f"SELECT {table}::VARCHAR FROM {table}")).encode()


class TestFreeText:
    def test_commands_paths_prompts_and_models_lie_nowhere_in_the_workspace(self, store: Store, tmp_path: Path) -> None:
        """A tenant's command lines, image names, paths, prompts and models never reach the compliance team's disk."""
        for adapter in ALL:
            held = documents(adapter)
            bodies = [body for document in held for body in planted(document.body, text=adapter.form == "text")]
            hostile = tmp_path / f"{adapter.id}.jsonl"
            hostile.write_bytes(b"\n".join([held[0].body.replace(b"\n", b" "), *bodies[::3], bodies[-1]]))
            took = fed(store, adapter.id, adapter.sample, hostile)
            assert took.stored > 0 and not took.faults
        words = (b"data/secret", b"llama", b"train.py", b"tell me", b"python3 /")
        for place, body in stored_bytes(store):
            assert not [word for word in words if word in body], place

    def test_the_planted_text_is_what_a_tenant_would_write(self) -> None:
        assert SECRET in json.dumps(everywhere({"a": {}}))
