"""J2: a compliance engineer points `vedette run` at the provider's exports and gets ranked cases with evidence."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.journeys.scene import Desk
from tests.journeys.terminal import Answer
from vedette.simulate import Summary

TABLES = ("accounts", "owners", "payments", "signins", "keys", "identities", "allocations", "usage", "flows")
FINDING = {
    "id": str,
    "check": str,
    "version": str,
    "subject": dict,
    "accounts": list,
    "family": str,
    "strength": str,
    "summary": str,
    "evidence": list,
    "citation": list,
    "first_seen": str,
    "last_seen": str,
    "count": int,
}
CASE = {
    "case_id": str,
    "status": str,
    "priority": int,
    "opened_at": str,
    "accounts": list,
    "families": list,
    "findings": list,
    "summary": str,
}


def of_contract(row: dict[str, Any], contract: dict[str, type]) -> None:
    assert {name: type(row.get(name)) for name in contract} == contract


def content(desk: Desk) -> dict[str, dict[str, Any]]:
    """What was found, without the moments at which this workspace came to know it."""
    told = FINDING.keys() | {"bits"}
    return {
        identity: {name: value for name, value in row.items() if name in told}
        for identity, row in desk.findings().items()
    }


def groups(desk: Desk) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The cases by what they hold: accounts and findings."""
    return {(tuple(sorted(case["accounts"])), tuple(sorted(case["findings"]))) for case in desk.cases()}


class TestFirstRun:
    def test_the_queue_holds_the_contract_and_the_most_urgent_comes_first(self, worked: Desk) -> None:
        """The reviewer's first hour goes to the case that matters most; other programs can rely on the fields."""
        cases = worked.cases()
        assert cases
        for case in cases:
            of_contract(case, CASE)
            assert 0 <= case["priority"] <= 100
            assert "actor_id" in case
        priorities = [case["priority"] for case in cases]
        assert priorities == sorted(priorities, reverse=True)

    def test_every_finding_holds_the_contract_and_can_be_defended(self, worked: Desk) -> None:
        """Nobody is suspected on grounds that cannot be shown: evidence, citation and blind spots stand with each finding."""
        found = worked.findings()
        assert len(found) > 10
        for row in found.values():
            of_contract(row, FINDING)
            assert set(row["subject"]) == {"kind", "id"}
            assert row["bits"] is None or isinstance(row["bits"], int | float)
            assert row["evidence"] and row["citation"] and row["blind_spots"]
            assert row["accounts"]

    def test_a_case_rests_on_a_stop_or_on_two_families(self, worked: Desk) -> None:
        """No single signal attributes: whoever trips one soft check never lands on a reviewer's desk for it."""
        found = worked.findings()
        for case in worked.cases():
            strengths = {found[identity]["strength"] for identity in case["findings"]}
            assert "stop" in strengths or len(case["families"]) >= 2
            assert {account for identity in case["findings"] for account in found[identity]["accounts"]} & set(
                case["accounts"]
            )

    def test_planted_actors_are_found_and_hard_honest_customers_are_not_stopped(
        self, worked: Desk, provider: Summary
    ) -> None:
        """The planted are mostly in the queue; a traveller, a namesake or a classroom is never put on hold."""
        with provider.truth.open(encoding="utf-8", newline="") as file:
            truth = {row["account_id"]: row for row in csv.DictReader(file)}
        stopped = {
            account for row in worked.findings().values() if row["strength"] == "stop" for account in row["accounts"]
        }
        assert stopped
        assert all(truth[account]["planted"] == "true" for account in stopped)
        answer = worked("evaluate", "--truth", provider.truth, "--json").done()
        (summary,) = [row for row in answer.rows if row["row"] == "summary"]
        assert summary["recall_actors"] >= 0.4

    def test_anything_printed_can_be_explained(self, worked: Desk) -> None:
        """Whoever is shown an id can ask what it means."""
        case = worked.cases()[0]
        for identity in (case["case_id"], case["findings"][0], case["accounts"][0]):
            told = worked("explain", identity, "--json").done().row
            assert told["title"] and told["facts"]

    def test_the_log_holds(self, worked: Desk) -> None:
        """Everything that was done can be proved later."""
        told = worked("audit", "verify", "--json").done().row
        assert told["holds"] is True
        assert told["leaves"] > 5


