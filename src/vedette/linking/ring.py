"""The finding of this room: accounts that are one hand although they claim to be different people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from vedette.base import Evidence, Finding, Json, Strength, Subject, from_micros
from vedette.linking.model import Actor, Link

CHECK = "linking/ring"
_VERSION = "1"
_LEAST_ACCOUNTS = 3
_CAP_BITS = 7.0
Span = tuple[int, int]
_BLIND_SPOTS = (
    "A hand that keeps machines, keys, money and contacts apart is not seen. People who share all of these honestly, without a "
    "common name, home, employer or reseller, look the same: look at each link before asking anybody."
)


def rings(
    actors: Iterable[Actor],
    links: Collection[Link],
    *,
    identities: Mapping[str, str],
    names: Mapping[str, str],
    active: Mapping[str, Span],
) -> list[Finding]:
    """One finding for each actor of three and more accounts under different claimed identities.

    Different verified identities, or else different names, are what contradicts. Strong where the links of the actor rest on
    two independent families, medium where on one. ``active`` is when each account was first and last seen, so that the finding
    depends on the data and not on the day of the run: it begins with the second account.
    """
    found = []
    for actor in actors:
        claimed = {identities.get(one) or names.get(one) for one in actor.accounts} - {None}
        if len(actor.accounts) >= _LEAST_ACCOUNTS and len(claimed) > 1:
            spans = sorted(active[one] for one in actor.accounts)
            found.append(_finding(actor, _inside(actor, links), len(claimed), spans))
    return found


def _inside(actor: Actor, links: Collection[Link]) -> list[Link]:
    members = set(actor.accounts)
    return [link for link in links if link.left in members and link.right in members]


def _finding(actor: Actor, links: list[Link], claimed: int, spans: list[Span]) -> Finding:
    families = sorted({part.family for link in links for part in link.parts})
    count = len(actor.accounts)
    return Finding(
        check=CHECK,
        version=_VERSION,
        subject=Subject("actor", actor.actor_id),
        accounts=actor.accounts,
        family="linking",
        strength=Strength.STRONG if len(families) > 1 else Strength.MEDIUM,
        bits=_CAP_BITS if len(families) > 1 else _CAP_BITS - 2.0,
        summary=f"{count} accounts under {claimed} claimed identities are linked as one hand by {', '.join(families)}.",
        evidence=tuple(_evidence(link) for link in links),
        citation=("DEV-01",),
        blind_spots=_BLIND_SPOTS,
        first_seen=from_micros(spans[1][0]),
        last_seen=from_micros(max(spans[1][0], *(last for _, last in spans))),
        count=count,
    )


def _evidence(link: Link) -> Evidence:
    shared: list[Json] = [part.as_json() for part in link.parts]
    return Evidence("link", f"{link.left}|{link.right}", {"bits": link.bits, "shared": shared})
