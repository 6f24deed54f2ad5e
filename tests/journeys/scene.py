"""What journeys start from: an invented provider, small workspaces, and short lists and exports written by hand."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.journeys.terminal import Answer, vedette
from vedette import simulate

PLAN = simulate.Plan(accounts=300, days=30, seed=7, events=6_000)


@cache
def provider(base: Path) -> simulate.Summary:
    """The invented provider: export, truth, address references and list, written once a test process."""
    return simulate.write(base / "provider" / "export", PLAN)


@cache
def bare(base: Path) -> Path:
    """A workspace as ``vedette init`` leaves it, with its keys: copies of it give the same tokens."""
    from vedette.app.opening import open_store

    root = base / "bare"
    vedette("init", root).done()
    store = open_store(root)
    store.vault.token("any", "text")
    store.close()
    return root


@cache
def equipped(base: Path) -> Path:
    """The same with the provider's address references and the invented list, but no customers."""
    root = shutil.copytree(bare(base), base / "equipped")
    vedette("-w", root, "refs", "load", provider(base).references).done()
    vedette("-w", root, "lists", "load", provider(base).watchlist).done()
    return root


@cache
def worked(base: Path) -> Path:
    """The same after one daily run over the whole export."""
    root = shutil.copytree(equipped(base), base / "worked")
    vedette("-w", root, "run", provider(base).export).done()
    return root


class Desk:
    """One workspace of a test and the commands at it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, *arguments: str | Path, **options: Any) -> Answer:
        return vedette("-w", self.root, *arguments, **options)

    def findings(self) -> dict[str, dict[str, Any]]:
        """Every standing finding by its id."""
        return {row["id"]: row for row in self("findings", "--json").done().rows}

    def cases(self) -> list[dict[str, Any]]:
        """The queue, most urgent first."""
        return self("cases", "list", "--json").done().rows

    def lake(self) -> dict[str, int]:
        """How many rows the lake holds, by table."""
        from vedette.app.opening import open_store

        counts: dict[str, int] = {}
        store = open_store(self.root)
        with store.database.reading() as connection:
            for row in store.lake.files(connection):
                counts[row["table_name"]] = counts.get(row["table_name"], 0) + row["rows"]
        store.close()
        return counts

    def leaves(self) -> int:
        """How many leaves the audit log has."""
        return int(self("audit", "verify", "--json").done().row["leaves"])


def ftm_person(entity_id: str, name: str, birth_date: str = "", country: str = "") -> dict[str, Any]:
    """One invented entry of a list in FollowTheMoney form."""
    properties: dict[str, list[str]] = {"name": [name], "topics": ["sanction"], "program": ["SIMULATED-DPRK"]}
    if birth_date:
        properties["birthDate"] = [birth_date]
    if country:
        properties["country"] = [country.lower()]
    return {
        "id": entity_id,
        "caption": name,
        "schema": "Person",
        "datasets": ["invented_list"],
        "referents": [],
        "target": True,
        "first_seen": "2025-06-01",
        "last_change": "2025-12-01",
        "properties": properties,
    }


def write_list(path: Path, entries: Iterable[Mapping[str, Any]]) -> Path:
    """A list file in FollowTheMoney JSON lines."""
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
    return path


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """A CSV file with the columns of all rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def customer(account_id: str, name: str, **fields: str) -> dict[str, str]:
    """One ordinary row of ``accounts.csv``; name what matters to the test."""
    return {"account_id": account_id, "opened_at": "2026-01-05T10:00:00Z", "kind": "person", "name": name, **fields}
