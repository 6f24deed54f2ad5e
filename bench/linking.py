"""How fast and how right linking is over an invented million: `python -m bench.linking [ACCOUNTS [HAND ...]]` (1 M accounts, about 10 M observations).

Drawn with numpy: actors of one to six accounts that keep some machines, cards, keys and telephones together: nearly
all (careless) or often not (careful);
machines of cafes and libraries, recycled telephones, published keys, corporate cards, couples with one machine, addresses of
households and carriers. The truth is this bench's own, so the figures are an upper bound. Printed: seconds and peak memory,
precision, recall and F1 of pairs that share anything strong, of scored pairs and of pairs inside actors, what the best weights could
reach with the same evidence, the largest actor, and
the time to add 1,000 accounts. Targets: 10 s, 1 GB, F1 .99, largest actor below 0.01 %, 500 ms.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from vedette.linking import Graph, Link, Weights, weights
from vedette.linking.cluster import groups
from vedette.linking.model import Group
from vedette.store.engines.duckdb import DuckEngine

_DAY = 86_400_000_000
_START = 1_704_067_200_000_000
# How often a kind is held at all, and how often an account of a hand shows the hand's own rather than a new one.
HANDS = {
    "careless": (("device", 1.0, 0.99), ("instrument", 0.99, 0.98), ("key", 0.35, 0.98), ("phone", 0.99, 0.98)),
    "careful": (("device", 1.0, 0.92), ("instrument", 0.9, 0.85), ("key", 0.35, 0.9), ("phone", 0.9, 0.8)),
}
Columns = dict[str, list[np.ndarray]]


class Draw:
    """Collects observations as columns of integers; texts are made while writing."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.columns: Columns = {"account": [], "kind": [], "value": [], "first": [], "last": []}
        self._next = 0

    def fresh(self, count: int) -> np.ndarray:
        """Values that nobody has yet."""
        self._next += count
        return np.arange(self._next - count, self._next)

    def see(self, kind: int, account: np.ndarray, value: np.ndarray, first: np.ndarray | None = None) -> None:
        """Accounts showed values of one kind; without a first day, all along."""
        size = len(account)
        begins = np.zeros(size, int) if first is None else first
        ends = np.full(size, 700) if first is None else first + 60
        for name, part in zip(self.columns, (account, np.full(size, kind), value, begins, ends), strict=True):
            self.columns[name].append(part)


def actors_of(random: np.random.Generator, accounts: int) -> np.ndarray:
    """The actor of each account: nearly nine in ten stand alone, the others are two to six."""
    sizes = random.choice([1, 2, 3, 4, 5, 6], size=accounts, p=[0.95, 0.03, 0.01, 0.005, 0.003, 0.002])
    return np.repeat(np.arange(len(sizes)), sizes)[:accounts]


