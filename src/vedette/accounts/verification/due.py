"""What is due: verifications to be done again, owners that changed, accounts that wait too long, declared words we contradict.

Everything here is weak or mere context: that a form is old says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vedette import policy
from vedette.accounts.verification.model import Evidence, Record, Reseller, Result, State, Tier
from vedette.base import Evidence as Shown
from vedette.base import Finding, Json, Strength, Subject, parse_time

FAMILY = "verification"
VERSION = "1"
#: The ids under which findings are stored.
CHECKS = (
    "verification/refresh_overdue",
    "verification/evidence_expired",
    "verification/owners_changed",
    "verification/pending_too_long",
    "verification/declared_contradicted",
    "verification/reseller_overdue",
)
_BLIND = (
    "Only what was recorded here is known: a verification done elsewhere and never handed in looks like none. An old "
    "verification says nothing about the customer."
)


@dataclass(frozen=True, slots=True)
class Timers:
    """Days between verifications by tier, days that a limited account may wait, days between a reseller's attestations."""

    refresh: Mapping[Tier, int]
    pending: int
    attestation: int


def timers() -> Timers:
    """The timers of the policy register."""
    return Timers(
        {tier: _days(f"own_kyc_refresh_{tier.value}") for tier in Tier},
        _days("own_kyc_pending_limit"),
        _days("own_kyc_reseller_attestation"),
    )


def _days(rule: str) -> int:
    return int(policy.rule(rule).number or 0)


def refresh_on(record: Record, timing: Timers) -> tuple[date, str] | None:
    """The day on which a verified account is to be verified again, and why; None in any other state."""
    standing = record.standing
    if standing.state is not State.VERIFIED or standing.since is None:
        return None
    if _owners_changed(record):
        return standing.since.date(), "owners changed"
    found = [((standing.since + timedelta(days=timing.refresh[standing.tier])).date(), f"{standing.tier.value} tier")]
    found += [(item.expires, "evidence expires") for item in _newest(record) if item.expires is not None]
    return min(found)


def _newest(record: Record) -> list[Evidence]:
    told = [item for item in record.evidence if not item.about and item.result is not Result.NEEDS_REVIEW]
    return [max(told, key=lambda item: (item.done_at, item.event_id))] if told else []


def _owners_changed(record: Record) -> bool:
    return bool(record.standing.owners_mark) and record.standing.owners_mark != record.facts.owners_mark


def due(
    records: Iterable[Record], *, at: datetime, timing: Timers, resellers: Iterable[Reseller] = ()
) -> Iterator[Finding]:
    """Findings about what is overdue at a moment or contradicts what is held; at most one of each check an account.

    A finding's time is when it became due, so that it is the same on every run.
    """
    for record in records:
        if record.facts.closed is None:
            yield from _of_account(record, at, timing)
    for reseller in resellers:
        yield from _of_reseller(reseller, at, timing)


def _of_account(record: Record, at: datetime, timing: Timers) -> Iterator[Finding]:
    account, standing = record.facts.account_id, record.standing
    yield from _overdue(record, at, timing)
    if standing.state is State.PENDING_LIMITED and standing.since is not None:
        limit = standing.since + timedelta(days=timing.pending)
        if limit < at:
            values: dict[str, Json] = {"since": standing.since.date().isoformat(), "days": timing.pending}
            text = f"The account works with limits for more than {timing.pending} days while verification is pending."
            yield _finding("pending_too_long", account, text, values, limit, citation=("KYC-07",))
    yield from _contradiction(record, at)


def _overdue(record: Record, at: datetime, timing: Timers) -> Iterator[Finding]:
    found = refresh_on(record, timing)
    if found is None or found[0] >= at.date():
        return
    day, why = found
    moment = datetime(day.year, day.month, day.day, tzinfo=at.tzinfo)
    values: dict[str, Json] = {"due": day.isoformat(), "why": why, "tier": record.standing.tier.value}
    check, text = {
        "owners changed": ("owners_changed", "The declared owners have changed since the customer was verified."),
        "evidence expires": ("evidence_expired", "The evidence on which the verification rests has expired."),
    }.get(why, ("refresh_overdue", "The customer is due to be verified again."))
    yield _finding(check, record.facts.account_id, text, values, moment, citation=("KYC-08",))


def _contradiction(record: Record, at: datetime) -> Iterator[Finding]:
    """The provider's word against what is held here. Where nothing is held, there is nothing to contradict."""
    declared, held = record.facts.declared_state, record.standing.state
    newest = next(iter(_newest(record)), None)
    failed = newest is not None and newest.result is Result.FAILED
    against = failed or held in (State.UNVERIFIABLE, State.REDRESS, State.CLOSED_UNVERIFIED)
    if declared is not State.VERIFIED or not against:
        return
    moment = (newest.done_at if failed and newest else record.standing.since) or at
    values: dict[str, Json] = {
        "declared": declared.value,
        "held": held.value,
        "newest_result": "failed" if failed else "",
    }
    text = "The provider's export calls the customer verified, but the record here says otherwise."
    account = record.facts.account_id
    yield _finding(
        "declared_contradicted", account, text, values, moment, strength=Strength.WEAK, citation=("ACC-04", "KYC-06")
    )


def _of_reseller(reseller: Reseller, at: datetime, timing: Timers) -> Iterator[Finding]:
    day = attestation_due(reseller, timing)
    if day is not None and day < at.date():
        moment = datetime(day.year, day.month, day.day, tzinfo=at.tzinfo)
        values: dict[str, Json] = {
            "due": day.isoformat(),
            "programme_received": reseller.programme_received is not None,
        }
        text = "The reseller's attestation of its identification programme is overdue."
        yield _finding("reseller_overdue", reseller.account_id, text, values, moment, citation=("KYC-10",))


def attestation_due(reseller: Reseller, timing: Timers) -> date | None:
    """When a reseller is to attest again: at once, since it was recorded, where its programme was never received."""
    last = reseller.last_attested or reseller.programme_received
    if last is not None and reseller.programme_received is not None:
        return last + timedelta(days=timing.attestation)
    return parse_time(reseller.recorded_at).date() if reseller.recorded_at else None


def _finding(
    check: str,
    account: str,
    text: str,
    values: Mapping[str, Json],
    moment: datetime,
    *,
    citation: tuple[str, ...],
    strength: Strength = Strength.CONTEXT,
) -> Finding:
    return Finding(
        check=f"{FAMILY}/{check}",
        version=VERSION,
        subject=Subject("account", account),
        accounts=(account,),
        family=FAMILY,
        strength=strength,
        bits=None,
        summary=text,
        evidence=(Shown("field", f"{account}#verification", values),),
        citation=citation,
        blind_spots=_BLIND,
        first_seen=moment,
        last_seen=moment,
    )
