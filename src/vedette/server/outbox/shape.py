"""A message in the form that its target reads: our own signed JSON, an OCSF Detection Finding, a ticket, a line for people.

Forms other than our own tell a case as it stands when it is sent. None holds personal data: ids, numbers and our own words.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any

from vedette import __version__
from vedette.base import Json, canonical_json, parse_time
from vedette.server.model import Message, Target, TargetKind

Row = Mapping[str, Any] | None
#: OCSF's severity, activity and status numbers (OCSF 1.8, class 2004).
_CLASS, _CATEGORY = 2004, 2
_ACTIVITY = {"case.created": 1, "case.decided": 3}
_STATUS = {"open": 1, "claimed": 2, "snoozed": 3, "waiting_approval": 2, "decided": 4, "closed": 4, "merged": 4}


def body(target: Target, message: Message, case: Row, sent_at: int) -> tuple[bytes, dict[str, str]]:
    """Bytes and headers of one request; ``case`` is the case as it stands, where the message is about one."""
    shaped = _SHAPES[target.kind](target, message, case)
    data = canonical_json(shaped)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"vedette/{__version__}",
        "Vedette-Message": message.id,
    }
    return data, {**headers, **_proof(target, data, sent_at)}


def signature(secret: str, data: bytes, sent_at: int) -> str:
    """HMAC-SHA-256 over the time in seconds, a dot and the body: what a receiver computes and compares, refusing old times."""
    return f"t={sent_at},v1={hmac.digest(secret.encode(), f'{sent_at}.'.encode() + data, 'sha256').hex()}"


def _proof(target: Target, data: bytes, sent_at: int) -> dict[str, str]:
    if target.kind is TargetKind.WEBHOOK:
        return {"Vedette-Signature": signature(target.secret, data, sent_at)}
    if not target.secret or target.kind is TargetKind.SLACK:
        return {}
    if target.kind in (TargetKind.JIRA, TargetKind.SERVICENOW):
        return {"Authorization": f"Basic {base64.b64encode(target.secret.encode()).decode()}"}
    return {"Authorization": f"{target.options.get('scheme', 'Bearer')} {target.secret}"}


def _webhook(_target: Target, message: Message, _case: Row) -> dict[str, Json]:
    return message.as_json()


def _ocsf(_target: Target, message: Message, case: Row) -> dict[str, Json]:
    row = case or {}
    activity, severity = _ACTIVITY.get(message.kind, 2), _severity(row)
    return {
        "activity_id": activity,
        "category_uid": _CATEGORY,
        "class_uid": _CLASS,
        "type_uid": _CLASS * 100 + activity,
        "severity_id": severity,
        "status_id": _STATUS.get(str(row.get("status")), 0),
        "time": int(parse_time(message.time).timestamp() * 1000),
        "metadata": {
            "version": "1.8.0",
            "uid": message.id,
            "product": {"name": "Vedette", "vendor_name": "Vedette", "version": __version__},
        },
        "finding_info": {
            "uid": message.case_id or message.id,
            "title": _title(message, row),
            "desc": str(row.get("summary", "")),
            "types": list(row.get("families", ())),
            "related_events_count": len(row.get("findings", ())),
        },
        "resources": [{"type": "account", "uid": account} for account in row.get("accounts", ())],
        "unmapped": {"kind": message.kind, "facts": dict(message.facts), "leaf": message.leaf},
    }


def _jira(target: Target, message: Message, case: Row) -> dict[str, Json]:
    return {
        "fields": {
            "project": {"key": target.options.get("project", "ITT")},
            "issuetype": {"name": target.options.get("type", "Task")},
            "summary": _title(message, case or {})[:250],
            "description": _lines(target, message, case or {}),
            "labels": ["vedette", message.kind.replace(".", "-")],
        }
    }


def _servicenow(target: Target, message: Message, case: Row) -> dict[str, Json]:
    urgency = {5: "1", 4: "1", 3: "2"}.get(_severity(case or {}), "3")
    return {
        "short_description": _title(message, case or {})[:160],
        "description": _lines(target, message, case or {}),
        "urgency": urgency,
        "correlation_id": message.case_id or message.id,
    }


def _slack(target: Target, message: Message, case: Row) -> dict[str, Json]:
    text = _lines(target, message, case or {})
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


def _title(message: Message, case: Mapping[str, Any]) -> str:
    about = message.case_id or "the house"
    return f"Vedette: {message.kind.replace('.', ' ')}, {about}" + (f", priority {case['priority']}" if case else "")


def _lines(target: Target, message: Message, case: Mapping[str, Any]) -> str:
    told = [_title(message, case), str(case.get("summary", ""))]
    console = target.options.get("console", "")
    if console and message.case_id:
        told.append(f"{console.rstrip('/')}/cases/{message.case_id}")
    return "\n".join(line for line in told if line)


def _severity(case: Mapping[str, Any]) -> int:
    """OCSF's severity of a case's priority: a hold is critical, nothing known is unknown."""
    if not case:
        return 0
    if case.get("human_required"):
        return 5
    priority = int(case.get("priority", 0))
    return 4 if priority >= 60 else 3 if priority >= 30 else 2


_SHAPES = {
    TargetKind.WEBHOOK: _webhook,
    TargetKind.OCSF: _ocsf,
    TargetKind.JIRA: _jira,
    TargetKind.SERVICENOW: _servicenow,
    TargetKind.SLACK: _slack,
}
