"""The rules on logs against real CloudTrail records: a published attack emulation and an incident, never seen by their authors."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from vedette import detections
from vedette.base import Finding
from vedette.detections import Limits
from vedette.detections.execute import findings_of
from vedette.detections.lake import TABLES
from vedette.detections.references import references
from vedette.detections.store import tables_of_rows
from vedette.events.adapters.cloudtrail.adapter import event

#: Rules that read logs, or logs and what operations mean, and nothing else of the lake.
ON_LOGS = [rule for rule in detections.rules() if set(rule.reads) <= {"logs", "operations", "country_distances"}]

BLIND = "egress/records_switched_off"


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records as rows of logs; the tenant stands for the account, since no identities were published."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record: Mapping[str, Any] = json.loads(line)
            found = event(record.get("event") or record)
            row = {name: getattr(found, name) for name in found.__struct_fields__ if name != "act"}
            yield row | {
                "account_id": found.tenant_id,
                "product": "cloudtrail",
                "class_name": found.act.partition(".")[0],
            }


def told(path: Path) -> dict[str, list[Finding]]:
    engine = tables_of_rows(TABLES, {"logs": list(rows(path))})
    return {rule.id: list(findings_of(engine, rule, limits=Limits(threads=1))) for rule in ON_LOGS}


@pytest.mark.shared_data
class TestRealLogs:
    def test_there_are_rules_to_try(self) -> None:
        assert len(ON_LOGS) >= 10

    def test_an_attack_emulation_shows_only_what_single_calls_can_show(self, shared_data: Path) -> None:
        """Each technique is one or two calls of an account without a past: rules that need one stay silent."""
        found = told(shared_data / "events" / "stratus_cloudtrail.jsonl.gz")
        blinded = {finding.summary.partition("(")[2].partition(")")[0]: finding.bits for finding in found[BLIND]}
        assert blinded == {
            "StopLogging": 1.0,
            "DeleteTrail": 1.0,
            "DeleteFlowLogs": 1.0,
            "DeleteResolverQueryLogConfig": 1.0,
        }
        assert not any(items for rule, items in found.items() if rule != BLIND)

    def test_its_ways_of_taking_data_out_are_known_operations(self, shared_data: Path) -> None:
        used = {row["operation"] for row in rows(shared_data / "events" / "stratus_cloudtrail.jsonl.gz")}
        known = {name: meaning for name, meaning in references()["operations"].rows() if meaning == "share"}
        assert used & set(known) == {"ModifyImageAttribute", "ModifySnapshotAttribute", "ModifyDBSnapshotAttribute"}

    @pytest.mark.slow
    def test_an_incident_in_which_records_went_off_and_keys_were_made(self, shared_data: Path) -> None:
        found = told(shared_data / "events" / "invictus_cloudtrail.jsonl.gz")
        (finding,) = found[BLIND]
        assert finding.bits == 4.0
        assert "DeleteFlowLogs, DeleteTrail" in finding.summary
        assert not any(items for rule, items in found.items() if rule != BLIND)
