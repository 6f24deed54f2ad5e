"""Sigma rules of our own and events as CloudTrail names them, for the tests of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.detections.made import tables
from vedette.detections.lake import TABLES
from vedette.detections.store import tables_of_rows

FIELDS = {
    "eventName": "operation",
    "userAgent": "user_agent",
    "awsRegion": "region",
    "errorCode": "outcome_code",
    "sourceIPAddress": "ip",
    "userIdentity.type": "principal_type",
    "userIdentity.accessKeyId": "session_id",
}
_START = 1_767_225_600_000_000
__all__ = ["FIELDS", "correlation", "lake", "sigma", "tables"]


def sigma(detection: Mapping[str, Any], title: str = "An odd thing", **more: Any) -> dict[str, Any]:
    """One rule about CloudTrail."""
    head = {
        "title": title,
        "id": "4b1c2d3e-0000-4000-8000-00000000000a",
        "author": "An Author",
        "license": "Example Licence 1.0",
        "level": "high",
        "status": "test",
    }
    return {**head, "logsource": {"product": "aws", "service": "cloudtrail"}, "detection": dict(detection), **more}


def correlation(kind: str, rules: Sequence[str], **more: Any) -> dict[str, Any]:
    """A correlation of rules by name."""
    held = {"type": kind, "rules": list(rules), "group-by": ["userIdentity.accessKeyId"], "timespan": "5m", **more}
    return {"title": f"Correlated {kind}", "author": "An Author", "level": "medium", "correlation": held}


def text(*rules: Mapping[str, Any]) -> str:
    """Rules as one file."""
    return "\n---\n".join(yaml.safe_dump(dict(rule), sort_keys=False) for rule in rules)


def lake(events: Sequence[Mapping[str, Any]]) -> Any:
    """An engine over events given as CloudTrail names their fields, with ``id`` and ``time`` in seconds."""
    rows = [
        {
            "event_id": event["id"],
            "time_us": _START + event["time"] * 1_000_000,
            "received_us": _START,
            "day": "2026-01-01",
            "account_id": "a-1",
            "product": "cloudtrail",
            **{column: event.get(field) for field, column in FIELDS.items()},
        }
        for event in events
    ]
    return tables_of_rows(TABLES, {"logs": rows})
