"""Evidence over all accounts: which values link, which pairs they make candidates, and the bits of each pair, in SQL.

Works on three relations that the engine must have: ``link_observation`` (account_id, kind, value, first_us, last_us; one row
each), ``link_account`` and ``link_name_part`` as ``observe`` makes them. Texts become 64-bit hashes at the door, so that ten
million observations fit in a quarter of a gigabyte; everything after is joins of integers that any SQL engine has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vedette.linking.model import Link, Part, Weights, population, prior, weight
from vedette.linking.observe import Engine

_DAY = 86_400_000_000
_ACCOUNT = (
    "account_id, person, CASE WHEN name IS NULL THEN NULL ELSE hash(name) END AS name, "
    "CASE WHEN seller IS NULL THEN NULL ELSE hash(seller) END AS seller, "
    "CASE WHEN home IS NULL THEN NULL ELSE hash(home) END AS home, "
    "CASE WHEN employer IS NULL THEN NULL ELSE hash(employer) END AS employer, "
    "CASE WHEN identity IS NULL THEN NULL ELSE hash(identity) END AS identity"
)


class Graph:
    """All evidence of one population. ``rebuild`` reads everything; ``add`` only what new rows can change."""

    def __init__(self, engine: Engine, weights: Weights) -> None:
        self._engine = engine
        self._weights = weights
        self._numbers = {kind.kind: number for number, kind in enumerate(weights.kinds)}
        self.accounts = 0
        self._population = 0
        self._make_kinds()

    def _make_kinds(self) -> None:
        rows = ", ".join(
            f"({number}, '{kind.kind}', '{kind.family}', {kind.most_holders}, {int(kind.generates)}, "
            f"{-1 if kind.recycled_days is None else kind.recycled_days}, {kind.identities or 0}, "
            f"{int('kin' in kind.explained_by)}, {int('reseller' in kind.explained_by)}, {int('employer' in kind.explained_by)})"
            for number, kind in enumerate(self._weights.kinds)
        )
        names = "kind, word, family, most, generates, recycled, identities, kin, reseller, employer"
        self._engine.run(f"CREATE TEMP TABLE l_kind AS SELECT * FROM (VALUES {rows}) AS given({names})")

    # -- everything

    def rebuild(self) -> int:
        """Read all accounts and observations, and score every candidate pair; returns how many pairs those are."""
        self.read()
        return self._score_all()

    def read(self) -> None:
        """Read all accounts and observations and count holders, without scoring a pair."""
        run = self._engine.run
        run(
            f"CREATE OR REPLACE TEMP TABLE l_account AS SELECT CAST(row_number() OVER (ORDER BY account_id) AS INTEGER) AS n, "
            f"{_ACCOUNT} FROM link_account"
        )
        run(
            "CREATE OR REPLACE TEMP TABLE l_part AS SELECT a.n, hash(p.part) AS part FROM link_name_part AS p "
            "JOIN l_account AS a ON a.account_id = p.account_id"
        )
        run(f"CREATE OR REPLACE TEMP TABLE l_seen AS {self._numbered('link_observation')}")
        run(f"CREATE OR REPLACE TEMP TABLE l_value AS {_values('l_seen')}")
        self._mark_hubs("l_seen")
        self._count()

    def _numbered(self, source: str) -> str:
        return (
            f"SELECT a.n, CAST(k.kind AS TINYINT) AS kind, hash(k.kind, o.value) AS code, "
            f"CAST(FLOOR(o.first_us / {_DAY}) AS INTEGER) AS first_day, CAST(FLOOR(o.last_us / {_DAY}) AS INTEGER) AS last_day "
            f"FROM {source} AS o JOIN l_kind AS k ON k.word = o.kind JOIN l_account AS a ON a.account_id = o.account_id"
        )

    def _count(self) -> bool:
        """Count accounts and set the bits of every kind and number of holders; true where the house has doubled."""
        self.accounts = int(self._engine.rows("SELECT COUNT(*) FROM l_account")[0][0])
        size = population(self.accounts)
        if size == self._population:
            return False
        self._population = size
        rows = ", ".join(
            f"({self._numbers[kind.kind]}, {holders}, {weight(kind, holders, size)!r})"
            for kind in self._weights.kinds
            for holders in range(1, kind.most_holders + 1)
        )
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE l_bits AS SELECT CAST(kind AS TINYINT) AS kind, holders, CAST(bits AS DOUBLE) AS bits "
            f"FROM (VALUES {rows}) AS given(kind, holders, bits)"
        )
        return True

    def _mark_hubs(self, seen: str) -> None:
        """Mark values that too many verified identities hold, among those of the given observations."""
        self._engine.run(
            f"""UPDATE l_value SET hub = 1 FROM (
  SELECT v.kind, v.code FROM l_value AS v JOIN l_kind AS k ON k.kind = v.kind AND k.identities > 0
  JOIN {seen} AS s ON s.code = v.code JOIN l_account AS a ON a.n = s.n
  WHERE v.holders >= k.identities AND v.holders <= k.most
  GROUP BY v.kind, v.code, k.identities HAVING COUNT(DISTINCT a.identity) >= k.identities
) AS found WHERE found.code = l_value.code"""
        )

    # -- only what new rows touch

    def add(self, source: str, accounts: str = "", parts: str = "") -> int:
        """Take in new observations, and new accounts with their name parts; returns how many pairs were scored again.

        ``source``, ``accounts`` and ``parts`` name relations of the same columns as those read by ``rebuild``. What an
        account had before stays; a changed account, or a mail domain that stops being somebody's own, needs ``rebuild``.
        """
        run = self._engine.run
        if accounts:
            run(
                f"INSERT INTO l_account SELECT (SELECT COALESCE(MAX(n), 0) FROM l_account) + row_number() OVER (ORDER BY account_id), "
                f"{_ACCOUNT} FROM {accounts} AS c WHERE NOT EXISTS (SELECT 1 FROM l_account AS a WHERE a.account_id = c.account_id)"
            )
        if parts:
            run(
                f"INSERT INTO l_part SELECT a.n, hash(p.part) FROM {parts} AS p JOIN l_account AS a ON a.account_id = p.account_id "
                "WHERE NOT EXISTS (SELECT 1 FROM l_part AS q WHERE q.n = a.n AND q.part = hash(p.part))"
            )
        run(f"CREATE OR REPLACE TEMP TABLE l_new AS {self._numbered(source)}")
        self._merge_seen()
        self._merge_values()
        self._mark_hubs("l_near")
        if self._count():
            return self._score_all()
        return self._score_touched()

    def _merge_seen(self) -> None:
        """Put new observations among the old ones; ``l_near`` then holds every row of a touched value that could link before.

        A value that had too many holders before links nobody now either, so only its count goes on.
        """
        run = self._engine.run
        run(
            "CREATE OR REPLACE TEMP TABLE l_touched AS SELECT w.kind, w.code, k.generates, COALESCE(v.holders, 0) AS holders, "
            "CASE WHEN COALESCE(v.holders, 0) <= k.most THEN 1 ELSE 0 END AS small FROM (SELECT DISTINCT kind, code FROM l_new) AS w "
            "JOIN l_kind AS k ON k.kind = w.kind LEFT JOIN l_value AS v ON v.code = w.code"
        )
        run(
            "CREATE OR REPLACE TEMP TABLE l_old AS SELECT s.*, CASE WHEN w.n IS NULL THEN 0 ELSE 1 END AS again FROM l_seen AS s "
            "JOIN l_touched AS t ON t.code = s.code LEFT JOIN l_new AS w ON w.n = s.n AND w.code = s.code "
            "WHERE t.small = 1 OR w.n IS NOT NULL"
        )
        both = "SELECT n, kind, code, first_day, last_day FROM l_old UNION ALL SELECT * FROM l_new"
        run(
            "CREATE OR REPLACE TEMP TABLE l_near AS SELECT n, MIN(kind) AS kind, code, MIN(first_day) AS first_day, "
            f"MAX(last_day) AS last_day FROM ({both}) AS rows_of_both GROUP BY n, code"
        )
        if self._engine.rows("SELECT COUNT(*) FROM l_old WHERE again = 1")[0][0]:
            run("DELETE FROM l_seen USING l_new WHERE l_new.n = l_seen.n AND l_new.code = l_seen.code")
        run("INSERT INTO l_seen SELECT r.* FROM l_near AS r JOIN l_new AS w ON w.n = r.n AND w.code = r.code")

    def _merge_values(self) -> None:
        run = self._engine.run
        run(
            "CREATE OR REPLACE TEMP TABLE l_fresh AS SELECT t.kind, t.code, CAST(CASE WHEN t.small = 1 THEN COUNT(*) ELSE "
            "t.holders + COUNT(*) - COALESCE(SUM(o.again), 0) END AS INTEGER) AS holders, 0 AS hub FROM l_touched AS t "
            "JOIN l_near AS r ON r.code = t.code LEFT JOIN l_old AS o ON o.n = r.n AND o.code = r.code "
            "GROUP BY t.kind, t.code, t.small, t.holders"
        )
        run("DELETE FROM l_value USING l_touched WHERE l_touched.code = l_value.code")
        run("INSERT INTO l_value SELECT * FROM l_fresh WHERE holders > 1")

    def _score_all(self) -> int:
        run = self._engine.run
        run(f"CREATE OR REPLACE TEMP TABLE l_held AS {_held('l_value')}")
        run(f"CREATE OR REPLACE TEMP TABLE l_pair AS {_candidates('l_held')}")
        run(f"CREATE OR REPLACE TEMP TABLE l_shared AS {_shared('l_pair')}")
        run("DROP TABLE l_held")
        return int(self._engine.rows("SELECT COUNT(*) FROM l_pair")[0][0])

    def _score_touched(self) -> int:
        """Score again the pairs that share a touched value: others have the same evidence as before."""
        run = self._engine.run
        alive = "JOIN l_touched AS t ON t.code = x.code AND t.small = 1"
        run(
            f"CREATE OR REPLACE TEMP TABLE l_close AS SELECT x.n AS a, y.n AS b FROM l_near AS x {alive} AND t.generates = 1 "
            "JOIN l_near AS y ON y.code = x.code AND y.n > x.n "
            f"UNION SELECT p.a, p.b FROM l_pair AS p JOIN l_near AS x ON x.n = p.a {alive} "
            "JOIN l_near AS y ON y.n = p.b AND y.code = x.code"
        )
        run("CREATE OR REPLACE TEMP TABLE l_who AS SELECT a AS n FROM l_close UNION SELECT b FROM l_close")
        run("CREATE OR REPLACE TEMP TABLE l_theirs AS SELECT s.* FROM l_seen AS s JOIN l_who AS w ON w.n = s.n")
        run(f"CREATE OR REPLACE TEMP TABLE l_held AS {_held('l_value', 'l_theirs')}")
        run(f"CREATE OR REPLACE TEMP TABLE l_again AS {_candidates('l_held', 'l_close')}")
        run("DELETE FROM l_shared USING l_close WHERE l_close.a = l_shared.a AND l_close.b = l_shared.b")
        run("DELETE FROM l_pair USING l_close WHERE l_close.a = l_pair.a AND l_close.b = l_pair.b")
        run("INSERT INTO l_pair SELECT * FROM l_again")
        run(f"INSERT INTO l_shared {_shared('l_again')}")
        run("DROP TABLE l_held")
        return int(self._engine.rows("SELECT COUNT(*) FROM l_close")[0][0])

    # -- answers

    def links(self, least: float, *, parts: bool = True) -> list[Link]:
        """Every pair with at least so many bits, ordered by accounts; with what it shares, unless that is not wanted."""
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE l_link AS {self._scored(least)}")
        shared = self._parts() if parts else {}
        rows = self._engine.rows(
            "SELECT x.account_id, y.account_id, l.a, l.b, l.bits FROM l_link AS l JOIN l_account AS x ON x.n = l.a "
            "JOIN l_account AS y ON y.n = l.b"
        )
        found = []
        for left, right, a, b, bits in rows:
            first, second = (left, right) if left < right else (right, left)
            found.append(Link(first, second, bits, shared.get((a, b), ())))
        return sorted(found, key=lambda link: link.pair)

    def _scored(self, least: float) -> str:
        start = prior(self._population, self._weights.mates)
        return (
            f"SELECT a, b, SUM(counted) + {start!r} AS bits FROM (SELECT s.a, s.b, k.family, "
            f"MAX(s.bits) + LEAST({self._weights.family_extra!r}, SUM(s.bits) - MAX(s.bits)) AS counted FROM l_shared AS s "
            "JOIN l_kind AS k ON k.kind = s.kind GROUP BY s.a, s.b, k.family) AS families GROUP BY a, b "
            f"HAVING SUM(counted) + {start!r} >= {least!r}"
        )

    def _parts(self) -> dict[tuple[int, int], tuple[Part, ...]]:
        found: dict[tuple[int, int], list[Part]] = {}
        rows = self._engine.rows(
            "SELECT s.a, s.b, k.word, k.family, s.holders, s.bits FROM l_shared AS s JOIN l_link AS l ON l.a = s.a AND l.b = s.b "
            "JOIN l_kind AS k ON k.kind = s.kind ORDER BY s.a, s.b, s.bits DESC, k.word"
        )
        for a, b, word, family, holders, bits in rows:
            found.setdefault((a, b), []).append(Part(word, family, holders, bits))
        return {pair: tuple(parts) for pair, parts in found.items()}

    def prior_bits(self) -> float:
        """What every pair starts with."""
        return prior(self._population, self._weights.mates)

    def hubs(self) -> list[tuple[str, int, str]]:
        """(kind, holders, why) of each value that links nobody: held by too many, or by too many verified identities."""
        return [
            (word, holders, "many verified identities" if hub else "many holders")
            for word, holders, hub in self._engine.rows(
                "SELECT k.word, v.holders, v.hub FROM l_value AS v JOIN l_kind AS k ON k.kind = v.kind "
                "WHERE v.hub = 1 OR (v.holders > k.most AND k.generates = 1) ORDER BY v.hub DESC, v.holders DESC, k.word LIMIT 1000"
            )
        ]

    def score(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Score just these pairs, candidates or not, for an explanation; ``links`` then answers for them only."""
        values = ", ".join(f"('{_safe(left)}', '{_safe(right)}')" for left, right in pairs)
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE l_close AS SELECT LEAST(x.n, y.n) AS a, GREATEST(x.n, y.n) AS b FROM (VALUES {values}) "
            "AS given(one, other) JOIN l_account AS x ON x.account_id = one JOIN l_account AS y ON y.account_id = other"
        )
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE l_held AS {_held('l_value')}")
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE l_pair AS {_explained('SELECT a, b FROM l_close')}")
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE l_shared AS {_shared('l_pair')}")
        self._engine.run("DROP TABLE l_held")

    def explanations(self) -> frozenset[str]:
        """What honest reasons for sharing the pairs just scored have: kin, reseller, employer."""
        names = ("kin", "reseller", "employer")
        rows = self._engine.rows("SELECT MAX(kin), MAX(reseller), MAX(employer) FROM l_pair")
        return frozenset(name for name, flag in zip(names, rows[0], strict=True) if flag)


