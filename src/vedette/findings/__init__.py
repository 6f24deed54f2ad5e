"""What was found: stored once, folded in on re-runs, read by cursor.

Producers record in the transaction of the work that found it; ``cases`` reads and never knows the producers.
"""

from vedette.findings.model import FindingBrief, FindingState, Recorded, StoredFinding
from vedette.findings.store import briefs, by_ids, changes, get, record, settle, since, standing, touched

__all__ = [
    "FindingBrief",
    "FindingState",
    "Recorded",
    "StoredFinding",
    "briefs",
    "by_ids",
    "changes",
    "get",
    "record",
    "settle",
    "since",
    "standing",
    "touched",
]
