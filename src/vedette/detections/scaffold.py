"""A new rule's folder: a working template that fires, stays quiet, and passes its own examples."""

from __future__ import annotations

import re
from pathlib import Path

from vedette.base import Place, VedetteError

_NAME = re.compile(r"^[a-z][a-z0-9_]{1,60}$")


class ScaffoldError(VedetteError):
    """The folder cannot be written."""


def write_rule(root: Path, family: str, name: str) -> Path:
    """Write ``root/family/name`` with the three files of a rule and return it. Never overwrites."""
    for word in (family, name):
        if not _NAME.match(word):
            raise ScaffoldError(f"{word!r} cannot name a folder", remedy="Use lower-case letters, digits and _")
    folder = root / family / name
    if folder.exists():
        raise ScaffoldError("a rule lies here already", place=Place(str(folder)), remedy="Choose another name")
    try:
        folder.mkdir(parents=True)
        for file, text in (("rule.yml", _DECLARATION), ("rule.sql", _SQL), ("examples.yml", _EXAMPLES)):
            (folder / file).write_text(text.replace("FAMILY", family).replace("NAME", name), encoding="utf-8")
    except OSError as fault:
        raise ScaffoldError(
            f"cannot be written: {fault.strerror}", place=Place(str(folder)), remedy="Name another folder with --into"
        ) from None
    return folder


_DECLARATION = """\
id: FAMILY/NAME
version: 1
title: Many failed sign-ins
caption: Replace with one line that says what is contradicted or corroborated
family: FAMILY
strength: weak
weight_basis: judged
weight_cap: 2
reads: [signins]
needs: [signins.outcome]
key: account_id
lookback: 7d
citation: [NET-01]
parameters:
  - {name: failures, default: 3, least: 2, most: 50, why: "How many failed sign-ins are worth a look."}
summary: >
  {count} failed sign-ins from {addresses}.
why: >
  One sentence that a reviewer can repeat to the customer.
blind_spots: >
  What the rule cannot see.
false_positives: >
  What else looks like this.
honest_customer: >
  An honest customer who trips the rule.
next_step: >
  What the reviewer looks at next.
fairness: >
  Why the rule treats everybody alike.
"""

_SQL = """\
-- One row for each observation; the runner sorts, counts and folds them into one finding per subject.
WITH failed AS (
  SELECT account_id, COUNT(*) AS times FROM signins WHERE outcome = 'failure' GROUP BY account_id HAVING COUNT(*) >= {failures}
)
SELECT s.account_id, s.time_us, 1.0 AS bits, [s.event_id] AS event_ids, s.ip AS v_addresses
FROM signins AS s JOIN failed AS f ON f.account_id = s.account_id
WHERE s.outcome = 'failure'
"""

_EXAMPLES = """\
examples:
  - name: three failures
    shows: fires
    given:
      signins:
        - {event_id: e, account_id: a-1, time: 2026-01-05T09:00:00Z, ip: 203.0.113.7, outcome: failure, repeat: 3, every: 1m}
    then:
      - subject: account:a-1
        count: 3
        bits: 1.0
        summary: 3 failed sign-ins from 203.0.113.7.
  - name: successes
    shows: quiet
    given:
      signins:
        - {event_id: e, account_id: a-1, time: 2026-01-05T09:00:00Z, ip: 203.0.113.7, repeat: 9}
  - name: two failures are one too few
    shows: boundary
    given:
      signins:
        - {event_id: e, account_id: a-1, time: 2026-01-05T09:00:00Z, ip: 203.0.113.7, outcome: failure, repeat: 2}
  - name: the third failure arrives late
    shows: late
    given:
      signins:
        - {event_id: e, account_id: a-1, time: 2026-01-05T09:00:00Z, ip: 203.0.113.7, outcome: failure, repeat: 2}
        - {event_id: f, account_id: a-1, time: 2026-01-04T09:00:00Z, ip: 203.0.113.7, outcome: failure, late: true}
    then:
      - {subject: "account:a-1", count: 3}
  - name: an unknown outcome is no failure
    shows: nulls
    given:
      signins:
        - {event_id: e, account_id: a-1, time: 2026-01-05T09:00:00Z, ip: 203.0.113.7, outcome: null, repeat: 9}
"""
