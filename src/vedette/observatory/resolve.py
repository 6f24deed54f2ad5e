"""Has every affiliation string resolved once: kept with the versions of registries and lists it was resolved against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from vedette import watchlists
from vedette.base import Clock, Principal, digest
from vedette.observatory.model import AMBIGUOUS
from vedette.store import Store

if TYPE_CHECKING:
    from vedette.institutions import Desk, Resolution


def resolve_new(
    store: Store, principal: Principal, *, clock: Clock, advance: Callable[[int], None] = lambda _n: None
) -> int:
    """Resolve the strings that were not yet, or against other versions than those in force. Returns how many."""
    from vedette.institutions import open_desk
    from vedette.observatory.store import affiliations

    desk = open_desk(store)
    versions = _versions(store, desk)
    texts = affiliations.unresolved(store, versions)
    if not texts:
        return 0
    affiliations.keep(store, principal, _resolved(desk, texts, advance), versions, clock=clock)
    return len(texts)


def _versions(store: Store, desk: Desk) -> str:
    """A short name for everything in force that an answer depends on."""
    lists = [f"{version.list_id}@{version.version}" for version in watchlists.current(store)]
    return digest("resolve-1", *sorted((*desk.labels, *lists))).hex()[:16]


def _resolved(
    desk: Desk, texts: Sequence[tuple[str, str]], advance: Callable[[int], None]
) -> Iterator[dict[str, object]]:
    from vedette.institutions.crew import resolved

    answers = resolved(desk, (text for _, text in texts))
    for (key, text), found in zip(texts, answers, strict=True):
        advance(1)
        yield _row(key, text, found)


def _row(key: str, text: str, found: Resolution) -> dict[str, object]:
    return {
        "affiliation_id": key,
        "text": text,
        "country": found.country.code or "",
        "evidence": " · ".join(found.country.evidence)[:500],
        "institutions": [
            {
                "id": item.id,
                "name": item.name,
                "country": item.country,
                "relation": item.relation.value,
                "score": round(item.score, 4),
            }
            for item in found.matches
        ],
        "listed": [f"{item.list_id}:{item.entity_id}" for item in found.listed],
    }


def sure(country: str) -> bool:
    """Whether a country decision names a country."""
    return country not in ("", AMBIGUOUS)
