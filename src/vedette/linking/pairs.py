"""The SQL of evidence: values that may link, candidate pairs, what explains them honestly, and the bits of what they share.

Relations are named by the caller: ``l_kind``, ``l_account``, ``l_part`` and ``l_bits`` are those of ``graph``.
"""

from __future__ import annotations


def values(seen: str) -> str:
    """Values with two or more holders; ``hub`` is 1 where too many verified identities hold one."""
    return f"""
WITH counted AS (
  SELECT MIN(kind) AS kind, code, CAST(COUNT(*) AS INTEGER) AS holders FROM {seen} GROUP BY code HAVING COUNT(*) > 1
)
SELECT c.kind, c.code, c.holders, CASE WHEN h.code IS NULL THEN 0 ELSE 1 END AS hub
FROM counted AS c LEFT JOIN ({hubs("counted", seen)}) AS h ON h.code = c.code"""


def hubs(counted: str, seen: str) -> str:
    """Codes of values that too many verified identities hold, among the given observations."""
    return f"""
SELECT v.code FROM {counted} AS v JOIN l_kind AS k ON k.kind = v.kind AND k.identities > 0
JOIN {seen} AS s ON s.code = v.code JOIN l_account AS a ON a.n = s.n
WHERE v.holders >= k.identities AND v.holders <= k.most
GROUP BY v.code, k.identities HAVING COUNT(DISTINCT a.identity) >= k.identities"""


def held(counted: str, seen: str = "l_seen") -> str:
    """Observations of values that may link."""
    return (
        f"SELECT s.n, s.kind, s.code, s.first_day, s.last_day, v.holders FROM {seen} AS s JOIN {counted} AS v "
        "ON v.code = s.code JOIN l_kind AS k ON k.kind = v.kind WHERE v.holders <= k.most AND v.hub = 0"
    )


def candidates(rows: str, within: str = "") -> str:
    """Pairs that share a strong value, with what explains honest sharing between them."""
    limit = f"JOIN {within} AS w ON w.a = x.n AND w.b = y.n" if within else ""
    return explained(
        f"SELECT DISTINCT x.n AS a, y.n AS b FROM {rows} AS x JOIN l_kind AS k ON k.kind = x.kind AND k.generates = 1 "
        f"JOIN {rows} AS y ON y.code = x.code AND y.n > x.n {limit}"
    )


def explained(pairs: str) -> str:
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


def shared(pairs: str) -> str:
    """For each pair and kind the bits of the rarest shared value that nothing honest explains and whose times fit."""
    return f"""
SELECT c.a, c.b, x.kind, CAST(MIN(x.holders) AS INTEGER) AS holders, MAX(w.bits) AS bits
FROM {pairs} AS c JOIN l_held AS x ON x.n = c.a JOIN l_held AS y ON y.n = c.b AND y.code = x.code
JOIN l_kind AS k ON k.kind = x.kind JOIN l_bits AS w ON w.kind = x.kind AND w.holders = x.holders
WHERE NOT (k.kin = 1 AND c.kin = 1) AND NOT (k.reseller = 1 AND c.reseller = 1) AND NOT (k.employer = 1 AND c.employer = 1)
  AND (k.recycled < 0 OR (x.first_day - k.recycled <= y.last_day AND y.first_day - k.recycled <= x.last_day))
GROUP BY c.a, c.b, x.kind"""
