"""What a reading holds, as lines of JSON that can be compared."""

from __future__ import annotations

import json

from vedette.conference.model import Reading, paper_json, profile_json, submission_json


def lines(reading: Reading) -> list[str]:
    """Each unit under its kind, refusals last."""
    told: list[tuple[str, object]] = [("submission", submission_json(item)) for item in reading.submissions]
    told += [("profile", profile_json(item)) for item in reading.profiles]
    told += [("paper", paper_json(item)) for item in reading.papers]
    told += [("refused", item.as_json()) for item in reading.refused]
    told += [("ignored", [reason, count]) for reason, count in sorted(reading.ignored.items())]
    return [json.dumps({kind: value}, ensure_ascii=False) for kind, value in told]
