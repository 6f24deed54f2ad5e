"""A site's own labelled runs: recorded and removed with an audit trail, learnt from, and measured on whole conditions only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.journeys.terminal import vedette
from tests.workloads.made import CLOCK, ME, NOON, fleet
from vedette import audit, workloads
from vedette.base import from_micros, iso, to_micros
from vedette.simulate.telemetry import run
from vedette.store import Store
from vedette.workloads import classify, teach
from vedette.workloads.model import JobClass, WorkloadError
from vedette.workloads.record import Fold, Held, Label, Pool, evaluated, folds, taught_on, worth
from vedette.workloads.store import labels as kept
from vedette.workloads.store import runs
from vedette.workloads.store.intake import ingest
from vedette.workloads.store.invented import TAUGHT

#: Job -> (kind of the invented run, condition, label).
BENCHED = {
    "t-1": ("data_parallel", "h100-data-parallel", "training"),
    "t-2": ("data_parallel", "h100-data-parallel", "training"),
    "s-1": ("decoding", "h100-decode", "inference"),
    "s-2": ("decoding", "h100-decode", "inference"),
    "m-1": ("molecules", "h100-molecules", "hpc"),
}
SIGNALS = "gpu_util sm_active tensor_active dram_active fp64_active power_w memory_used_fraction sm_clock_mhz".split()


def usage(job: str, kind: str, seed: int, *, driver_only: bool = False) -> Iterator[str]:
    """Rows of one invented run on two cards, as JSON lines of usage."""
    one = run(kind, np.random.Generator(np.random.PCG64(seed)), steps=90, model="NVIDIA H100 80GB HBM3", gpus=2)
    names = [name for name in SIGNALS if not (driver_only and name.endswith("_active"))]
    for gpu in range(2):
        for step in range(90):
            at = iso(from_micros(to_micros(NOON) + step * 10_000_000))
            row = {"time": at, "seconds": 10, "account_id": "bench", "job_id": job, "gpu_uuid": f"G-{job}-{gpu}"}
            measured = {name: round(float(one.signals[name][gpu, step]), 4) for name in names}
            yield json.dumps({**row, "node": "n-1", "gpu_model": one.model, **measured})


@pytest.fixture(scope="module")
def benched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A workspace with telemetry of five benchmark runs of which the tests label some."""
    root = tmp_path_factory.mktemp("benched")
    store = fleet(root / "ws")
    (root / "export").mkdir()
    lines = [line for seed, (job, (kind, *_)) in enumerate(BENCHED.items()) for line in usage(job, kind, seed)]
    (root / "export" / "usage.jsonl").write_text("\n".join(lines) + "\n")
    ingest(store, ME, root / "export", clock=CLOCK)
    yield store
    store.close()


@pytest.fixture
def labelled(benched: Store) -> Iterator[Store]:
    """The same with every run labelled, and none afterwards."""
    for job, (_, condition, label) in BENCHED.items():
        item = Label(account_id="bench", job_id=job, label=label, condition=condition)
        teach.record(benched, ME, item, clock=CLOCK)
    yield benched
    for item in kept.labels(benched):
        teach.forget(benched, ME, item.account_id, item.job_id, clock=CLOCK)


def pool(*jobs: tuple[str, str, str]) -> Pool:
    """A pool of one window a job: (job, label, condition)."""
    names = np.array([job for job, *_ in jobs], dtype=object)
    columns = {"job_id": names, "active": np.ones(len(jobs))}
    return Pool(columns, {job: label for job, label, _ in jobs}, {job: condition for job, _, condition in jobs})


class TestLabels:
    def test_a_label_is_kept_with_who_and_when_and_can_be_taken_away(self, benched: Store) -> None:
        item = Label(account_id="bench", job_id="t-1", label="training", condition="h100-data-parallel")
        teach.record(benched, ME, item, clock=CLOCK)
        teach.record(benched, ME, Label(account_id="bench", job_id="t-1", label="hpc", condition="other"), clock=CLOCK)
        (held,) = kept.labels(benched)
        assert (held.label, held.condition, held.recorded_by) == ("hpc", "other", "tests")
        teach.forget(benched, ME, "bench", "t-1", clock=CLOCK)
        assert kept.labels(benched) == []
        assert audit.verify(benched).holds

    @pytest.mark.parametrize(
        ("label", "condition", "problem"),
        [
            ("mining", "a", "is no class"),
            ("undetermined", "a", "is no class"),
            ("training", "", "short word"),
            ("training", "python train.py --model x", "short word"),
            ("training", "x" * 65, "short word"),
        ],
    )
    def test_only_classes_and_short_words_are_taken(self, label: str, condition: str, problem: str) -> None:
        with pytest.raises(WorkloadError, match=problem):
            Label(account_id="a", job_id="j", label=label, condition=condition)

    def test_a_job_without_telemetry_and_one_without_label_are_refused(self, benched: Store) -> None:
        with pytest.raises(WorkloadError, match="no telemetry of job 'x'"):
            item = Label(account_id="bench", job_id="x", label="training", condition="a")
            teach.record(benched, ME, item, clock=CLOCK)
        with pytest.raises(WorkloadError, match="bears no label"):
            teach.forget(benched, ME, "bench", "t-2", clock=CLOCK)


