"""Matches known to be false: set aside by a named owner for a stated time, and back as soon as either side changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from vedette.base import Evidence, Finding, Json, Party, Strength, Subject, VedetteError, canonical_json
from vedette.screening.model import Level, Match

#: The longest that a match may be set aside, days: then somebody looks again.
LONGEST_DAYS = 366
#: Levels that one person may set aside. An identified match needs a second person.
BY_ONE_PERSON = frozenset({Level.NAME_ONLY, Level.WEAK})
CHECK = "screening/suppressed_match"


class SuppressionError(VedetteError):
    """A match that may not be set aside so, or no match of that kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One known false positive. ``who`` is empty for the customer, else such as "owner o-3".

    It holds while ``party_print`` and ``entry_hash`` are those of the two sides compared, and until the end of ``expires``.
    """

    id: str
    account_id: str
    who: str
    list_id: str
    entity_id: str
    party_print: str
    entry_hash: str
    reason: str
    owner: str
    made_at: str
    expires: date
    request_id: str = ""
    ended_at: str = ""
    ended_by: str = ""

    def active(self, day: date) -> bool:
        """Whether it is neither ended nor expired on this day."""
        return not self.ended_at and day <= self.expires

    def covers(self, match: Match, *, party_print: str, who: str, day: date) -> bool:
        """Whether it sets this match aside: the same two sides, unchanged, and still in time.

        A match that has become worse than those one person may set aside is covered only with a second person's consent.
        """
        same = (self.list_id, self.entity_id, self.who) == (match.list, match.entity_id, who)
        unchanged = self.party_print == party_print and self.entry_hash == match.entry_hash
        allowed = match.level in BY_ONE_PERSON or bool(self.request_id)
        return same and unchanged and allowed and self.active(day)

    def as_json(self) -> dict[str, Json]:
        """The printed row, without the prints."""
        row = asdict(self)
        del row["party_print"], row["entry_hash"]
        return {**row, "expires": self.expires.isoformat()}


def facts_of(party: Party) -> str:
    """The canonical text of everything about a party that screening compares; the id is not part of it."""
    return canonical_json(
        {
            "kind": party.kind.value,
            "names": [name.text for name in party.names],
            "births": list(party.birth_dates),
            "countries": list(party.countries),
            "addresses": [[one.text, one.country] for one in party.addresses],
            "identifiers": [[one.kind, one.value, one.country] for one in party.identifiers],
            "websites": list(party.websites),
        }
    ).decode()


@dataclass(frozen=True, slots=True)
class Sifted:
    """Matches that stand, and those set aside, each with what sets it aside."""

    standing: tuple[Match, ...]
    aside: tuple[tuple[Match, Suppression], ...]


def sift(
    matches: Iterable[Match], known: Iterable[Suppression], *, party_print: str, who: str = "", day: date
) -> Sifted:
    """Part a party's matches by the suppressions of its account."""
    candidates = tuple(known)
    standing, aside = [], []
    for match in matches:
        held = next((one for one in candidates if one.covers(match, party_print=party_print, who=who, day=day)), None)
        if held is None:
            standing.append(match)
        else:
            aside.append((match, held))
    return Sifted(tuple(standing), tuple(aside))


def suppressed_findings(
    aside: Iterable[tuple[Match, Suppression]], *, subject: Subject, accounts: tuple[str, ...], at: datetime
) -> tuple[Finding, ...]:
    """Context, so that a match set aside is never silent: who set it aside, why, and until when."""
    return tuple(
        Finding(
            check=CHECK,
            version="1",
            subject=subject,
            accounts=accounts,
            family="screening",
            strength=Strength.CONTEXT,
            bits=0.0,
            summary=f"A match with {match.name!r} ({match.list}) is set aside as a known false positive until "
            f"{held.expires.isoformat()} by {held.owner}.",
            evidence=(
                Evidence(
                    "suppressed",
                    f"{match.list}@{match.list_version}#{match.entity_id}",
                    {
                        "suppression": held.id,
                        "reason": held.reason,
                        "owner": held.owner,
                        "expires": held.expires.isoformat(),
                        "level": match.level.value,
                        "score": round(match.score, 4),
                    },
                ),
            ),
            citation=match.citation,
            blind_spots="The person who set the match aside may be wrong; it returns when either side changes or time is up.",
            first_seen=at,
            last_seen=at,
            window="/".join(filter(None, (match.list, match.entity_id, held.who))),
        )
        for match, held in aside
    )