def _safe(text: str) -> str:
    return text.replace("'", "''")


def _values(seen: str) -> str:
    """Values with two or more holders; ``hub`` is set later."""
    return f"SELECT MIN(kind) AS kind, code, CAST(COUNT(*) AS INTEGER) AS holders, 0 AS hub FROM {seen} GROUP BY code HAVING COUNT(*) > 1"


def _held(values: str, seen: str = "l_seen") -> str:
    """Observations of values that may link."""
    return (
        f"SELECT s.n, s.kind, s.code, s.first_day, s.last_day, v.holders FROM {seen} AS s JOIN {values} AS v "
        "ON v.code = s.code JOIN l_kind AS k ON k.kind = v.kind WHERE v.holders <= k.most AND v.hub = 0"
    )


def _candidates(held: str, within: str = "") -> str:
    """Pairs that share a strong value, with what explains honest sharing between them."""
    limit = f"JOIN {within} AS w ON w.a = x.n AND w.b = y.n" if within else ""
    return _explained(
        f"SELECT DISTINCT x.n AS a, y.n AS b FROM {held} AS x JOIN l_kind AS k ON k.kind = x.kind AND k.generates = 1 "
        f"JOIN {held} AS y ON y.code = x.code AND y.n > x.n {limit}"
    )


def _explained(pairs: str) -> str:
    """Pairs with flags: one home or one part of different names (kin), one seller, one employer."""
    return f"""
SELECT c.a, c.b,
  CASE WHEN x.home = y.home OR (x.name <> y.name AND kin.a IS NOT NULL) THEN 1 ELSE 0 END AS kin,
  CASE WHEN x.seller = y.seller THEN 1 ELSE 0 END AS reseller,
  CASE WHEN x.employer = y.employer THEN 1 ELSE 0 END AS employer
FROM ({pairs}) AS c JOIN l_account AS x ON x.n = c.a JOIN l_account AS y ON y.n = c.b
LEFT JOIN (
  SELECT DISTINCT d.a, d.b FROM ({pairs}) AS d JOIN l_part AS p ON p.n = d.a JOIN l_part AS q ON q.n = d.b AND q.part = p.part
  JOIN l_account AS one ON one.n = d.a JOIN l_account AS two ON two.n = d.b WHERE one.person = 1 AND two.person = 1
) AS kin ON kin.a = c.a AND kin.b = c.b"""


