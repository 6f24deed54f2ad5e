"""What the ledger, the classes and the telemetry give reviewers to look at: findings, none of which opens a case alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from vedette import hardware
from vedette.base import Evidence, Finding, Strength, Subject
from vedette.workloads.forecast import Forecast
from vedette.workloads.model import Scope
from vedette.workloads.purpose import Mismatch
from vedette.workloads.store.integrity import Oddity
from vedette.workloads.structuring import Split

VERSION = "1"
FAMILY = "workload"
THRESHOLD, STRUCTURING = "workload/threshold", "workload/structuring"
PURPOSE, TELEMETRY = "workload/purpose", "workload/telemetry"
CHECKS = (PURPOSE, STRUCTURING, TELEMETRY, THRESHOLD)
#: Crossed from this chance on; a finding that stands falls only below the lower one, so that it does not come and go.
CROSSED, FALLEN = 0.5, 0.4
_MOST_BITS = 6.0
_SAID = {
    "busy_at_rest_power": "said to be busy while drawing the power of a card at rest",
    "matrix_without_multiprocessors": "matrix units said to work while the multiprocessors did not",
    "power_over_limit": "drew far more power than the card named can",
    "work_without_utilisation": "multiprocessors at work while the utilisation was said to be nothing",
    "clock_beyond_card": "ran at a clock that the card named does not have",
    "power_never_moves": "a power reading that never moved while the use did",
    "energy_off_power": "an energy counter and power readings that differ by more than a quarter over the same intervals",
    "gpus_over_board": "GPUs said to draw more together than their whole machine, by stretches of ten minutes",
    "board_over_gpus": "a machine drawing far more than its GPUs and the rest of it can, by stretches of ten minutes",
    "one_gpu_at_two_accounts": "a serial that was wholly another account's at the same time",
}


def of_forecasts(
    found: Iterable[Forecast], accounts: dict[tuple[str, str], tuple[str, ...]], standing: set[str], at: datetime
) -> list[Finding]:
    """Thresholds crossed, or crossed within the notice that a text gives. ``standing``: ids of findings that stand.

    ``accounts``: (scope, id) -> the accounts of a holder. Texts that are no longer or not yet in force are not told.
    """
    told = []
    for item in found:
        if item.threshold.state != "in_force":
            continue
        own = item.threshold.policy.startswith("own_")
        finding = Finding(
            check=THRESHOLD,
            version=VERSION,
            subject=_subject(item.scope, item.id),
            accounts=accounts[item.scope, item.id],
            family=FAMILY,
            strength=Strength.CONTEXT if own else Strength.WEAK,
            bits=None,
            summary=_crossing(item),
            evidence=(Evidence("threshold", item.threshold.policy, item.as_json()), _table()),
            citation=item.threshold.citation,
            blind_spots=(
                "One provider's telemetry: compute elsewhere, and training split over providers, is not counted. The count is an upper "
                "bound on what could have been trained here, not a statement that anything was."
            ),
            first_seen=at,
            last_seen=at,
            window=item.threshold.policy,
        )
        near = item.within_30 if item.threshold.notice_days else 0.0
        least = FALLEN if finding.id in standing else CROSSED
        if max(item.crossed, near) >= least:
            told.append(finding)
    return told


def _subject(scope: str, id: str) -> Subject:
    return Subject("account" if scope == Scope.ACCOUNT.value else scope, id)


def _crossing(item: Forecast) -> str:
    name = f"{item.scope.capitalize()} {item.id}"
    if item.crossed >= FALLEN:
        return f"{name} used an expected {item.p50:.1e} operations: past {item.threshold.operations:.0e} ({item.threshold.title})."
    day = item.expected.isoformat() if item.expected else "unknown"
    return f"{name} is expected to pass {item.threshold.operations:.0e} operations by {day} ({item.threshold.title})."


def _table() -> Evidence:
    return Evidence("reference", "hardware", {"version": hardware.version()})


def of_splits(found: Iterable[Split], at: datetime) -> list[Finding]:
    """Pairs whose work looks like one."""
    return [
        Finding(
            check=STRUCTURING,
            version=VERSION,
            subject=Subject("pair", "+".join(item.accounts)),
            accounts=item.accounts,
            family=FAMILY,
            strength=Strength.WEAK if item.bits < 8 else Strength.MEDIUM,
            bits=min(item.bits, _MOST_BITS),
            summary=f"The work of {item.accounts[0]} and {item.accounts[1]} looks like one that was split: {_plain(item.reasons[0])}.",
            evidence=(
                Evidence(
                    "structuring", "+".join(item.accounts), {"bits": round(item.bits, 2), "reasons": list(item.reasons)}
                ),
            ),
            citation=("KYC-18",),
            blind_spots="Classes, pipelines and common schedules make strangers begin together; patient splitting leaves no such mark.",
            first_seen=at,
            last_seen=at,
        )
        for item in found
    ]


def _plain(reason: str) -> str:
    return reason.partition(" (")[0]


def of_mismatches(found: Iterable[Mismatch], at: datetime) -> list[Finding]:
    """Uses that the declared purpose does not lead one to expect: a question to the customer, who may simply have changed plans."""
    return [
        Finding(
            check=PURPOSE,
            version=VERSION,
            subject=Subject("account", item.account_id),
            accounts=(item.account_id,),
            family=FAMILY,
            strength=Strength.WEAK,
            bits=min(item.bits, _MOST_BITS / 2),
            summary=f"Declared {', '.join(item.words)}; {item.reasons[0]}.",
            evidence=(
                Evidence(
                    "purpose",
                    item.account_id,
                    {"declared": list(item.words), "bits": round(item.bits, 2), "reasons": list(item.reasons)},
                ),
            ),
            citation=("KYC-18",),
            blind_spots="Expected shares are judged, not measured; classes come from metadata and abstain often; purposes change honestly.",
            first_seen=at,
            last_seen=at,
        )
        for item in found
    ]


def of_oddities(found: Sequence[Oddity]) -> list[Finding]:
    """Telemetry that cannot be true: of whom it is told, and by whom, is for a person to find out."""
    return [
        Finding(
            check=TELEMETRY,
            version=VERSION,
            subject=Subject("account", item.account_id),
            accounts=(item.account_id,),
            family=FAMILY,
            strength=Strength.WEAK,
            bits=None,
            summary=f"Telemetry of {item.gpus} GPUs is unreliable: {_SAID[item.what]} ({item.samples:,} of {item.of:,} samples).",
            evidence=(
                Evidence("telemetry", item.what, {"samples": item.samples, "of": item.of, "gpus": item.gpus}),
                _table(),
            ),
            citation=("KYC-18",),
            blind_spots="Exporters, drivers and boards have faults of their own; a wrong model name, or a GPU that sends nothing, can do this.",
            first_seen=_moment(item.first_us),
            last_seen=_moment(item.last_us),
            window=item.what,
        )
        for item in found
    ]


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, tz=UTC)
