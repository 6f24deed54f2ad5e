"""Takes new rows and changed accounts into the evidence, touching only what they can change.

What was before and what is now of the named accounts and values is compared; equal rows fall out first, so that an export
repeated every day costs little. Pairs are scored again where they share a value that somebody gained or lost, whose number of
holders passed a limit or that became or ceased to be a hub, or where what explains honest sharing changed.
"""

from __future__ import annotations

from typing import Protocol

from vedette.linking import pairs
from vedette.linking.observe import Engine

_FACTS = ("person", "name", "seller", "home", "employer", "identity")


class Evidence(Protocol):
    """What this module needs of the graph whose tables it changes."""

    def raw(self, accounts: str) -> str:
        """SQL of accounts with their texts as hashes."""

    def derived(self, raw: str) -> str:
        """SQL of accounts with their home and employer."""

    def numbered(self, source: str) -> str:
        """SQL of observations as numbers."""

    def mark_hubs(self, seen: str) -> None:
        """Mark values that too many verified identities hold."""

    def count(self) -> bool:
        """Count accounts; true where all bits are others now."""

    def score_all(self) -> int:
        """Score every candidate pair."""


def change(graph: Evidence, engine: Engine, source: str, accounts: str, parts: str, *, whole: bool) -> int:
    """See ``Graph.add``. Leaves ``l_close`` with the pairs that were scored again, unless all were."""
    _accounts(graph, engine, accounts)
    _parts(engine, parts if accounts else "")
    _rows(graph, engine, source, whole=whole)
    _values(engine)
    graph.mark_hubs("l_near")
    if graph.count():
        engine.run("DROP TABLE IF EXISTS l_close")
        return graph.score_all()
    return _score(engine)


def _accounts(graph: Evidence, engine: Engine, accounts: str) -> None:
    """Put new and changed accounts among the others; ``l_named`` are those given, ``l_turned`` those whose facts are others now."""
    run = engine.run
    given = graph.raw(accounts) if accounts else "SELECT * FROM l_account WHERE FALSE"
    columns = "account_id, person, name, seller, address, domain, country, identity"
    run(f"CREATE OR REPLACE TEMP TABLE l_given AS SELECT {columns} FROM ({given}) AS given_rows")
    run(
        "CREATE OR REPLACE TEMP TABLE l_was AS SELECT a.* FROM l_account AS a JOIN l_given AS g ON g.account_id = a.account_id"
    )
    run(
        "CREATE OR REPLACE TEMP TABLE l_named AS SELECT CAST(COALESCE(w.n, (SELECT COALESCE(MAX(n), 0) FROM l_account) + "
        "row_number() OVER (PARTITION BY w.n IS NULL ORDER BY g.account_id)) AS INTEGER) AS n, CASE WHEN w.n IS NULL THEN 1 ELSE 0 END AS fresh, "
        f"{', '.join(f'g.{name.strip()}' for name in columns.split(','))} FROM l_given AS g LEFT JOIN l_was AS w ON w.account_id = g.account_id"
    )
    changed = " OR ".join(
        f"w.{name} IS DISTINCT FROM g.{name}"
        for name in ("person", "name", "seller", "address", "domain", "country", "identity")
    )
    run(
        f"CREATE OR REPLACE TEMP TABLE l_moved AS SELECT g.* FROM l_named AS g LEFT JOIN l_was AS w ON w.n = g.n WHERE w.n IS NULL OR {changed}"
    )
    before = "SELECT address, domain FROM l_moved UNION SELECT w.address, w.domain FROM l_was AS w JOIN l_moved AS m ON m.n = w.n"
    run(f"CREATE OR REPLACE TEMP TABLE l_places AS {before}")
    run(
        "CREATE OR REPLACE TEMP TABLE l_former AS SELECT * FROM l_account AS a WHERE a.n IN (SELECT n FROM l_moved) "
        "OR a.address IN (SELECT address FROM l_places WHERE address IS NOT NULL) "
        "OR a.domain IN (SELECT domain FROM l_places WHERE domain IS NOT NULL)"
    )
    raw = "n, account_id, person, name, seller, address, domain, country, identity"
    run("DELETE FROM l_account WHERE n IN (SELECT n FROM l_former)")
    run(
        f"CREATE OR REPLACE TEMP TABLE l_around AS SELECT {raw} FROM l_former WHERE n NOT IN (SELECT n FROM l_moved) "
        f"UNION ALL SELECT {raw} FROM l_moved"
    )
    run(f"INSERT INTO l_account SELECT {raw}, home, employer FROM ({graph.derived('l_around')}) AS now")
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM f.{name}" for name in _FACTS)
    run(
        "CREATE OR REPLACE TEMP TABLE l_turned AS SELECT a.n, CASE WHEN a.identity IS DISTINCT FROM f.identity THEN 1 ELSE 0 END AS identity "
        f"FROM l_former AS f JOIN l_account AS a ON a.n = f.n WHERE {differs}"
    )


