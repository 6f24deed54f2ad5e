"""The face of the room: load the rules, open the lake for them, run them, try them. Heavy parts load when called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vedette.detections.model import Engine, Limits, Need, Readiness, Rule, Run

if TYPE_CHECKING:
    from vedette.detections.slices import SliceRun
    from vedette.detections.store import Sandbox
    from vedette.store import Store

_ORDINARY = Limits()
ENGINES = ("duckdb", "spark", "both")


def rules(*folders: Path) -> tuple[Rule, ...]:
    """Every rule under these folders, by default those shipped with the program. Raises ContentError."""
    from vedette.detections.read import read_rules

    return read_rules(*folders) if folders else _shipped()


@lru_cache(maxsize=1)
def _shipped() -> tuple[Rule, ...]:
    """The rules of the program are read once: a watch that runs for weeks asks for them with every file."""
    from vedette.detections.read import read_rules

    return read_rules()


def tables(store: Store) -> Sandbox:
    """The committed lake of a workspace as tables for rules, as it is now."""
    from vedette.detections.store import lake_tables

    return lake_tables(store)


def cluster(store: Store, master: str) -> Engine:
    """The same tables on Apache Spark, by its master URL. Raises EngineMissing when they are first used without it."""
    from vedette.detections.store.cluster import cluster_tables

    return cluster_tables(store, master=master)


def run(tables: Engine, rules: Sequence[Rule], *, limits: Limits = _ORDINARY) -> Run:
    """Run the rules over the tables: findings, which rules could not run and why, and which did not finish."""
    from vedette.detections.execute import execute

    return execute(tables, rules, limits=limits)


def run_slice(
    tables: Sandbox,
    rules: Sequence[Rule],
    *,
    since_us: int,
    waiting: Collection[str] = (),
    defer: bool = False,
    everything: Engine | None = None,
    limits: Limits = _ORDINARY,
) -> SliceRun:
    """Run only what the rows received since a moment (microseconds, inclusive) can have changed.

    Findings of the keys that were touched are those of a run over everything. Rules that cannot be cut by a key run over
    everything and are named in ``whole``; with ``defer`` they wait and are named in ``deferred``. ``waiting`` names rules that
    must run over everything whatever arrived, because they waited or did not finish before; ``everything`` is the engine
    for those, by default the tables themselves.
    """
    from vedette.detections.slices import slice_rules
    from vedette.detections.store import SlicedRoom

    def room(since: int, limits: Limits) -> SlicedRoom:
        return SlicedRoom(tables, since, limits)

    return slice_rules(
        everything or tables, room, rules, since_us=since_us, waiting=waiting, defer=defer, limits=limits
    )


def readiness(rules: Iterable[Rule], held: Collection[str]) -> tuple[Readiness, ...]:
    """For each rule, what is missing. ``held`` names columns of the export such as ``signins.device_id``, and
    ``references.country`` and ``references.class`` where such address references are loaded.
    """
    from vedette.detections.coverage import readiness as found

    return found(rules, held)


def unlocks(states: Iterable[Readiness]) -> tuple[tuple[Need, int], ...]:
    """How many more rules each missing column would let run by itself, most first."""
    from vedette.detections.coverage import unlocks as found

    return found(states)


def trial(rule: Rule, *, engine: str = "duckdb", master: str = "local[2]") -> tuple[str, ...]:
    """What is wrong with a rule's examples, one sentence each; empty where every case gives what it says.

    ``engine`` is one of ENGINES: on Spark the cases of a rule are asked together, and ``both`` compares the rows as well.
    Raises EngineMissing where Spark cannot be used.
    """
    from vedette.detections.lake import TABLES, column_names
    from vedette.detections.rehearse import rehearse
    from vedette.detections.store import tables_of_rows

    found = () if engine == "spark" else rehearse(rule, column_names(), lambda rows: tables_of_rows(TABLES, rows))
    return found if engine == "duckdb" else (*found, *_on_spark(rule, engine, master))


def _on_spark(rule: Rule, engine: str, master: str) -> tuple[str, ...]:
    from vedette.detections.conform import Maker, conform
    from vedette.detections.lake import TABLES, column_names
    from vedette.detections.store import tables_of_rows
    from vedette.detections.store.cluster import cluster_of_rows

    makers: dict[str, Maker] = {"duckdb": lambda rows: tables_of_rows(TABLES, rows)} if engine == "both" else {}
    makers["spark"] = lambda rows: cluster_of_rows(TABLES, rows, master=master)
    return conform(rule, column_names(), makers)
