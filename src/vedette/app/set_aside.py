"""Known false positives at the sign-up desk: matches of a customer's account that a named person has set aside until a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vedette import screening
from vedette.app.known_false import party_print
from vedette.base import Finding, Party, Subject, iso
from vedette.screening import Match
from vedette.screening import store as kept
from vedette.screening.suppression import Suppression, sift, suppressed_findings
from vedette.store import Store

#: Asked only where something matched, which is rare at a sign-up desk.
Known = Callable[[], Mapping[str, Sequence[Suppression]]]


@dataclass(frozen=True, slots=True)
class SetAside:
    """Asks the store which matches were set aside at a moment, so that a past decision can be made again."""

    store: Store

    def at(self, moment: datetime) -> Mapping[str, Sequence[Suppression]]:
        """The suppressions in force at that moment, by account."""
        found: dict[str, list[Suppression]] = defaultdict(list)
        now = iso(moment)
        for item in kept.suppressions(self.store):
            # One that was ended later was still in force then.
            then = replace(item, ended_at="", ended_by="") if item.ended_at > now else item
            if item.made_at <= now and then.active(moment.date()):
                found[item.account_id].append(then)
        return found

    def findings(
        self, known: Known, subject: Subject, party: Party, matches: Sequence[Match], who: str, at: datetime
    ) -> tuple[list[Finding], Sequence[Match]]:
        """The findings about one party, those set aside as context, and the matches that stand."""
        ids = (subject.id,)
        held = known().get(subject.id, ()) if matches else ()
        if not held:
            return list(screening.findings_of(matches, subject=subject, accounts=ids, at=at, who=who)), matches
        sifted = sift(matches, held, party_print=party_print(self.store, party), who=who, day=at.date())
        found = screening.findings_of(sifted.standing, subject=subject, accounts=ids, at=at, who=who)
        aside = suppressed_findings(sifted.aside, subject=subject, accounts=ids, at=at)
        return [*found, *aside], sifted.standing