class TestHoldingOut:
    """Runs of one condition are alike: a figure on runs whose like was learnt from would flatter, and cannot be reported."""

    @pytest.mark.parametrize("by", ["random", "run", "window", "job", ""])
    def test_no_other_split_than_by_condition_is_offered(self, by: str) -> None:
        with pytest.raises(WorkloadError, match="cannot be reported"):
            list(folds(["a", "b"], by=by))

    def test_a_fold_that_judges_what_it_learnt_cannot_be_made(self) -> None:
        with pytest.raises(WorkloadError, match="says nothing: b"):
            Fold(("a", "b"), ("b", "c"))
        with pytest.raises(WorkloadError):
            Fold(("a",), ())

    def test_every_condition_is_held_out_once_and_the_shipped_ones_never(self) -> None:
        found = list(folds(["a", "b"], ["s"]))
        assert found == [Fold(("s", "b"), ("a",)), Fold(("s", "a"), ("b",))]

    def test_the_runs_of_a_condition_that_is_held_out_teach_nothing(
        self, labelled: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        learnt: list[set[str]] = []

        def spied(given: Pool, tier: str, labels: tuple[str, ...]) -> object:
            learnt.append(set(given.names))
            return taught_on(given, tier, labels)

        monkeypatch.setattr("vedette.workloads.record.taught_on", spied)
        own = runs.recorded(labelled, kept.labels(labelled), "profiled")
        held = evaluated(own, runs.shipped("profiled", 2), "profiled", TAUGHT["profiled"])
        assert [item.condition for item in held] == sorted(own.names)
        for item, names in zip(held, learnt, strict=True):
            assert item.condition not in names
            assert set(own.names) - {item.condition} < names

    def test_a_condition_bears_one_label(self) -> None:
        with pytest.raises(WorkloadError, match="bears two labels"):
            pool(("j-1", "training", "a"), ("j-2", "inference", "a"))

    def test_one_class_alone_teaches_nothing(self) -> None:
        with pytest.raises(WorkloadError, match="one class only"):
            taught_on(pool(("j-1", "training", "a")), "profiled", ("training", "inference"))

    def test_few_conditions_are_said_to_say_little(self) -> None:
        held = [
            Held(tier="profiled", condition=f"c-{n}", label="training", jobs=4, right=2, silent=1) for n in range(3)
        ]
        assert worth(held) == (
            "3 conditions held out whole: 66.7% right where it answers, answers 75.0% of 12 jobs; "
            "under 20 conditions this says little about the next one."
        )
        assert "Nothing was held out" in worth([])


class TestLearning:
    def test_a_version_is_kept_in_the_archive_with_its_measure_and_is_in_force(self, labelled: Store) -> None:
        found = teach.learn(labelled, ME, clock=CLOCK, shipped_runs=2)
        again = teach.learn(labelled, ME, clock=CLOCK, shipped_runs=2)
        assert again.version == found.version + 1
        assert again.content_hash == found.content_hash, "the same runs teach the same numbers"
        newest = kept.versions(labelled)[0]
        assert (newest.version, newest.learnt_by) == (again.version, "tests")
        assert [row["condition"] for row in newest.report] == [item.condition for item in again.held]
        models = kept.in_force(labelled)
        assert models is not None
        assert "own:h100-decode" in models["profiled"].conditions
        assert "own:h100-molecules" in models["driver"].conditions, "with driver counters computing is learnt too"
        assert audit.verify(labelled).holds

    def test_the_learnt_model_judges_and_knows_the_runs_it_was_taught(
        self, labelled: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        teach.learn(labelled, ME, clock=CLOCK, shipped_runs=4)
        monkeypatch.setattr(classify, "shipped", dict)
        answers = {item.job_id: item.label for item in workloads.classes(labelled, CLOCK)}
        assert answers["s-1"] is answers["s-2"] is JobClass.INFERENCE
        assert answers["m-1"] is JobClass.HPC
        assert all(answers[job] in (JobClass.TRAINING, JobClass.UNDETERMINED) for job in ("t-1", "t-2"))

    def test_runs_without_profiling_counters_leave_the_shipped_model_of_that_tier(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        (tmp_path / "export").mkdir()
        lines = [*usage("a", "data_parallel", 1, driver_only=True), *usage("b", "decoding", 2, driver_only=True)]
        (tmp_path / "export" / "usage.jsonl").write_text("\n".join(lines) + "\n")
        ingest(store, ME, tmp_path / "export", clock=CLOCK)
        with pytest.raises(WorkloadError, match="no run is labelled"):
            teach.learn(store, ME, clock=CLOCK)
        assert kept.in_force(store) is None
        for job, label in (("a", "training"), ("b", "inference")):
            teach.record(store, ME, Label(account_id="bench", job_id=job, label=label, condition=job), clock=CLOCK)
        found = teach.learn(store, ME, clock=CLOCK, shipped_runs=2)
        assert {item.tier for item in found.held} == {"driver"}
        assert any("profiled" in note and "shipped model stays" in note for note in found.notes)
        models = kept.in_force(store)
        assert models is not None and models["profiled"] == classify.shipped()["profiled"]
        store.close()


class TestTheCommands:
    def test_a_site_labels_lists_removes_and_learns(self, benched: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(teach.learn, "__kwdefaults__", {"shipped_runs": 2})
        ws = ("-w", benched.workspace.root, "workload")
        some = {job: BENCHED[job] for job in ("s-1", "t-1")}
        for job, (_, condition, label) in some.items():
            words = ("--account", "bench", "--job", job, "--label", label, "--condition", condition)
            vedette(*ws, "record", *words, person="anna").done()
        rows = vedette(*ws, "record", "--json").done().rows
        assert [(row["job_id"], row["recorded_by"]) for row in rows] == [(job, "anna") for job in some]
        learnt = vedette(*ws, "learn").done()
        assert "conditions held out whole" in learnt.out + learnt.err
        for job in some:
            vedette(*ws, "record", "--account", "bench", "--job", job, "--remove").done()
        assert vedette(*ws, "record", "--json").done().rows == []
        assert vedette(*ws, "record", "--job", "t-1").code == 2
        assert vedette(*ws, "learn").code == 1
