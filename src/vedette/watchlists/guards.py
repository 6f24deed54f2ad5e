"""Whether a list that was read may be believed: neither empty nor too large, and no sudden loss against what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vedette.base import Place
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError
from vedette.watchlists.source import Source

_FORCE = "Compare it with the publisher's page; if it is right, load it with --force and a reason"


def doubts(source: Source, listings: Sequence[Listing], in_force: tuple[int, int] | None) -> tuple[ListError, ...]:
    """Every reason to disbelieve what was read, as unraised errors.

    ``in_force`` is (entries, names) of the version that this one would follow, or None where there is none.
    """
    return tuple(
        ListError(problem, place=Place(source.id), remedy=_FORCE) for problem in _problems(source, listings, in_force)
    )


def names_in(listings: Sequence[Listing]) -> int:
    """How many names the listings hold together."""
    return sum(len(listing.party.names) for listing in listings)


def _problems(source: Source, listings: Sequence[Listing], in_force: tuple[int, int] | None) -> Iterator[str]:
    count = len(listings)
    if count < source.expected_min:
        yield f"{count:,} entries were read, fewer than the {source.expected_min:,} that the source is known to have"
    if count > source.expected_max:
        yield f"{count:,} entries were read, more than the {source.expected_max:,} that the source can have"
    if in_force is None:
        return
    for before, after, what in ((in_force[0], count, "entries"), (in_force[1], names_in(listings), "names")):
        if after < before * (1 - source.max_shrink):
            lost = (before - after) / before
            hint = "; were the alias files left out?" if what == "names" and count >= in_force[0] else ""
            yield f"{after:,} {what} follow {before:,} in force, a loss of {lost:.0%} (at most {source.max_shrink:.0%}){hint}"
