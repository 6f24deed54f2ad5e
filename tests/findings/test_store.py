"""Found twice is stored once; what changes moves to the end; what is no longer found is withdrawn, not lost."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.test_open import FINDINGS
from tests.made import ANNA, JOB, Stores, finding, shared
from vedette import audit, findings
from vedette.base import Evidence, Finding, FixedClock, Strength
from vedette.findings import FindingState, Recorded, StoredFinding
from vedette.store import Store


def record(store: Store, clock: FixedClock, *found: Finding) -> Recorded:
    with audit.writing(store, JOB, "find", clock=clock) as act:
        return findings.record(act, found)


def settle(store: Store, clock: FixedClock, check: str, *found: str, subjects: Sequence[str] | None = None) -> Recorded:
    with audit.writing(store, JOB, "settle", clock=clock) as act:
        return findings.settle(act, check, found, subjects=subjects)


def content(items: list[StoredFinding]) -> dict[str, Finding]:
    return {item.finding.id: item.finding for item in items}


class TestRecord:
    def test_there_and_back(self, store: Store, clock: FixedClock) -> None:
        rich = finding(
            bits=7.25,
            count=3,
            strength=Strength.STRONG,
            accounts=("a-1", "a-2"),
            summary="名前 'quoted' \x1b[2J\nsecond line",
            evidence=(Evidence("event", "e-1", {"n": 1, "x": 0.5, "list": ["u"], "none": None, "yes": True}),),
            citation=("NET-01", "OFAC-02"),
            window="2026-01",
            first_seen=datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        )
        record(store, clock, rich)

        stored = findings.get(store, rich.id)

        assert stored is not None
        assert stored.finding == rich
        assert (stored.seq, stored.state, stored.recorded_at) == (1, FindingState.STANDING, "2026-03-01T12:00:00Z")

    def test_twice_is_once(self, store: Store, clock: FixedClock) -> None:
        assert record(store, clock, finding()) == Recorded(new=1)
        leaves = audit.verify(store).leaves
        clock.advance(timedelta(days=1))

        assert record(store, clock, finding()) == Recorded(unchanged=1)
        assert audit.verify(store).leaves == leaves
        assert [item.seq for item in findings.since(store)] == [1]

    def test_the_same_twice_in_one_recording_is_once(self, store: Store, clock: FixedClock) -> None:
        assert record(store, clock, finding(), finding()) == Recorded(new=1)

    def test_more_of_the_same_moves_to_the_end(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(), finding("payment/b"))

        assert record(store, clock, finding(count=2)) == Recorded(changed=1)

        assert [item.finding.check for item in findings.since(store)] == ["payment/b", "network/odd"]
        assert len(findings.standing(store)) == 2

    @pytest.mark.parametrize(
        "change",
        [
            {"version": "2"},
            {"strength": Strength.STOP},
            {"bits": 1.0},
            {"summary": "other"},
            {"evidence": (Evidence("event", "e-2"),)},
            {"accounts": ("a-1", "a-9")},
            {"last_seen": datetime(2026, 1, 3, tzinfo=UTC)},
            {"citation": ()},
        ],
    )
    def test_any_change_of_content_is_a_change(
        self, store: Store, clock: FixedClock, change: dict[str, object]
    ) -> None:
        record(store, clock, finding())

        assert record(store, clock, finding(**change)).changed == 1

    def test_an_undone_act_stores_nothing(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(RuntimeError), audit.writing(store, JOB, "find", clock=clock) as act:
            findings.record(act, [finding()])
            raise RuntimeError

        assert findings.since(store) == []

    def test_everything_is_in_the_log(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(bits=2.0), finding("payment/b", bits=0.1))

        assert audit.verify(store).problems == []


class TestSettle:
    def test_what_is_no_longer_found_is_withdrawn_and_seen_by_readers(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(account="a-1"), finding(account="a-2"))
        cursor = findings.since(store)[-1].seq

        assert settle(store, clock, "network/odd", finding(account="a-1").id) == Recorded(withdrawn=1)

        (changed,) = findings.since(store, cursor)
        assert (changed.finding.accounts, changed.state) == (("a-2",), FindingState.WITHDRAWN)
        assert [item.finding.accounts for item in findings.standing(store)] == [("a-1",)]

    def test_other_checks_are_left_alone(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(), finding("payment/b"))

        assert settle(store, clock, "payment/b") == Recorded(withdrawn=1)
        assert [item.finding.check for item in findings.standing(store)] == ["network/odd"]

    def test_only_examined_subjects_are_asked(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(account="a-1"), finding(account="a-2"))

        assert settle(store, clock, "network/odd", subjects=["a-2"]).withdrawn == 1
        assert [item.finding.accounts for item in findings.standing(store)] == [("a-1",)]

    def test_doing_it_again_changes_nothing(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding())
        settle(store, clock, "network/odd")
        leaves = audit.verify(store).leaves

        assert settle(store, clock, "network/odd") == Recorded()
        assert audit.verify(store).leaves == leaves

    def test_found_again_stands_again(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding())
        settle(store, clock, "network/odd")

        assert record(store, clock, finding()) == Recorded(changed=1)
        assert len(findings.standing(store)) == 1


class TestReaders:
    def test_a_cursor_sees_each_change_once(self, store: Store, clock: FixedClock) -> None:
        seen: list[str] = []
        cursor = 0
        for step in ([finding()], [finding("payment/b")], [finding(count=2)], []):
            record(store, clock, *step)
            for item in findings.since(store, cursor):
                seen.append(item.finding.check)
                cursor = item.seq

        assert seen == ["network/odd", "payment/b", "network/odd"]

    def test_portions(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, *(finding(account=f"a-{number}") for number in range(5)))

        first = findings.since(store, limit=2)
        rest = findings.since(store, first[-1].seq)

        assert [item.seq for item in (*first, *rest)] == [1, 2, 3, 4, 5]

    def test_by_account_by_check_and_by_id(self, store: Store, clock: FixedClock) -> None:
        hub = shared("device/x", ("a-1", "a-10"))
        record(store, clock, finding(account="a-1"), finding(account="a-10"), hub)

        assert {item.finding.id for item in findings.standing(store, account="a-1")} == {finding().id, hub.id}
        assert [item.finding.id for item in findings.standing(store, check="device/x")] == [hub.id]
        assert [item.finding.id for item in findings.by_ids(store, [hub.id, "fnd_unknown"])] == [hub.id]
        assert findings.get(store, "fnd_unknown") is None

    def test_many_ids(self, store: Store, clock: FixedClock) -> None:
        many = [finding(account=f"a-{number}") for number in range(1_203)]
        record(store, clock, *many)

        assert len(findings.by_ids(store, [item.id for item in many])) == 1_203

    def test_briefs_are_the_standing_ones(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(bits=2.5), finding("payment/b"))
        settle(store, clock, "payment/b")

        with store.database.reading() as connection:
            (brief,) = findings.briefs(connection)

        assert (brief.id, brief.check, brief.accounts, brief.bits) == (finding().id, "network/odd", ("a-1",), 2.5)
        assert (brief.subject_kind, brief.subject_id, brief.strength) == ("account", "a-1", Strength.MEDIUM)


class TestAsJson:
    def test_the_contracts_fields(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding())

        told = findings.since(store)[0].as_json()

        assert set(told) >= {
            "id",
            "check",
            "version",
            "subject",
            "accounts",
            "family",
            "strength",
            "bits",
            "summary",
            "evidence",
            "citation",
            "first_seen",
            "last_seen",
            "count",
        }
        assert told["subject"] == {"kind": "account", "id": "a-1"}


class TestLaws:
    @given(st.lists(FINDINGS, max_size=4))
    @settings(deadline=None, max_examples=25)
    def test_order_and_repetition_do_not_matter_to_what_is_stored(
        self, stores: Stores, tmp_path_factory: pytest.TempPathFactory, steps: list[list[Finding]]
    ) -> None:
        clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
        everything = {item.id: item for step in steps for item in step}
        with ExitStack() as stack:
            one, other = (
                stack.enter_context(stores.store(tmp_path_factory.mktemp("law") / name)) for name in ("one", "other")
            )
            for step in steps:
                record(one, clock, *step)
                record(one, clock, *step)
            record(one, clock, *everything.values())
            record(other, clock, *reversed(everything.values()))

            assert content(findings.since(one)) == content(findings.since(other)) == everything
            seqs = [item.seq for item in findings.since(one)]
            assert seqs == sorted(set(seqs))


class TestTwoAtOnce:
    def test_writers_never_share_a_sequence_number(self, store: Store, clock: FixedClock) -> None:
        from concurrent.futures import ThreadPoolExecutor

        def write(number: int) -> None:
            with audit.writing(store, ANNA, "find", clock=clock) as act:
                findings.record(act, [finding(account=f"a-{number}-{n}") for n in range(3)])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(12)))

        assert [item.seq for item in findings.since(store)] == list(range(1, 37))
        assert audit.verify(store).problems == []