class TestSecondRun:
    def test_running_again_changes_nothing(self, worked: Desk, provider: Summary) -> None:
        """A nightly job that fires twice opens no second case, raises no count and writes no log entry."""
        before = (worked.findings(), worked.cases(), worked.lake(), worked.leaves())
        steps = {row["step"]: row for row in worked("run", provider.export, "--json").done().rows}
        assert (worked.findings(), worked.cases(), worked.lake(), worked.leaves()) == before
        assert steps["ingest"]["stored"] == 0
        assert steps["ingest"]["read"] == steps["ingest"]["duplicates"]
        assert [name for name, row in steps.items() if row["due"]] == ["ingest", "cases"]

    def test_the_summary_tells_people_what_was_not_looked_at(self, worked: Desk, provider: Summary) -> None:
        """Silence never means clean: what is held but not screened is said on every run."""
        told = " ".join(worked("run", provider.export).done().out.split())
        assert "Held but not screened" in told
        assert "A name alone identifies nobody" in told


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def converted(provider: Summary, target: Path, form: str) -> Path:
    """The provider's export in another form: numbers, flags and times typed as such programs write them."""
    target.mkdir()
    shutil.copytree(provider.export / "logs", target / "logs")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            source = provider.export / f"{table}.csv.gz"
            columns = ", ".join(map(_typed, next(_rows(source))))
            options = "FORMAT parquet" if form == "parquet" else "FORMAT json"
            connection.execute(
                f"COPY (SELECT {columns} FROM read_csv('{source}', all_varchar = true, nullstr = '')) "
                f"TO '{target / table}.{form}' ({options})"
            ).fetchall()
    return target


def _typed(column: str) -> str:
    if column in ("amount", "share_min", "share_max"):
        return f"{column}::DOUBLE AS {column}"
    if column == "timezone_offset_minutes":
        return f"{column}::INTEGER AS {column}"
    if column == "mfa":
        return f"{column}::BOOLEAN AS {column}"
    return column


class TestForms:
    @pytest.mark.parametrize("form", [pytest.param("jsonl", marks=pytest.mark.slow), "parquet"])
    def test_the_same_data_in_another_form_gives_the_same_findings(
        self, equipped: Desk, worked_once: Desk, provider: Summary, tmp_path: Path, form: str
    ) -> None:
        """Whether a customer is looked at does not depend on how the provider's database writes its files."""
        equipped("run", converted(provider, tmp_path / "export", form)).done()
        assert content(equipped) == content(worked_once)
        assert equipped.lake() == worked_once.lake()
        assert groups(equipped) == groups(worked_once)


def halved(provider: Summary, target: Path, part: int) -> Path:
    """Every second row of each table and every second log file: part 0 or part 1 of the export."""
    (target / "logs").mkdir(parents=True)
    for table in TABLES:
        rows = list(_rows(provider.export / f"{table}.csv.gz"))
        kept = [row for number, row in enumerate(rows) if number % 2 == part]
        with gzip.open(target / f"{table}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(kept)
    for product in (provider.export / "logs").iterdir():
        (target / "logs" / product.name).mkdir()
        for number, path in enumerate(sorted(product.iterdir())):
            if number % 2 == part:
                shutil.copy(path, target / "logs" / product.name / path.name)
    return target


class TestIncrement:
    @pytest.mark.slow
    def test_half_now_and_the_rest_later_equals_all_at_once(
        self, equipped: Desk, worked_once: Desk, provider: Summary, tmp_path: Path
    ) -> None:
        """Findings are functions of what is held: a customer is judged alike however the exports were cut into days."""
        first: Answer = equipped("run", halved(provider, tmp_path / "first", 0)).done()
        assert "new findings" in first.out
        equipped("run", halved(provider, tmp_path / "second", 1)).done()
        assert equipped.lake() == worked_once.lake()
        assert content(equipped) == content(worked_once)
        assert groups(equipped) == groups(worked_once)

    def test_identities_that_come_later_reach_the_events_already_read(
        self, bare: Desk, provider: Summary, tmp_path: Path
    ) -> None:
        """Whoever fills identities.csv, as the summary asks, sees the unmapped events find their customers."""
        (tmp_path / "first").mkdir()
        shutil.copytree(provider.export / "logs", tmp_path / "first" / "logs")
        shutil.copy(provider.export / "accounts.csv.gz", tmp_path / "first")
        bare("ingest", tmp_path / "first").done()
        bare("ingest", provider.export).done()
        assert _mapped(bare) == _events(bare) > 0


def _events(desk: Desk, where: str = "true") -> int:
    from vedette.app.opening import open_store

    store = open_store(desk.root)
    with store.engine(["logs"]) as engine:
        ((count,),) = engine.rows(f"SELECT count(*) FROM logs WHERE {where}")
    store.close()
    return int(count)


def _mapped(desk: Desk) -> int:
    return _events(desk, "account_id IS NOT NULL")