def draw(accounts: int, hand: str, kinds: dict[str, int]) -> tuple[Draw, np.ndarray]:
    """All observations and the actor of each account."""
    made = Draw(7)
    random = made.random
    actor = random.permutation(actors_of(random, accounts))
    everyone, actors = np.arange(accounts), int(actor.max()) + 1
    # Each actor has things that its accounts mostly show; an account that does not shows one of its own.
    for kind, holds, kept in HANDS[hand]:
        common = made.fresh(actors)[actor]
        own = made.fresh(accounts)
        value = np.where(random.random(accounts) < kept, common, own)
        held = random.random(accounts) < holds
        made.see(kinds[kind], everyone[held], value[held])
    made.see(kinds["device"], everyone, made.fresh(accounts))  # a second machine of one's own
    _honest(made, everyone, kinds)
    for _ in range(2):
        made.see(kinds["ip"], everyone, made.fresh(accounts // 2)[random.integers(0, accounts // 2, accounts)])
    carriers = made.fresh(2_000)
    made.see(kinds["ip"], everyone, carriers[(2_000 * random.random(accounts) ** 3).astype(int)])
    made.see(kinds["ip_prefix"], everyone, made.fresh(accounts // 8)[random.integers(0, accounts // 8, accounts)])
    made.see(kinds["birth_date"], everyone, made.fresh(20_000)[random.integers(0, 20_000, accounts)])
    made.see(kinds["name"], everyone, made.fresh(accounts // 3)[random.integers(0, accounts // 3, accounts)])
    return made, actor


def _honest(made: Draw, everyone: np.ndarray, kinds: dict[str, int]) -> None:
    """What strangers share: cafes, couples, recycled telephones, firms' cards, published keys."""
    random, accounts = made.random, len(everyone)
    visitors = random.choice(everyone, accounts // 20)
    made.see(kinds["device"], visitors, made.fresh(accounts // 400)[random.integers(0, accounts // 400, len(visitors))])
    couples = random.choice(everyone, accounts // 10 * 2, replace=False).reshape(-1, 2)
    machine = made.fresh(len(couples))
    for side in (0, 1):
        made.see(kinds["device"], couples[:, side], machine)
    numbers = made.fresh(accounts // 20)
    for turn in range(3):  # the same number, a year apart each time
        made.see(kinds["phone"], random.choice(everyone, len(numbers)), numbers, np.full(len(numbers), turn * 365))
    firms = made.fresh(accounts // 200)
    staff = random.choice(everyone, accounts // 25, replace=False)
    made.see(kinds["instrument"], staff, firms[random.integers(0, len(firms), len(staff))])
    hub = random.choice(everyone, accounts // 3, replace=False)
    made.see(kinds["key"], hub, np.full(len(hub), int(made.fresh(1)[0])))


def write(made: Draw, path: Path, names: list[str]) -> int:
    """Write the observations as Parquet, one row for each account, kind and value. Returns how many."""
    connection = duckdb.connect()
    arrays = {name: np.concatenate(parts) for name, parts in made.columns.items()}
    connection.execute(
        "CREATE TABLE word AS SELECT UNNEST(range(?)) AS kind, UNNEST(?) AS word", [len(names), names]
    ).fetchall()
    connection.register("drawn", arrays)
    sql = (
        f"SELECT 'a-' || account AS account_id, word AS kind, md5(value::VARCHAR)[:26] AS value, MIN({_START} + first * {_DAY}) AS first_us, "
        f"MAX({_START} + last * {_DAY}) AS last_us, 'bench' AS source FROM drawn JOIN word USING (kind) GROUP BY account, word, value"
    )
    connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
    count = connection.execute(f"SELECT COUNT(*) FROM '{path}'").fetchall()[0][0]
    connection.close()
    return int(count)


def views(path: Path, accounts: int) -> dict[str, str]:
    """The three relations that linking reads."""
    return {
        "link_observation": f"SELECT * FROM read_parquet('{path}')",
        "link_account": f"SELECT 'a-' || n AS account_id, 1 AS person, NULL::VARCHAR AS name, 'a-' || n AS seller, NULL::VARCHAR AS address, "
        f"NULL::VARCHAR AS domain, NULL::VARCHAR AS country, CASE WHEN n % 10 < 3 THEN 'doc-' || n END AS identity FROM range({accounts}) AS r(n)",
        "link_name_part": "SELECT NULL::VARCHAR AS account_id, NULL::VARCHAR AS part WHERE FALSE",
    }


def judged(found: set[tuple[int, int]], actor: np.ndarray, true_pairs: int) -> str:
    """Precision, recall and F1 as a line."""
    right = sum(int(actor[left] == actor[right]) for left, right in found)
    precision, recall = right / max(len(found), 1), right / true_pairs
    return f"P {precision:.4f}  R {recall:.4f}  F1 {2 * precision * recall / max(precision + recall, 1e-9):.4f}  ({len(found):,} pairs)"


def _numbers(pair: tuple[str, str]) -> tuple[int, int]:
    return int(pair[0][2:]), int(pair[1][2:])


def _peak() -> float:
    """This process's own peak in megabytes (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(folder: Path, path: Path, accounts: int, actor: np.ndarray) -> None:
    """Link everything, print figures, then add a thousand accounts."""
    used = weights()
    with DuckEngine(views(path, accounts), folder, memory="700MB", threads=2) as engine:
        engine.run("SET enable_progress_bar = false")
        started = time.perf_counter()
        graph = Graph(engine, used)
        candidates = graph.rebuild()
        scored = time.perf_counter()
        links = graph.links(used.related, parts=False)
        found = groups(links, (), used)
        done = time.perf_counter()
        print(
            f"  read and score {scored - started:.1f} s, links and actors {done - scored:.1f} s, together {done - started:.1f} s, peak {_peak():,.0f} MB"
        )
        sizes = np.bincount(actor)
        true_pairs = int((sizes * (sizes - 1) // 2).sum())
        rows = engine.rows(
            "SELECT x.account_id, y.account_id FROM l_pair AS p JOIN l_account AS x ON x.n = p.a JOIN l_account AS y ON y.n = p.b"
        )
        print(f"  {true_pairs:,} true pairs, {candidates:,} candidates")
        print(f"  any strong value   {judged({_numbers(row) for row in rows}, actor, true_pairs)}")
        print(
            f"  scored pairs       {judged({_numbers(link.pair) for link in links if link.bits >= used.same}, actor, true_pairs)}"
        )
        inside = _within(found)
        print(f"  pairs in actors    {judged(inside, actor, true_pairs)}")
        _limit(engine, actor, true_pairs, used)
        print(
            f"  {len(found):,} actors, largest {max(len(g.accounts) for g in found)} accounts ({max(len(g.accounts) for g in found) / accounts:.5%})"
        )
        _add(engine, graph, accounts)


def _limit(engine: DuckEngine, actor: np.ndarray, true_pairs: int, used: Weights) -> None:
    """What weighing pairs by what they share could reach at best: weights that know the truth of each pattern.

    A pattern is the kinds that a pair shares with their numbers of holders. The patterns with most true pairs among theirs are taken
    until F1 falls; no weights that see patterns alone do better, in this world. Which patterns are lost is printed too.
    """
    engine.connection.register("truth_of", {"number": np.arange(len(actor)), "actor": actor})
    engine.run("CREATE TABLE truth AS SELECT 'a-' || number AS account_id, actor FROM truth_of")
    engine.run(
        "CREATE TABLE pattern AS SELECT p.a, p.b, COALESCE(string_agg(k.word || ' ' || s.holders, ' + ' ORDER BY k.word), 'nothing') AS shared "
        "FROM l_pair AS p LEFT JOIN l_shared AS s ON s.a = p.a AND s.b = p.b LEFT JOIN l_kind AS k ON k.kind = s.kind GROUP BY p.a, p.b"
    )
    engine.run(
        "CREATE TABLE judged AS SELECT p.*, x.account_id AS one, y.account_id AS two, CASE WHEN t.actor = u.actor THEN 1 ELSE 0 END AS same "
        "FROM pattern AS p JOIN l_account AS x ON x.n = p.a JOIN l_account AS y ON y.n = p.b "
        "JOIN truth AS t ON t.account_id = x.account_id JOIN truth AS u ON u.account_id = y.account_id"
    )
    rows = engine.rows(
        "SELECT shared, COUNT(*), SUM(same) FROM judged GROUP BY shared ORDER BY SUM(same) / COUNT(*) DESC, shared"
    )
    totals, rights = (np.cumsum([row[place] for row in rows]) for place in (1, 2))
    scores = 2 * rights / (totals + true_pairs)
    best = int(scores.argmax())
    engine.run("CREATE TABLE taken (shared VARCHAR)")
    engine.connection.executemany("INSERT INTO taken VALUES (?)", [[row[0]] for row in rows[: best + 1]])
    pairs = engine.rows("SELECT one, two FROM judged JOIN taken USING (shared)")
    inside = _within(groups([Link(min(pair), max(pair), used.same) for pair in pairs], (), replace(used, bridge=0.0)))
    print(f"  best any weights could do with pairs   {judged({_numbers(pair) for pair in pairs}, actor, true_pairs)}")
    print(f"  and with actors made of those          {judged(inside, actor, true_pairs)}")
    single = [(row[1], row[2], row[0]) for row in rows[: best + 1] if "+" not in row[0]]
    told = ", ".join(
        f"{name} ({true / count:.0%} of {count:,})" for count, true, name in sorted(single, reverse=True)[:6]
    )
    print(f"  of which on one shared thing alone: {sum(row[1] for row in single):,} true pairs: {told}")


def _within(found: list[Group]) -> set[tuple[int, int]]:
    """Every pair inside an actor."""
    return {
        _numbers((left, right))
        for group in found
        for at, left in enumerate(group.accounts)
        for right in group.accounts[at + 1 :]
    }


def _add(engine: DuckEngine, graph: Graph, accounts: int) -> None:
    engine.run(
        "CREATE TABLE newcomers AS SELECT 'b-' || n AS account_id, 1 AS person, NULL::VARCHAR AS name, 'b-' || n AS seller, NULL::VARCHAR AS address, "
        "NULL::VARCHAR AS domain, NULL::VARCHAR AS country, NULL::VARCHAR AS identity FROM range(1000) AS r(n)"
    )
    engine.run(
        f"CREATE TABLE arrivals AS SELECT 'b-' || (n % 1000) AS account_id, kind, value, first_us, last_us FROM "
        f"(SELECT kind, value, first_us, last_us, row_number() OVER () AS n FROM link_observation WHERE account_id IN "
        f"(SELECT 'a-' || (r * {max(accounts // 1000, 1)}) FROM range(1000) AS t(r))) AS copied"
    )
    engine.run("CREATE TABLE once AS SELECT DISTINCT * FROM arrivals")
    started = time.perf_counter()
    again = graph.add("once", "newcomers")
    links = graph.links(weights().related, near=True)
    groups(links, (), weights())
    print(
        f"  1,000 new accounts with {engine.rows('SELECT COUNT(*) FROM once')[0][0]:,} observations: {1000 * (time.perf_counter() - started):.0f} ms, {again:,} pairs scored again, {len(links):,} links, peak {_peak():,.0f} MB"
    )


def main() -> None:
    """Draw in this process, measure in a fresh one, so that memory is linking's own."""
    import multiprocessing

    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    names = [kind.kind for kind in weights().kinds]
    failed = 0
    for hand in sys.argv[2:] or HANDS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made, actor = draw(accounts, hand, {kind: number for number, kind in enumerate(names)})
            count = write(made, folder / "observations.parquet", names)
            del made
            print(f"{accounts:,} accounts, {count:,} observations, {hand} hands", flush=True)
            child = multiprocessing.get_context("spawn").Process(
                target=measure, args=(folder, folder / "observations.parquet", accounts, actor)
            )
            child.start()
            child.join()
            failed |= int(child.exitcode != 0)
    sys.exit(failed)


if __name__ == "__main__":
    main()
