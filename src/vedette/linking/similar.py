"""Names, birth dates and addresses that are nearly the same add bits to pairs that strong things made related already.

Texts come unsealed one account at a time, are compared and forgotten; what is kept is the kind and the bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import log2

from vedette import names
from vedette.base import Party, PartyKind
from vedette.linking.model import Link, Part, Weights, combined, exact
from vedette.linking.soft import agree

Unseal = Callable[[str], Party | None]
_NAME, _BIRTH_DATE, _ADDRESS = "similar_name", "similar_birth_date", "similar_address"
#: A kind says nothing beside the kind of which it is the weaker form.
_WEAKER_THAN = {_NAME: "name", _BIRTH_DATE: "birth_date", _ADDRESS: "address"}
_LEAST_NAME = 0.85
_LEAST_DATE = 3
_LEAST_ADDRESS = 2


def strengthened(
    links: Iterable[Link], unseal: Unseal, used: Weights, explained: Mapping[tuple[str, str], frozenset[str]]
) -> list[Link]:
    """The links, those from ``related`` to under ``same`` with what is similar between their accounts.

    ``explained`` tells what honest reasons for sharing a pair has; kinds that such a reason explains add nothing.
    """
    known: dict[str, Party | None] = {}

    def party(account: str) -> Party | None:
        if account not in known:
            known[account] = unseal(account)
        return known[account]

    found = []
    for link in links:
        parts: tuple[Part, ...] = ()
        if used.related <= link.bits < used.same:
            left, right = party(link.left), party(link.right)
            if left is not None and right is not None:
                parts = similar(left, right, link.parts, used, explained.get(link.pair, frozenset()))
        found.append(_with(link, parts, used))
    return found


def similar(
    left: Party, right: Party, parts: Iterable[Part], used: Weights, because: frozenset[str] = frozenset()
) -> tuple[Part, ...]:
    """What is nearly the same and not told by ``parts`` already, strongest first."""
    kinds = used.by_name
    told = {part.kind for part in parts}
    found = []
    for kind, bits in (
        (_NAME, _name(left, right)),
        (_BIRTH_DATE, _date(left, right)),
        (_ADDRESS, _address(left, right)),
    ):
        rule = kinds[kind]
        worth = exact(min(bits + log2(rule.m), rule.most_bits)) if bits else 0.0
        if worth > 0 and _WEAKER_THAN[kind] not in told and not rule.explained_by & because:
            found.append(Part(kind, rule.family, 2, worth))
    return tuple(sorted(found, key=lambda part: (-part.bits, part.kind)))


def _with(link: Link, parts: tuple[Part, ...], used: Weights) -> Link:
    if not parts:
        return link
    every = tuple(sorted((*link.parts, *parts), key=lambda part: (-part.bits, part.kind)))
    gained = combined(every, used.family_extra) - combined(link.parts, used.family_extra)
    return replace(link, bits=link.bits + gained, parts=every)


def _name(left: Party, right: Party) -> float:
    """Bits of the nearest two writings of the names, nought where they are not near."""
    if left.kind != right.kind or left.kind not in (PartyKind.PERSON, PartyKind.ORGANIZATION):
        return 0.0
    kind: names.Kind = "person" if left.kind is PartyKind.PERSON else "organization"
    compared = [names.compare(one.text, other.text, kind) for one in left.names for other in right.names]
    return max((item.bits for item in compared if item.score >= _LEAST_NAME), default=0.0)


def _date(left: Party, right: Party) -> float:
    """Bits of two birth dates that one slip or an exchange of day and month parts: some 35 dates lie that near among 20,000."""
    pairs = [(one.replace("-", ""), other.replace("-", "")) for one in left.birth_dates for other in right.birth_dates]
    near = any(len(one) == len(other) == 8 and _LEAST_DATE <= agree.date_level(one, other) < 4 for one, other in pairs)
    return log2(20_000 / 35) if near else 0.0


def _address(left: Party, right: Party) -> float:
    """Bits of two addresses a few slips apart: judged as one chance in a thousand."""
    pairs = [(names.fold(one.text), names.fold(other.text)) for one in left.addresses for other in right.addresses]
    near = any(
        one and other and agree.text_level(one, other) >= _LEAST_ADDRESS and _digits(one) == _digits(other)
        for one, other in pairs
    )
    return log2(1_000) if near else 0.0


def _digits(text: str) -> list[str]:
    """The numbers of an address: two houses of one street differ in nothing else."""
    return sorted(word for word in text.split() if any(map(str.isdigit, word)))
