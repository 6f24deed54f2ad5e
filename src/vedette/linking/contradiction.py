"""What speaks against an actor being one hand: accounts of it in use at one time in two countries. A person decides what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vedette.base import Evidence, Finding, Strength, Subject, from_micros
from vedette.linking.model import Actor, Group, Weights
from vedette.linking.observe import Engine

CHECK = "linking/contradiction"
_VERSION = "1"
_WINDOW_US = 900_000_000
_LEAST_TIMES = 3
_BITS = 1.0
_BLIND_SPOTS = (
    "One hand with a tunnel that is on no list, or with a machine that works on its own, looks like two hands; the country of an address may "
    "be wrong. Two people who work in turns are not seen."
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two accounts that were used in two countries within a quarter of an hour, ``times`` times, first and last when (microseconds)."""

    left: str
    right: str
    times: int
    first_us: int
    last_us: int
    countries: tuple[str, str]

    @property
    def told(self) -> str:
        """One clause for a reviewer."""
        return f"{self.left} and {self.right} were used in {self.countries[0]} and {self.countries[1]} within 15 minutes {self.times} times"


def overlaps(engine: Engine, groups: Iterable[Group], used: Weights) -> dict[tuple[str, ...], list[Overlap]]:
    """For each group of accounts the pairs in it that contradict each other, from the sign-ins of the lake.

    Successful sign-ins count whose country is known and whose network is not shared by strangers by design; three and more on
    different devices within a quarter of an hour contradict.
    """
    places = {account: number for number, group in enumerate(groups) for account in group.accounts}
    if not places:
        return {}
    engine.run("CREATE OR REPLACE TEMP TABLE link_member (account_id VARCHAR, place INTEGER)")
    rows = list(places.items())
    for start in range(0, len(rows), 1_000):
        some = rows[start : start + 1_000]
        marks = ", ".join("(?, ?)" for _ in some)
        engine.run(f"INSERT INTO link_member VALUES {marks}", [cell for row in some for cell in row])
    found: dict[int, list[Overlap]] = {}
    for place, left, right, times, first, last, one, other in engine.rows(_sql(used)):
        found.setdefault(place, []).append(Overlap(left, right, times, first, last, (one, other)))
    return {group.accounts: found[place] for place, group in enumerate(groups) if place in found}


def _sql(used: Weights) -> str:
    excluded = ", ".join(f"'{name}'" for name in used.excluded_networks)
    return f"""
WITH used AS (
  SELECT DISTINCT m.place, s.account_id, s.time_us, s.ip_country, COALESCE(s.device_id, s.event_id) AS device,
    CAST(FLOOR(s.time_us / {_WINDOW_US}) AS BIGINT) AS slot
  FROM signins AS s JOIN link_member AS m ON m.account_id = s.account_id
  WHERE s.outcome = 'success' AND s.ip_country IS NOT NULL AND COALESCE(s.ip_class, 'unlisted') NOT IN ({excluded})
), near AS (
  SELECT place, account_id, time_us, ip_country, device, slot + 0 AS slot FROM used
  UNION ALL SELECT place, account_id, time_us, ip_country, device, slot + 1 AS slot FROM used
)
SELECT place, one, two, CAST(COUNT(*) AS BIGINT) AS times, MIN(time_us) AS first_us, MAX(time_us) AS last_us,
  MIN(country) AS country, MIN(country_two) AS country_two
FROM (
  SELECT DISTINCT x.place, x.account_id AS one, y.account_id AS two, x.time_us, x.ip_country AS country, y.ip_country AS country_two
  FROM near AS x JOIN near AS y ON y.place = x.place AND y.slot = x.slot AND y.account_id > x.account_id
  WHERE y.ip_country <> x.ip_country AND y.device <> x.device AND ABS(y.time_us - x.time_us) <= {_WINDOW_US}
) AS met
GROUP BY place, one, two HAVING COUNT(*) >= {_LEAST_TIMES} ORDER BY place, one, two"""


def contradictions(actors: Iterable[Actor], found: Mapping[tuple[str, ...], Sequence[Overlap]]) -> list[Finding]:
    """One finding for each actor whose accounts contradict each other."""
    return [_finding(actor, found[actor.accounts]) for actor in actors if actor.accounts in found]


def _finding(actor: Actor, found: Sequence[Overlap]) -> Finding:
    worst = max(found, key=lambda item: (item.times, item.left, item.right))
    count = len(found)
    more = f"; {count - 1} pairs more" if count > 1 else ""
    evidence = tuple(
        Evidence("overlap", f"{item.left}|{item.right}", {"times": item.times, "countries": list(item.countries)})
        for item in found
    )
    return Finding(
        check=CHECK,
        version=_VERSION,
        subject=Subject("actor", actor.actor_id),
        accounts=actor.accounts,
        family="linking",
        strength=Strength.WEAK,
        bits=_BITS,
        summary=f"Linked as one hand, yet {worst.told}{more}: several people, or a tunnel.",
        evidence=evidence,
        citation=("NET-08", "DEV-01"),
        blind_spots=_BLIND_SPOTS,
        first_seen=from_micros(min(item.first_us for item in found)),
        last_seen=from_micros(max(item.last_us for item in found)),
        count=count,
    )
