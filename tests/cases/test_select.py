"""The filter language: it reads back what it writes, refuses what it does not know, and fits exactly what it says."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.cases.model import Case, CaseStatus, Weighing
from vedette.cases.select import Selection, WrongFilter, fits, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
SEVERAL = st.lists(WORDS, max_size=3, unique=True).map(tuple)
YES = st.none() | st.booleans()
NUMBER = st.none() | st.integers(0, 100)
TIME = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
SELECTIONS = st.builds(
    Selection,
    status=st.lists(st.sampled_from(CaseStatus), max_size=3, unique=True).map(tuple),
    family=SEVERAL,
    account=SEVERAL,
    case=SEVERAL,
    assigned=SEVERAL,
    holder=SEVERAL,
    unassigned=YES,
    hold=YES,
    supported=YES,
    escalated=YES,
    priority_min=NUMBER,
    priority_max=NUMBER,
    opened_since=TIME,
    opened_before=TIME,
    updated_since=TIME,
    contains=st.none() | WORDS,
)


def a_case(**changes: object) -> Case:
    values: dict[str, object] = {
        "case_id": "case_1",
        "version": 1,
        "status": CaseStatus.OPEN,
        "priority": 50,
        "opened_at": NOW - timedelta(days=2),
        "changed_at": NOW - timedelta(days=1),
        "accounts": ("a-1",),
        "families": ("network", "payment"),
        "findings": (),
        "seen": (),
        "stops": (),
        "weighing": Weighing(),
        "summary": "Straße used at night",
        "lead": "",
        "rule_version": "",
        **changes,
    }
    return Case(**values)  # type: ignore[arg-type]  # a table of fields


class TestParse:
    @given(SELECTIONS)
    def test_a_selection_reads_back_from_its_query(self, wanted: Selection) -> None:
        assert parse(wanted.query()) == wanted

    @pytest.mark.parametrize("text", ["", "?"])
    def test_nothing_asks_for_everything(self, text: str) -> None:
        assert parse(text) == Selection()

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("stauts=open", "no filter 'stauts'"),
            ("status=opne", "waiting_approval"),
            ("hold=maybe", "yes or no"),
            ("priority_min=101", "0 to 100"),
            ("priority_min=-1", "0 to 100"),
            ("priority_min=٣", "0 to 100"),
            ("priority_min=1&priority_min=2", "2 times"),
            ("updated_since=yesterday", "a time"),
            ("account=", "a word"),
            ("contains=a%00b", "a word"),
            ("just words", "query string"),
            ("account=x&" * 500, "longer"),
        ],
    )
    def test_what_it_does_not_know_is_refused(self, text: str, told: str) -> None:
        with pytest.raises(WrongFilter, match=".*") as caught:
            parse(text)
        assert told in f"{caught.value} {caught.value.remedy}"


class TestFits:
    @pytest.mark.parametrize(
        ("query", "fit"),
        [
            ("", True),
            ("status=open", True),
            ("status=closed&status=open", True),
            ("status=closed", False),
            ("family=payment", True),
            ("family=device", False),
            ("family=device&family=network", True),
            ("account=a-1", True),
            ("account=a", False),
            ("case=case_1", True),
            ("case=case_2", False),
            ("assigned=bert", True),
            ("assigned=anna", False),
            ("unassigned=yes", False),
            ("unassigned=no", True),
            ("holder=anna", False),
            ("hold=no", True),
            ("hold=yes", False),
            ("supported=no", False),
            ("escalated=no", True),
            ("priority_min=50&priority_max=50", True),
            ("priority_min=51", False),
            ("priority_max=49", False),
            ("opened_since=2026-02-27T12:00:00Z&opened_before=2026-02-27T12:00:01Z", True),
            ("opened_before=2026-02-27T12:00:00Z", False),
            ("updated_since=2026-02-28T12:00:00Z", True),
            ("updated_since=2026-02-28T12:00:01Z", False),
            ("contains=STRASSE", True),
            ("contains=%25", False),
            ("status=open&priority_min=51", False),
        ],
    )
    def test_table(self, query: str, fit: bool) -> None:
        assert fits(a_case(), parse(query), NOW, {"case_1": "bert"}) is fit

    def test_a_claim_past_its_lease_counts_as_open(self) -> None:
        case = a_case(status=CaseStatus.CLAIMED, claimed_by="person:anna", lease_until=NOW)

        assert fits(case, parse("status=open"), NOW, {})
        assert not fits(case, parse("holder=anna"), NOW, {})
        assert fits(case, parse("holder=anna&status=claimed"), NOW - timedelta(seconds=1), {})

    def test_every_part_is_asked(self) -> None:
        """A part that ``fits`` forgot would widen a bulk act: each alone must be able to refuse."""
        refusing = Selection(
            status=(CaseStatus.CLOSED,),
            family=("x",),
            account=("x",),
            case=("x",),
            assigned=("x",),
            holder=("x",),
            unassigned=False,
            hold=True,
            supported=False,
            escalated=True,
            priority_min=51,
            priority_max=49,
            opened_since=NOW,
            opened_before=NOW - timedelta(days=9),
            updated_since=NOW,
            contains="zzz",
        )
        for item in fields(Selection):
            alone = Selection(**{item.name: getattr(refusing, item.name)})
            assert not fits(a_case(), alone, NOW, {}), item.name