def _parts(engine: Engine, parts: str) -> None:
    """Name parts of the named accounts as they are now; whoever has others than before is among ``l_turned``."""
    run = engine.run
    given = (
        f"SELECT DISTINCT a.n, hash(p.part) AS part FROM {parts} AS p JOIN l_named AS a ON a.account_id = p.account_id"
    )
    run(f"CREATE OR REPLACE TEMP TABLE l_spelt AS {given if parts else 'SELECT n, part FROM l_part WHERE FALSE'}")
    run(
        "CREATE OR REPLACE TEMP TABLE l_spelt_before AS SELECT p.n, p.part FROM l_part AS p JOIN l_named AS a ON a.n = p.n"
    )
    differs = (
        "SELECT n FROM (SELECT * FROM l_spelt EXCEPT SELECT * FROM l_spelt_before) AS more UNION "
        "SELECT n FROM (SELECT * FROM l_spelt_before EXCEPT SELECT * FROM l_spelt) AS fewer"
    )
    run(f"INSERT INTO l_turned SELECT n, 0 FROM ({differs}) AS others")
    run("DELETE FROM l_part WHERE n IN (SELECT n FROM l_named)")
    run("INSERT INTO l_part SELECT * FROM l_spelt")


def _rows(graph: Evidence, engine: Engine, source: str, *, whole: bool) -> None:
    """Put observations among the old ones: ``l_gone`` and ``l_come`` are the rows that fell away and came."""
    run = engine.run
    new = f"SELECT n, MIN(kind) AS kind, code, MIN(first_day) AS first_day, MAX(last_day) AS last_day FROM ({graph.numbered(source)}) AS given_rows GROUP BY n, code"
    run(f"CREATE OR REPLACE TEMP TABLE l_new AS {new}")
    old = "SELECT s.* FROM l_seen AS s JOIN l_new AS w ON w.n = s.n AND w.code = s.code"
    if whole:
        old += " UNION SELECT s.* FROM l_seen AS s JOIN l_named AS a ON a.n = s.n AND a.fresh = 0"
    run(f"CREATE OR REPLACE TEMP TABLE l_old AS {old}")
    kept = "SELECT * FROM l_old" + (" WHERE n NOT IN (SELECT n FROM l_named)" if whole else "")
    run(
        "CREATE OR REPLACE TEMP TABLE l_next AS SELECT n, MIN(kind) AS kind, code, MIN(first_day) AS first_day, MAX(last_day) AS last_day "
        f"FROM ({kept} UNION ALL SELECT * FROM l_new) AS both_sides GROUP BY n, code"
    )
    run("CREATE OR REPLACE TEMP TABLE l_gone AS SELECT * FROM l_old EXCEPT SELECT * FROM l_next")
    run("CREATE OR REPLACE TEMP TABLE l_come AS SELECT * FROM l_next EXCEPT SELECT * FROM l_old")
    hubs = (
        "SELECT s.kind, s.code FROM l_seen AS s JOIN l_turned AS t ON t.n = s.n AND t.identity = 1 "
        "JOIN l_kind AS k ON k.kind = s.kind AND k.identities > 0"
    )
    moved = "SELECT kind, code, 1 AS more FROM l_come UNION ALL SELECT kind, code, -1 FROM l_gone UNION ALL "
    # A value without a count had one holder or none; one with a count is counted on, so that the rows of a hub are not read.
    run(
        "CREATE OR REPLACE TEMP TABLE l_touched AS SELECT w.kind, w.code, k.generates, "
        "v.holders + w.more AS counted, CASE WHEN v.holders IS NULL OR v.holders <= k.most OR v.holders + w.more <= k.most "
        "THEN 1 ELSE 0 END AS small FROM (SELECT kind, code, SUM(more) AS more FROM "
        f"({moved}SELECT kind, code, 0 FROM ({hubs}) AS hubs) AS moved GROUP BY kind, code) AS w "
        "JOIN l_kind AS k ON k.kind = w.kind LEFT JOIN l_value AS v ON v.code = w.code"
    )
    if engine.rows("SELECT COUNT(*) FROM l_gone")[0][0]:
        run("DELETE FROM l_seen USING l_gone WHERE l_gone.n = l_seen.n AND l_gone.code = l_seen.code")
    run("INSERT INTO l_seen SELECT n, kind, code, first_day, last_day FROM l_come")