def _shared(pairs: str) -> str:
    """For each pair and kind the bits of the rarest shared value that nothing honest explains and whose times fit."""
    return f"""
SELECT c.a, c.b, x.kind, CAST(MIN(x.holders) AS INTEGER) AS holders, MAX(w.bits) AS bits
FROM {pairs} AS c JOIN l_held AS x ON x.n = c.a JOIN l_held AS y ON y.n = c.b AND y.code = x.code
JOIN l_kind AS k ON k.kind = x.kind JOIN l_bits AS w ON w.kind = x.kind AND w.holders = x.holders
WHERE NOT (k.kin = 1 AND c.kin = 1) AND NOT (k.reseller = 1 AND c.reseller = 1) AND NOT (k.employer = 1 AND c.employer = 1)
  AND (k.recycled < 0 OR (x.first_day - k.recycled <= y.last_day AND y.first_day - k.recycled <= x.last_day))
GROUP BY c.a, c.b, x.kind"""


def new_rows(rows: Sequence[tuple[str, str, str, int, int]]) -> str:
    """A relation of observations given in memory, for ``add``."""
    values = ", ".join(
        f"('{_safe(account)}', '{_safe(kind)}', '{_safe(value)}', {first}, {last})"
        for account, kind, value, first, last in rows
    )
    return f"(SELECT * FROM (VALUES {values}) AS given(account_id, kind, value, first_us, last_us))"
