"""Blind matching: a million tags published, ten thousand identifiers asked, on the processes of this machine.

Run: ``python bench/blind.py [TAGS] [QUERIES] [MEMBERS]``. Everything runs here, every member's part included; in use each member
computes on its own machine. The network is left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vedette.sharing.blind import compute, tagset, voprf

_WORKERS = 2


class Member:
    """A member in this process, whose own part is timed apart."""

    def __init__(self, number: int) -> None:
        self.pair = voprf.derive_key_pair(bytes([number]) * 32, b"bench")
        self.name, self.share_key = f"m{number}", self.pair.public
        self.seconds = 0.0

    def evaluate(self, elements: Sequence[bytes]) -> tuple[tuple[bytes, ...], bytes]:
        """What a member computes for one batch."""
        start = time.perf_counter()
        answer = voprf.blind_evaluate(self.pair, elements)
        self.seconds += time.perf_counter() - start
        return answer


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how long something took."""
    start = time.perf_counter()
    yield
    took = time.perf_counter() - start
    sys.stdout.write(f"{what:<66} {took:8.2f} s  {count / took:12,.0f}/s\n")


def messages(prefix: str, count: int) -> list[bytes]:
    """Invented identifiers."""
    return [compute.message("bench", "bep_bench", "email", f"{prefix}{number}@example.org") for number in range(count)]


def main(tags: int, queries: int, members: int) -> None:
    """Publish, then ask."""
    alone = Member(200)
    held, asked = messages("held", tags), [*messages("held", queries // 10), *messages("ask", queries - queries // 10)]
    with (
        timed(f"publish {tags:,} under one key ({_WORKERS} processes)", tags),
        compute.workers(_WORKERS, tags) as spread,
    ):
        found = compute.direct_tags(alone.pair.secret, held, spread=spread)
    with timed("  pad, sort, seal and open the set", tags):
        data = tagset.padded(found, b"k" * 32, "bench")
        data = tagset.opened(tagset.sealed(data, b"k" * 32, "bench"), b"k" * 32, "bench")
    _ask(f"ask {queries:,} of 1 member", asked, [alone], data)
    group = [Member(number) for number in range(members)]
    own = messages("held", max(1, min(tags, queries)))
    what = f"publish {len(own):,} under the joint key of {members} members"
    with timed(what, len(own)), compute.workers(_WORKERS, len(own)) as spread:
        joint = tagset.padded(compute.tags_of(own, group, spread=spread), b"k" * 32, "bench")
    _ask(f"ask {queries:,} of {members} members", asked, group, joint)


def _ask(what: str, asked: list[bytes], group: list[Member], data: bytes) -> None:
    for member in group:
        member.seconds = 0.0
    with timed(f"{what} ({_WORKERS} processes)", len(asked)), compute.workers(_WORKERS, len(asked)) as spread:
        tags = compute.tags_of(asked, group, spread=spread)
        hits = sum(tagset.contains(data, tag) for tag in tags)
    sys.stdout.write(f"  {hits:,} hits in {len(data) // tagset.SIZE:,} tags; ")
    sys.stdout.write(f"the members' own part {sum(member.seconds for member in group):.2f} s of it\n")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [1_000_000, 10_000, 5][len(given) :]))
