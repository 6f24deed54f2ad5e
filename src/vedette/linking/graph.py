"""Evidence over all accounts: which values link, which pairs they make candidates, and the bits of each pair, in SQL.

Works on three relations that the engine must have: ``link_observation`` (account_id, kind, value, first_us, last_us; one row
each), ``link_account`` and ``link_name_part`` as ``observe`` makes them. Texts become 64-bit hashes at the door, so that ten
million observations fit in a quarter of a gigabyte; everything after is joins of integers that any SQL engine has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vedette.linking import pairs
from vedette.linking.change import change
from vedette.linking.model import Link, Part, Weights, population, prior, weight
from vedette.linking.observe import Engine

_DAY = 86_400_000_000
_HASHED = ("name", "seller", "address", "domain", "country", "identity")
_RAW = "account_id, person, " + ", ".join(f"CASE WHEN {c} IS NULL THEN NULL ELSE hash({c}) END AS {c}" for c in _HASHED)


class Graph:
    """All evidence of one population. ``rebuild`` reads everything; ``add`` only what new rows can change."""

    def __init__(self, engine: Engine, weights: Weights, *, kept: bool = False) -> None:
        """``kept`` says that the engine has the tables of an earlier ``rebuild`` with the same weights."""
        self.engine = engine
        self._weights = weights
        self._numbers = {kind.kind: number for number, kind in enumerate(weights.kinds)}
        self.accounts = 0
        self._population = 0
        if kept:
            self.accounts = int(engine.rows("SELECT COUNT(*) FROM l_account")[0][0])
            self._population = population(self.accounts)
        else:
            self._make_kinds()

    def _make_kinds(self) -> None:
        rows = ", ".join(
            f"({number}, '{kind.kind}', '{kind.family}', {kind.most_holders}, {int(kind.generates)}, "
            f"{-1 if kind.recycled_days is None else kind.recycled_days}, {kind.identities or 0}, "
            f"{int('kin' in kind.explained_by)}, {int('reseller' in kind.explained_by)}, {int('employer' in kind.explained_by)})"
            for number, kind in enumerate(self._weights.kinds)
        )
        names = "kind, word, family, most, generates, recycled, identities, kin, reseller, employer"
        self.engine.run(f"CREATE OR REPLACE TABLE l_kind AS SELECT * FROM (VALUES {rows}) AS given({names})")

    # -- everything

    def rebuild(self) -> int:
        """Read all accounts and observations, and score every candidate pair; returns how many pairs those are."""
        self.read()
        return self.score_all()

    def read(self) -> None:
        """Read all accounts and observations and count holders, without scoring a pair."""
        run = self.engine.run
        run(
            f"CREATE OR REPLACE TEMP TABLE l_raw AS SELECT CAST(row_number() OVER (ORDER BY account_id) AS INTEGER) AS n, {_RAW} FROM link_account"
        )
        run(f"CREATE OR REPLACE TABLE l_account AS {self.derived('l_raw')}")
        run("DROP TABLE l_raw")
        run(
            "CREATE OR REPLACE TABLE l_part AS SELECT a.n, hash(p.part) AS part FROM link_name_part AS p "
            "JOIN l_account AS a ON a.account_id = p.account_id"
        )
        run(f"CREATE OR REPLACE TABLE l_seen AS {self.numbered('link_observation')}")
        run(f"CREATE OR REPLACE TABLE l_value AS {pairs.values('l_seen')}")
        self.count()

    @staticmethod
    def raw(accounts: str) -> str:
        """SQL of accounts with their texts as hashes."""
        return f"SELECT {_RAW} FROM {accounts} AS given_accounts"

    def derived(self, raw: str) -> str:
        """SQL of accounts with their home (an address that few have) and employer (a mail domain of somebody's own)."""
        few, own = self._weights.home_holders, self._weights.public_countries
        return (
            f"SELECT r.*, h.address AS home, CASE WHEN r.person = 1 THEN d.domain END AS employer FROM {raw} AS r "
            f"LEFT JOIN (SELECT address FROM {raw} WHERE address IS NOT NULL GROUP BY address HAVING COUNT(*) <= {few}) AS h "
            f"ON h.address = r.address LEFT JOIN (SELECT domain FROM {raw} WHERE domain IS NOT NULL GROUP BY domain "
            f"HAVING COUNT(DISTINCT country) < {own}) AS d ON d.domain = r.domain"
        )

    def numbered(self, source: str) -> str:
        """SQL of observations as numbers; days are nought where they do not matter, so that being seen again changes nothing."""
        first, last = (
            f"CASE WHEN k.recycled < 0 THEN 0 ELSE CAST(FLOOR(o.{side}_us / {_DAY}) AS INTEGER) END"
            for side in ("first", "last")
        )
        return (
            f"SELECT a.n, CAST(k.kind AS TINYINT) AS kind, hash(k.kind, o.value) AS code, {first} AS first_day, {last} AS last_day "
            f"FROM {source} AS o JOIN l_kind AS k ON k.word = o.kind JOIN l_account AS a ON a.account_id = o.account_id"
        )

    def count(self) -> bool:
        """Count accounts and set the bits of every kind and number of holders; true where the house has doubled."""
        self.accounts = int(self.engine.rows("SELECT COUNT(*) FROM l_account")[0][0])
        size = population(self.accounts)
        if size == self._population:
            return False
        self._population = size
        rows = ", ".join(
            f"({self._numbers[kind.kind]}, {holders}, {weight(kind, holders, size)!r})"
            for kind in self._weights.kinds
            for holders in range(1, kind.most_holders + 1)
        )
        self.engine.run(
            f"CREATE OR REPLACE TABLE l_bits AS SELECT CAST(kind AS TINYINT) AS kind, holders, CAST(bits AS DOUBLE) AS bits "
            f"FROM (VALUES {rows}) AS given(kind, holders, bits)"
        )
        return True

    def mark_hubs(self, seen: str) -> None:
        """Mark values that too many verified identities hold, among those of the given observations."""
        found = pairs.hubs("l_value", seen)
        self.engine.run(f"UPDATE l_value SET hub = 1 FROM ({found}) AS found WHERE found.code = l_value.code")

    # -- only what new rows touch

    def add(self, source: str, accounts: str = "", parts: str = "", *, whole: bool = False) -> int:
        """Take in new observations, and new or changed accounts with their name parts; returns how many pairs were scored again.

        ``source``, ``accounts`` and ``parts`` name relations of the same columns as those read by ``rebuild``. The parts of the
        named accounts are complete; with ``whole`` their observations are so too, and what they had before and is not among
        them goes. The result equals reading everything, in whatever order things came.
        """
        return change(self, self.engine, source, accounts, parts, whole=whole)

    def score_all(self) -> int:
        """Score every candidate pair; returns how many those are."""
        run = self.engine.run
        run(f"CREATE OR REPLACE TEMP TABLE l_held AS {pairs.held('l_value')}")
        run(f"CREATE OR REPLACE TABLE l_pair AS {pairs.candidates('l_held')}")
        run(f"CREATE OR REPLACE TABLE l_shared AS {pairs.shared('l_pair')}")
        run("DROP TABLE l_held")
        return int(self.engine.rows("SELECT COUNT(*) FROM l_pair")[0][0])

    # -- answers

    def close(self) -> frozenset[tuple[str, str]] | None:
        """The pairs that the last ``add`` scored again, None where it scored all."""
        if not self.engine.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'l_close'"):
            return None
        rows = self.engine.rows(
            "SELECT LEAST(x.account_id, y.account_id), GREATEST(x.account_id, y.account_id) FROM l_close AS c "
            "JOIN l_account AS x ON x.n = c.a JOIN l_account AS y ON y.n = c.b"
        )
        return frozenset((row[0], row[1]) for row in rows)

    def links(self, least: float, *, parts: bool = True, near: bool = False) -> list[Link]:
        """Every pair with at least so many bits, ordered by accounts; with what it shares, unless that is not wanted.

        With ``near`` only of the pairs that the last ``add`` scored again.
        """
        limit = "JOIN l_close AS c ON c.a = s.a AND c.b = s.b " if near else ""
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE l_link AS {self._scored(least, limit)}")
        shared = self._parts() if parts else {}
        rows = self.engine.rows(
            "SELECT x.account_id, y.account_id, l.a, l.b, l.bits FROM l_link AS l JOIN l_account AS x ON x.n = l.a "
            "JOIN l_account AS y ON y.n = l.b"
        )
        found = []
        for left, right, a, b, bits in rows:
            first, second = (left, right) if left < right else (right, left)
            found.append(Link(first, second, bits, shared.get((a, b), ())))
        return sorted(found, key=lambda link: link.pair)

    def _scored(self, least: float, limit: str) -> str:
        start = prior(self._population, self._weights.mates)
        return (
            f"SELECT a, b, SUM(counted) + {start!r} AS bits FROM (SELECT s.a, s.b, k.family, "
            f"MAX(s.bits) + LEAST({self._weights.family_extra!r}, SUM(s.bits) - MAX(s.bits)) AS counted FROM l_shared AS s "
            f"JOIN l_kind AS k ON k.kind = s.kind {limit}GROUP BY s.a, s.b, k.family) AS families GROUP BY a, b "
            f"HAVING SUM(counted) + {start!r} >= {least!r}"
        )

    def _parts(self) -> dict[tuple[int, int], tuple[Part, ...]]:
        found: dict[tuple[int, int], list[Part]] = {}
        rows = self.engine.rows(
            "SELECT s.a, s.b, k.word, k.family, s.holders, s.bits FROM l_shared AS s JOIN l_link AS l ON l.a = s.a AND l.b = s.b "
            "JOIN l_kind AS k ON k.kind = s.kind ORDER BY s.a, s.b, s.bits DESC, k.word"
        )
        for a, b, word, family, holders, bits in rows:
            found.setdefault((a, b), []).append(Part(word, family, holders, bits))
        return {pair: tuple(parts) for pair, parts in found.items()}

    def reasons(self) -> dict[tuple[str, str], frozenset[str]]:
        """For each pair of the last ``links`` what explains sharing honestly between its accounts, where anything does."""
        rows = self.engine.rows(
            "SELECT LEAST(x.account_id, y.account_id), GREATEST(x.account_id, y.account_id), p.kin, p.reseller, p.employer "
            "FROM l_link AS l JOIN l_pair AS p ON p.a = l.a AND p.b = l.b JOIN l_account AS x ON x.n = l.a "
            "JOIN l_account AS y ON y.n = l.b WHERE p.kin + p.reseller + p.employer > 0"
        )
        names = ("kin", "reseller", "employer")
        return {
            (row[0], row[1]): frozenset(name for name, flag in zip(names, row[2:], strict=True) if flag) for row in rows
        }

    def prior_bits(self) -> float:
        """What every pair starts with."""
        return prior(self._population, self._weights.mates)

    def hubs(self) -> list[tuple[str, int, str]]:
        """(kind, holders, why) of each value that links nobody: held by too many, or by too many verified identities."""
        return [
            (word, holders, "many verified identities" if hub else "many holders")
            for word, holders, hub in self.engine.rows(
                "SELECT k.word, v.holders, v.hub FROM l_value AS v JOIN l_kind AS k ON k.kind = v.kind "
                "WHERE v.hub = 1 OR (v.holders > k.most AND k.generates = 1) ORDER BY v.hub DESC, v.holders DESC, k.word LIMIT 1000"
            )
        ]

    def score(self, asked: Iterable[tuple[str, str]]) -> None:
        """Score just these pairs, candidates or not, for an explanation; ``links`` then answers for them only."""
        values = ", ".join(f"('{_safe(left)}', '{_safe(right)}')" for left, right in asked)
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE l_close AS SELECT LEAST(x.n, y.n) AS a, GREATEST(x.n, y.n) AS b FROM (VALUES {values}) "
            "AS given(one, other) JOIN l_account AS x ON x.account_id = one JOIN l_account AS y ON y.account_id = other"
        )
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE l_held AS {pairs.held('l_value')}")
        self.engine.run(f"CREATE OR REPLACE TABLE l_pair AS {pairs.explained('SELECT a, b FROM l_close')}")
        self.engine.run(f"CREATE OR REPLACE TABLE l_shared AS {pairs.shared('l_pair')}")
        self.engine.run("DROP TABLE l_held")

    def explanations(self) -> frozenset[str]:
        """What honest reasons for sharing the pairs just scored have: kin, reseller, employer."""
        names = ("kin", "reseller", "employer")
        rows = self.engine.rows("SELECT MAX(kin), MAX(reseller), MAX(employer) FROM l_pair")
        return frozenset(name for name, flag in zip(names, rows[0], strict=True) if flag)


def _safe(text: str) -> str:
    return text.replace("'", "''")


def new_rows(rows: Sequence[tuple[str, str, str, int, int]]) -> str:
    """A relation of observations given in memory, for ``add``."""
    values = ", ".join(
        f"('{_safe(account)}', '{_safe(kind)}', '{_safe(value)}', {first}, {last})"
        for account, kind, value, first, last in rows
    )
    return f"(SELECT * FROM (VALUES {values}) AS given(account_id, kind, value, first_us, last_us))"
