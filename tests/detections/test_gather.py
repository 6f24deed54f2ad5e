"""From rows to one finding: counting, weighing, evidence and the sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.detections.made import rule
from vedette.base import Finding
from vedette.detections import Rule
from vedette.detections.gather import Gathered, finding


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    return rule(tmp_path_factory.mktemp("rules"), weight_cap="4")


def row(number: int, **changes: Any) -> dict[str, Any]:
    made = {"account_id": "a-1", "time_us": number * 1_000_000, "bits": 1.0, "event_ids": f"e-{number:04d}"}
    return made | changes


def gathered(rule: Rule, rows: list[dict[str, Any]]) -> Finding:
    held = Gathered()
    for item in rows:
        held.add(item)
    return finding(rule, ("account", "a-1", ""), held)


class TestCounting:
    def test_the_same_observation_twice_counts_once(self, template: Rule) -> None:
        assert gathered(template, [row(1), row(1), row(2)]).count == 2

    def test_the_count_is_exact_where_evidence_is_cut_to_twenty(self, template: Rule) -> None:
        found = gathered(template, [row(number) for number in range(1_000)])
        assert (found.count, len(found.evidence)) == (1_000, 20)

    def test_two_ids_are_one_observation_with_two_pieces_of_evidence(self, template: Rule) -> None:
        found = gathered(template, [row(1, event_ids=["e-2", "e-1", None])])
        assert (found.count, [item.ref for item in found.evidence]) == (1, ["e-1", "e-2"])

    def test_rows_without_ids_point_to_the_account(self, template: Rule) -> None:
        found = gathered(template, [row(1, event_ids=None)])
        assert [(item.kind, item.ref) for item in found.evidence] == [("account", "a-1")]

    def test_an_account_that_is_spoken_of_is_among_the_accounts(self, template: Rule) -> None:
        held = Gathered()
        held.add(row(1, account_id="a-2"))
        assert finding(template, ("account", "a-1", ""), held).accounts == ("a-1", "a-2")
        assert finding(template, ("device", "d-1", ""), held).accounts == ("a-2",)


class TestWeight:
    @pytest.mark.parametrize(("bits", "weight"), [([1.0, 3.0], 3.0), ([9.0], 4.0), ([None], None), ([None, 2.0], 2.0)])
    def test_is_the_heaviest_row_up_to_the_cap(
        self, template: Rule, bits: list[float | None], weight: float | None
    ) -> None:
        rows = [row(number, bits=value) for number, value in enumerate(bits)]
        assert gathered(template, rows).bits == weight

    def test_the_heaviest_rows_are_kept_as_evidence_in_order_of_time(self, template: Rule) -> None:
        rows = [row(number, bits=3.0 if number >= 480 else 1.0) for number in range(500)]
        found = gathered(template, rows)
        assert [item.ref for item in found.evidence] == [f"e-{number:04d}" for number in range(480, 500)]


class TestSentence:
    def test_texts_are_listed_and_numbers_are_the_largest(self, tmp_path: Path) -> None:
        sql = (
            "SELECT account_id, time_us, 1.0 AS bits, event_id AS event_ids, ip AS v_ips, ip_asn AS v_size FROM signins"
        )
        mine = rule(
            tmp_path, sql, summary="{count} from {ips}, up to {size}, {first_seen} to {last_seen}, {accounts} account"
        )
        rows = [row(number, v_ips=f"10.0.0.{number}", v_size=number) for number in range(9)]

        assert gathered(mine, rows).summary == (
            "9 from 10.0.0.0, 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5 and 3 more, up to 8, "
            "1970-01-01 to 1970-01-01, 1 account"
        )

    def test_hostile_values_stay_one_short_line_and_cannot_format(self, tmp_path: Path) -> None:
        sql = "SELECT account_id, time_us, 1.0 AS bits, event_id AS event_ids, ip AS v_ips FROM signins"
        mine = rule(tmp_path, sql, summary="from {ips}")
        found = gathered(mine, [row(1, v_ips="{count}\x1b[31m\nnext" + "x" * 500)])

        assert found.summary.startswith("from {count} [31m next")
        assert len(found.summary) < 100
        assert found.summary.isprintable()

    def test_a_value_that_no_row_holds_reads_as_unknown(self, tmp_path: Path) -> None:
        sql = "SELECT account_id, time_us, 1.0 AS bits, event_id AS event_ids, ip AS v_ips FROM signins"
        assert gathered(rule(tmp_path, sql, summary="from {ips}"), [row(1, v_ips=None)]).summary == "from unknown"


ROWS = st.lists(
    st.builds(
        row,
        st.integers(0, 30),
        bits=st.sampled_from([None, 1.0, 2.0, 3.0]),
        v_country=st.sampled_from(["PL", "US", None]),
        account_id=st.sampled_from(["a-1", "a-2"]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda item: item["event_ids"],
)


class TestOrder:
    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=ROWS, seed=st.randoms())
    def test_a_finding_does_not_depend_on_the_order_of_rows(
        self, template: Rule, rows: list[dict[str, Any]], seed: Any
    ) -> None:
        shuffled = list(rows)
        seed.shuffle(shuffled)
        assert gathered(template, shuffled) == gathered(template, rows)
