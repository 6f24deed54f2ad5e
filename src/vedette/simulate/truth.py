"""What was planted, for measuring afterwards: never inside the export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from vedette.simulate.activity import Events
from vedette.simulate.planted import SHARED
from vedette.simulate.world import World


def rows(world: World, events: Events, paid: Mapping[int, int]) -> list[dict[str, str]]:
    """One row an account: actor, planted kind or honest group, and when the first planted evidence was there."""
    first = _first_seen(world, events, paid)
    by_actor: dict[str, list[int]] = defaultdict(list)
    for member in world.members:
        if member.actor and member.index in first:
            by_actor[member.actor].append(first[member.index])
    found = []
    for member in sorted(world.members, key=lambda each: each.id):
        seen = sorted(by_actor.get(member.actor, [])) if member.actor else []
        moment = _moment(first.get(member.index), seen, member.kind in SHARED and not member.evasive)
        found.append(
            {
                "account_id": member.id,
                "actor_id": member.actor,
                "planted": "true" if member.kind else "false",
                "kind": member.kind,
                "group": member.group,
                "first_evidence_at": "" if moment is None else world.stamp(moment),
                "evasive": "true" if member.evasive else "false",
            }
        )
    return found


def _first_seen(world: World, events: Events, paid: Mapping[int, int]) -> dict[int, int]:
    first = dict(paid)
    of_phase = np.array([each.planted for each in world.phases])
    keep = of_phase[events.phase] & events.success
    for at, time in zip(events.phase[keep].tolist(), events.time[keep].tolist(), strict=True):
        member = world.phases[at].member
        first[member] = min(time, first.get(member, time))
    for each in world.members:
        for moment in each.evidence:
            held = max(moment, world.start)
            first[each.index] = min(held, first.get(each.index, held))
    return first


def _moment(own: int | None, seen: list[int], shared: bool) -> int | None:
    """Evidence between accounts exists from the second of them on; an account without own evidence has its actor's."""
    if not seen:
        return own
    common = seen[1] if shared and len(seen) > 1 else seen[0]
    return common if own is None else max(own, common) if shared else own