def _values(engine: Engine) -> None:
    """Count the holders of touched values again; ``l_near`` then holds the rows of those that link now or did before."""
    run = engine.run
    run(
        "CREATE OR REPLACE TEMP TABLE l_rows AS SELECT s.* FROM l_touched AS t JOIN l_seen AS s ON s.code = t.code WHERE t.small = 1"
    )
    run(
        "CREATE OR REPLACE TEMP TABLE l_fresh AS SELECT t.kind, t.code, CAST(CASE WHEN t.small = 1 THEN COALESCE(c.holders, 0) "
        "ELSE t.counted END AS INTEGER) AS holders, 0 AS hub, t.small, t.generates FROM l_touched AS t "
        "LEFT JOIN (SELECT code, COUNT(*) AS holders FROM l_rows GROUP BY code) AS c ON c.code = t.code"
    )
    run("DELETE FROM l_value USING l_touched WHERE l_touched.code = l_value.code")
    run("INSERT INTO l_value SELECT kind, code, holders, hub FROM l_fresh WHERE holders > 1")
    run(
        "CREATE OR REPLACE TEMP TABLE l_near AS SELECT s.*, CASE WHEN f.generates = 1 AND f.holders <= k.most THEN 1 ELSE 0 END AS generates "
        "FROM l_rows AS s JOIN l_fresh AS f ON f.code = s.code JOIN l_kind AS k ON k.kind = f.kind"
    )


def _score(engine: Engine) -> int:
    """Score again the pairs that the change can reach: others have the same evidence as before."""
    run = engine.run
    run("CREATE OR REPLACE TEMP TABLE l_dirty AS SELECT n FROM l_gone UNION SELECT n FROM l_turned")
    run(
        "CREATE OR REPLACE TEMP TABLE l_close AS SELECT x.n AS a, y.n AS b FROM l_near AS x "
        "JOIN l_near AS y ON y.code = x.code AND y.n > x.n WHERE x.generates = 1 "
        "UNION SELECT p.a, p.b FROM l_pair AS p JOIN l_near AS x ON x.n = p.a JOIN l_near AS y ON y.n = p.b AND y.code = x.code "
        "UNION SELECT p.a, p.b FROM l_pair AS p JOIN l_dirty AS d ON d.n = p.a "
        "UNION SELECT p.a, p.b FROM l_pair AS p JOIN l_dirty AS d ON d.n = p.b"
    )
    run("CREATE OR REPLACE TEMP TABLE l_who AS SELECT a AS n FROM l_close UNION SELECT b FROM l_close")
    run("CREATE OR REPLACE TEMP TABLE l_theirs AS SELECT s.* FROM l_seen AS s JOIN l_who AS w ON w.n = s.n")
    run(f"CREATE OR REPLACE TEMP TABLE l_held AS {pairs.held('l_value', 'l_theirs')}")
    run(f"CREATE OR REPLACE TEMP TABLE l_again AS {pairs.candidates('l_held', 'l_close')}")
    run("DELETE FROM l_shared USING l_close WHERE l_close.a = l_shared.a AND l_close.b = l_shared.b")
    run("DELETE FROM l_pair USING l_close WHERE l_close.a = l_pair.a AND l_close.b = l_pair.b")
    run("INSERT INTO l_pair SELECT * FROM l_again")
    run(f"INSERT INTO l_shared {pairs.shared('l_again')}")
    run("DROP TABLE l_held")
    return int(engine.rows("SELECT COUNT(*) FROM l_close")[0][0])
