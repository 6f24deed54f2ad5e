"""What the lake says of who is one hand: kept from refresh to refresh beside the workspace, grown by what is new, or read whole.

The kept evidence is a copy of what follows from the lake. Where it is missing, locked, of other weights, or not that of the
last refresh, everything is read again; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vedette import accounts
from vedette.base import Party, canonical_json
from vedette.linking import observe, similar
from vedette.linking import store as state
from vedette.linking.graph import Graph
from vedette.linking.model import Link, Weights
from vedette.linking.read import generic_values
from vedette.store import Store

_FORM = "1"
Files = list[list[str]]


@dataclass(frozen=True, slots=True)
class Fact:
    """What contradicts or dates an account: its verified identity and its name as numbers, first and last activity in microseconds."""

    identity: str | None
    name: str | None
    active: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The links that are known anew. ``pairs`` are those weighed and ``stirred`` accounts told or seen anew; both None where all were."""

    links: list[Link]
    pairs: frozenset[tuple[str, str]] | None
    stirred: frozenset[str] | None
    accounts: int
    candidates: int
    hubs: int
    generic: Mapping[str, int]


@dataclass(slots=True)
class Kept:
    """The evidence while a refresh is at work on it."""

    store: Store
    engine: Any
    used: Weights
    attached: bool
    graph: Graph = field(init=False)
    told: frozenset[str] = frozenset()

    def gather(self, refresh: str) -> Evidence:
        """Bring the evidence up to date with the lake; ``refresh`` is what the last one worked on, empty for none."""
        before = self._files_before(refresh)
        with self.store.database.reading() as connection:
            now = state.lake_files(self.store, connection, observe.TABLES)
        if before is None or not {path for path, _ in before} <= {path for path, _ in now}:
            return self._whole()
        return self._grown({path for path, _ in before})

    def _key(self) -> str:
        """What else the evidence depends on beside the lake."""
        return hashlib.sha256(canonical_json([_FORM, self.used.digest, list(map(list, generic_values()))])).hexdigest()

    def _files_before(self, refresh: str) -> Files | None:
        if not self.attached or not self.engine.rows(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'l_state' LIMIT 1"
        ):
            return None
        rows = self.engine.rows("SELECT files, told FROM l_state WHERE refresh = ? AND key = ?", [refresh, self._key()])
        if not rows or not refresh:
            return None
        self.told = frozenset(json.loads(rows[0][1]))
        files: Files = json.loads(rows[0][0])
        return files

    def _whole(self) -> Evidence:
        observe.prepare(self.engine, self.used, generic_values(), self.store.vault.tokens)
        self.graph = Graph(self.engine, self.used)
        self.graph.rebuild()
        run = self.engine.run
        run("CREATE OR REPLACE TABLE l_generic AS SELECT * FROM link_left_out")
        run(f"CREATE OR REPLACE TABLE l_active AS {observe.active('', '')}")
        return self._evidence(None, None)

    def _grown(self, known: Collection[str]) -> Evidence:
        with self.store.database.reading() as connection:
            fresh = {
                name: [row for row in self.store.lake.files(connection, name) if row["path"] not in known]
                for name in observe.TABLES
            }
        self.graph = Graph(self.engine, self.used, kept=True)
        if not any(fresh.values()):
            return self._evidence(frozenset(), frozenset())
        new = {name: self.store.lake.relation(name, files) for name, files in fresh.items()}
        observe.prepare_changes(self.engine, self.used, generic_values(), self.store.vault.tokens, new)
        self.graph.add("link_observation", "link_account", "link_name_part", whole=True)
        self._note_activity()
        stirred = frozenset(row[0] for row in self.engine.rows(_STIRRED) if row[0] is not None)
        close = self.graph.close()
        return self._evidence(close, None if close is None else stirred)

    def _note_activity(self) -> None:
        run = self.engine.run
        named = "account_id IN (SELECT account_id FROM link_named)"
        run(f"DELETE FROM l_generic WHERE {named}")
        run(
            "INSERT INTO l_generic SELECT * FROM link_left_out AS o WHERE NOT EXISTS (SELECT 1 FROM l_generic AS g "
            "WHERE g.account_id = o.account_id AND g.kind = o.kind AND g.value = o.value)"
        )
        run(f"DELETE FROM l_active WHERE {named}")
        run(f"INSERT INTO l_active {observe.active('part_', 'part_')}")
        done = " UNION ALL ".join(f"SELECT account_id, time_us FROM new_{table}" for table in observe.EVENT_TABLES)
        run(
            "UPDATE l_active SET first_us = LEAST(l_active.first_us, d.first_us), last_us = GREATEST(l_active.last_us, d.last_us) FROM "
            f"(SELECT account_id, MIN(time_us) AS first_us, MAX(time_us) AS last_us FROM ({done}) AS done GROUP BY account_id) AS d "
            "WHERE d.account_id = l_active.account_id"
        )

    def _evidence(self, pairs: frozenset[tuple[str, str]] | None, stirred: frozenset[str] | None) -> Evidence:
        links: list[Link] = []
        if pairs is None or pairs:
            weighed = self.graph.links(self.used.related, near=pairs is not None)
            links = similar.strengthened(weighed, unsealing(self.store), self.used, self.graph.reasons())
        count = self.engine.rows("SELECT COUNT(*) FROM l_pair")[0][0]
        generic = dict(self.engine.rows("SELECT kind, COUNT(*) FROM l_generic GROUP BY kind ORDER BY kind"))
        return Evidence(links, pairs, stirred, self.graph.accounts, int(count), len(self.graph.hubs()), generic)

    def facts(self, accounts: Iterable[str]) -> dict[str, Fact]:
        """What is known of some accounts."""
        asked = sorted(accounts)
        if not asked:
            return {}
        marks = ", ".join("?" for _ in asked)
        rows = self.engine.rows(
            "SELECT a.account_id, CAST(a.identity AS VARCHAR), CAST(a.name AS VARCHAR), COALESCE(t.first_us, t.received_us, 0), "
            "COALESCE(t.last_us, t.received_us, 0) FROM l_account AS a LEFT JOIN l_active AS t ON t.account_id = a.account_id "
            f"WHERE a.account_id IN ({marks})",
            asked,
        )
        return {row[0]: Fact(row[1], row[2], (int(row[3]), int(row[4]))) for row in rows}

    def keep(self, refresh: str, files: Sequence[Sequence[str]], told: Sequence[str]) -> None:
        """Note what the evidence now stands for, ``told`` being the accounts of other checks' findings, and keep it."""
        texts = [canonical_json(list(rows)).decode() for rows in (map(list, files), told)]
        self.engine.run("CREATE OR REPLACE TABLE l_state (refresh VARCHAR, key VARCHAR, files VARCHAR, told VARCHAR)")
        self.engine.run("INSERT INTO l_state VALUES (?, ?, ?, ?)", [refresh, self._key(), *texts])
        self.engine.run("COMMIT")


def unsealing(store: Store) -> similar.Unseal:
    """Gives the party behind an account through the door that screening uses; None where it was shredded."""

    def unseal(account: str) -> Party | None:
        fields = accounts.reveal(store, account)
        return None if fields is None else accounts.party_of(account, fields)

    return unseal


_STIRRED = "SELECT account_id FROM link_named UNION " + " UNION ".join(
    f"SELECT account_id FROM new_{table}" for table in observe.EVENT_TABLES
)


@contextmanager
def evidence(store: Store, used: Weights) -> Iterator[Kept]:
    """The evidence of a workspace within one transaction of its own, dropped unless it is kept at the end."""
    with store.engine(observe.TABLES) as engine:
        attached = state.attach_evidence(engine, store.workspace.scratch / "linking")
        engine.run("BEGIN")
        yield Kept(store, engine, used, attached)
