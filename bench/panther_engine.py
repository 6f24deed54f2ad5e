"""Panther's own engine over the functions of `bench.panther_style`, where the package `panther-core` can be imported.

It is no dependency of ours (AGPL-3.0). Put it into an environment of its own and name that on PYTHONPATH:
`uv venv /tmp/panther && uv pip install --python /tmp/panther panther-core`, then
`PYTHONPATH=/tmp/panther/lib/python3.11/site-packages python -m bench.panther_style`.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

_ASKED = "vedette_bench_asked"


def installed() -> str | None:
    """The version of panther-core that can be imported, or None."""
    try:
        return importlib.metadata.version("panther-core")
    except importlib.metadata.PackageNotFoundError:
        return None


def through_their_engine(
    lines: list[str], store: dict[str, Any], rules: Sequence[tuple[str, Callable[[Any, dict[str, Any]], bool]]]
) -> tuple[float, float, set[tuple[str, str]]]:
    """Seconds, processor seconds, and (rule, account) of each yes, with each event wrapped and each rule run by panther-core."""
    from panther_core.enriched_event import PantherEvent
    from panther_core.rule import Rule

    logging.getLogger().setLevel(logging.ERROR)
    shared = ModuleType(_ASKED)
    sys.modules[_ASKED] = shared
    made = []
    for number, (name, function) in enumerate(rules):
        setattr(shared, f"ask_{number}", lambda event, function=function: function(event, store))
        body = f"from {_ASKED} import ask_{number} as rule\n"
        made.append((name, Rule({"id": f"Bench.{number}", "versionId": "1", "analysisType": "RULE", "body": body})))
    said: set[tuple[str, str]] = set()
    started, worked = time.perf_counter(), time.process_time()
    for line in lines:
        event = PantherEvent(json.loads(line))
        for name, rule in made:
            result = rule.run(event, {}, {}, batch_mode=True)
            if result.errored:
                raise AssertionError(f"{name}: {result.short_error_message}")
            if result.trigger_alert:
                said.add((name, event["account_id"]))
    return time.perf_counter() - started, time.process_time() - worked, said
