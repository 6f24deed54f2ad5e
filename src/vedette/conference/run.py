"""Screening of everything a venue holds: rows sealed until they are opened with a purpose, and the gate that shuts with the announcement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from vedette.audit import writing
from vedette.base import Clock, Principal, iso
from vedette.conference.desk import open_registry
from vedette.conference.gather import of_venue
from vedette.conference.model import ConferenceError
from vedette.conference.policy import Policy, default_policy, read_policy
from vedette.conference.potential import Classifier, shipped_classifier
from vedette.conference.screen import Lens, Screened, screen
from vedette.conference.store import answers
from vedette.conference.store import venue as standing
from vedette.store import Store

DEFAULT_VENUE = "main"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Office:
    """Where and as whom the integrity officer works: store, venue, person, clock."""

    store: Store
    principal: Principal
    clock: Clock
    venue: str = DEFAULT_VENUE


def policy_in_force(office: Office) -> Policy:
    """The adopted policy of the venue, or the one that ships."""
    held = standing.venue(office.store, office.venue)
    return read_policy(held.policy_text, f"policy of {office.venue}") if held.policy_text else default_policy()


def lens(office: Office, policy: Policy | None = None, classify: Classifier | None = None) -> Lens:
    """What the venue's submissions are looked at with."""
    held = standing.venue(office.store, office.venue)
    return Lens(
        policy or policy_in_force(office),
        open_registry(office.store),
        classify or shipped_classifier(),
        office.clock.now().date(),
        gated=bool(held.announced_at),
    )


def screen_all(office: Office, through: Lens, purpose: str) -> Iterator[Screened]:
    """Screen every submission in order; rows are sealed batch by batch, and the run is in the log with its purpose."""
    waiting: list[Screened] = []
    for bundle in of_venue(office.store, office.venue):
        waiting.append(screen(bundle, through))
        if len(waiting) == _BATCH:
            _seal(office, through, waiting, purpose)
            yield from waiting
            waiting = []
    if waiting:
        _seal(office, through, waiting, purpose)
        yield from waiting


def _seal(office: Office, through: Lens, found: list[Screened], purpose: str) -> None:
    now = office.clock.now()
    until = iso(now + timedelta(days=through.policy.personal_days))
    with writing(office.store, office.principal, "conference.screen", clock=office.clock) as act:
        answers.keep_screening(
            act,
            office.store,
            (
                {
                    "venue": office.venue,
                    "submission_id": each.submission_id,
                    "policy_version": through.policy.version,
                    "screened_at": iso(now),
                    "strictest": each.strictest.value,
                    "expires_at": until,
                    "told": [row.as_json() for row in each.rows],
                }
                for each in found
            ),
        )
        act.fact("venue", office.venue)
        act.fact("submissions", len(found))
        act.fact("touched", sum(each.touched for each in found))
        act.fact("policy", through.policy.version)
        act.fact("purpose", purpose)
        act.fact("lists", list(getattr(through.desk, "labels", ())))


def results(office: Office, purpose: str, submission_id: str | None = None) -> list[dict[str, Any]]:
    """Open sealed rows for a purpose, which is written to the log first. Raises ConferenceError without one."""
    if not purpose.strip():
        raise ConferenceError("sealed results are opened for a purpose only", remedy="Say why, for example --purpose")
    held = answers.screenings(office.store, office.venue, submission_id)
    if submission_id is not None and not held:
        raise ConferenceError(
            f"submission {submission_id!r} was not screened", remedy="Run `vedette conference screen`"
        )
    with writing(office.store, office.principal, "conference.open", clock=office.clock) as act:
        act.fact("venue", office.venue)
        act.fact("opened", len(held))
        act.fact("purpose", purpose.strip()[:200])
        if submission_id is not None:
            act.fact("submission_id", submission_id)
    return [row for each in held for row in answers.opened(office.store, each)]


def adopt(office: Office, text: str, file: str) -> Policy:
    """Put a policy in force. It must have been tried on data first, so that nobody adopts what nobody has counted."""
    policy = read_policy(text, file, known_lists(office.store))
    with writing(office.store, office.principal, "conference.adopt", clock=office.clock) as act:
        held = standing.of(act.connection, office.venue)
        if held.tried_version != policy.version:
            raise ConferenceError(
                f"policy {policy.id!r} in this wording was not tried on data",
                remedy="Run `vedette conference dry-run --policy FILE` first and read what it would touch",
            )
        standing.keep(
            act,
            replace(
                held,
                policy_text=text,
                policy_version=policy.version,
                adopted_at=act.moment,
                adopted_by=str(office.principal),
            ),
        )
        act.fact("venue", office.venue)
        act.fact("policy", policy.version)
    return policy


def tried(office: Office, policy: Policy, papers: int, touched: int) -> None:
    """Remember that a policy was tried on data, with what it would have touched."""
    with writing(office.store, office.principal, "conference.dry_run", clock=office.clock) as act:
        held = standing.of(act.connection, office.venue)
        standing.keep(act, replace(held, tried_version=policy.version))
        act.fact("venue", office.venue)
        act.fact("policy", policy.version)
        act.fact("papers", papers)
        act.fact("touched", touched)


def announce(office: Office) -> standing.Venue:
    """Record that decisions were announced: from now on no paper is held, asked about or refused for a tie."""
    with writing(office.store, office.principal, "conference.announce", clock=office.clock) as act:
        held = standing.of(act.connection, office.venue)
        if held.announced_at:
            return held
        changed = replace(held, announced_at=act.moment)
        standing.keep(act, changed)
        act.fact("venue", office.venue)
    return changed


def known_lists(store: Store | None) -> frozenset[str]:
    """Every list that is declared or loaded."""
    from vedette import watchlists

    declared = {source.id for source in watchlists.sources()}
    loaded = {version.list_id for version in watchlists.current(store)} if store is not None else set()
    return frozenset(declared | loaded)
