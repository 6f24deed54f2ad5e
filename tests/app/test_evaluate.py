"""Measuring cases against truth: recall, burden on the honest, days to a case."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vedette.app.evaluate import JudgedCase, Truth, TruthError, measure, read_truth

_DAY = datetime(2026, 1, 10, tzinfo=UTC)


def planted(account: str, actor: str = "", kind: str = "laptop_farm") -> Truth:
    return Truth(account, True, actor or account, kind, "", _DAY)


def honest(account: str, group: str = "ordinary") -> Truth:
    return Truth(account, False, account, "", group)


class TestMeasure:
    def test_an_actor_is_found_by_a_case_on_one_of_its_accounts(self) -> None:
        truth = [planted("a", "x"), planted("b", "x"), planted("c", "y"), honest("h")]
        result = measure(truth, [JudgedCase("1", ("a",), _DAY + timedelta(days=3))], days=30)
        (kind,) = result.kinds
        assert (kind.actors, kind.actors_in_case, kind.accounts, kind.accounts_in_case) == (2, 1, 3, 1)
        assert kind.days == [3.0]
        assert result.recall == 0.5
        assert result.missed == ["b", "c"]

    def test_a_case_without_a_planted_account_burdens_the_honest(self) -> None:
        truth = [planted("a"), *(honest(f"h{n}", "cgnat") for n in range(100))]
        cases = [JudgedCase("1", ("a",), _DAY), JudgedCase("2", ("h1", "h2"), _DAY)]
        result = measure(truth, cases, days=60)
        assert result.honest_cases == 1
        assert result.honest_cases_per_10000_per_30_days == pytest.approx(50.0)
        assert result.groups == [{"group": "cgnat", "accounts": 100, "in_a_case": 2, "case_rate": 0.02}]

    def test_a_case_that_names_both_is_no_honest_case(self) -> None:
        result = measure([planted("a"), honest("h")], [JudgedCase("1", ("a", "h"), None)], days=30)
        assert result.honest_cases == 0
        assert result.kinds[0].days == []

    def test_an_account_that_truth_does_not_name_counts_as_honest(self) -> None:
        assert measure([honest("h")], [JudgedCase("1", ("stranger",), _DAY)], days=30).honest_cases == 1

    def test_nothing_planted_and_nothing_found_is_no_division_by_zero(self) -> None:
        assert measure([], [], days=0).as_json()["recall_actors"] == 0.0


class TestReadTruth:
    def test_reads_gzip_and_fills_what_is_blank(self, tmp_path: Path) -> None:
        path = tmp_path / "truth.csv.gz"
        path.write_bytes(
            gzip.compress(b"account_id,planted,kind,first_evidence_at\na,TRUE,farm,2026-01-01T00:00:00Z\nb,false,,\n")
        )
        first, second = read_truth(path)
        assert first == Truth("a", True, "a", "farm", "", datetime(2026, 1, 1, tzinfo=UTC))
        assert not second.planted

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"account_id\na\n", "lacks the columns planted"),
            (b"\xff\xfe", "cannot be read"),
            (b"account_id,planted,first_evidence_at\na,true,2026-01-01\n", "no zone"),
        ],
    )
    def test_refuses_what_it_cannot_use(self, tmp_path: Path, content: bytes, problem: str) -> None:
        path = tmp_path / "truth.csv"
        path.write_bytes(content)
        with pytest.raises(TruthError, match=problem):
            read_truth(path)
