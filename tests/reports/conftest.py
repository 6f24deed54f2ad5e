"""A store of the whole program with two customers, their sign-ins and payments, findings about them, and a decided case."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.made import ANNA, BERT, JOB, finding, workspace
from vedette import accounts, audit, cases, doors, findings
from vedette.app.rooms import catalogue
from vedette.base import Evidence, FixedClock, Principal, Strength
from vedette.cases import Action, Outcome
from vedette.store import Store, Workspace

NAME, NATIVE, EMAIL = "Kim Example", "김예시", "kim@example.org"
CUSTOMERS: tuple[dict[str, str], ...] = (
    {
        "account_id": "a-1",
        "kind": "person",
        "name": NAME,
        "name_native": NATIVE,
        "email": EMAIL,
        "country": "KR",
        "address": "1 Sample Street",
        "declared_purpose": "Rendering <b>films</b>",
    },
    {"account_id": "a-2", "kind": "organization", "name": "=2+2 | 样本公司 \x1b[31m", "country": "SG"},
)
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Run = Callable[..., "tuple[int, str]"]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace as it stands once everything is decided; copied for every test."""
    root = tmp_path_factory.mktemp("reports") / "ws"
    clock = FixedClock(START)
    export = root.parent / "export"
    export.mkdir()
    _write(export / "accounts.csv", CUSTOMERS)
    store = Store(workspace(root), catalogue())
    accounts.load(store, JOB, export, clock=clock)
    evidence = (Evidence("event", "s-1"), Evidence("list_entry", "us_ofac_sdn@2026-02-01#7", {"name": "Invented"}))
    stop = {"strength": Strength.STOP, "citation": ("OFAC-01",), "evidence": evidence}
    with audit.writing(store, JOB, "find", clock=clock) as act:
        found = [finding("presence/ip", account=each["account_id"], **stop) for each in CUSTOMERS]
        findings.record(act, found)
    cases.refresh(store, JOB, clock)
    decided(store, "a-1", Action.BLOCK_PROPERTY, clock)
    store.close()
    return root


def decided(
    store: Store, account: str, action: Action, clock: FixedClock, *, reason: str = "sanctioned_territory"
) -> None:
    """Decide the case of an account and have a second person agree."""
    case = cases.find(store, account)
    rule = "us_ofac_block_reject_report"
    cases.decide(
        store,
        ANNA,
        case.case_id,
        Outcome.TRUE,
        action,
        reason,
        "Two identifiers agree.",
        expected_version=case.version,
        clock=clock,
        versions={f"policy/{rule}": "0123456789abcdef"},
    )
    cases.approve(store, BERT, case.case_id, clock=clock)


def _write(path: Path, rows: tuple[Mapping[str, str], ...]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of its own, with a blocked case of a-1 and an open case of a-2."""
    shutil.copytree(template, tmp_path / "house")
    opened = Store(Workspace(tmp_path / "house"), catalogue())
    yield opened
    opened.close()


@pytest.fixture
def run(house: Store, clock: FixedClock) -> Run:
    """Runs `vedette report ...` as somebody; anticipated errors are raised as the cli room would meet them."""
    from vedette.reports.commands import app

    def invoke(*words: str, who: Principal = ANNA) -> tuple[int, str]:
        session: Any = doors.Session(house.workspace.root, who, lambda _root: house, clock=clock)
        result = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=True)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return invoke
