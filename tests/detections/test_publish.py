"""The rule book: what counts, who agreed, what runs in shadow, and exceptions that end by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.detections.made import edit, folder
from tests.made import ANNA, BERT, JOB, finding
from vedette import approvals
from vedette.audit import verify
from vedette.base import FixedClock, Strength
from vedette.detections import Rule
from vedette.detections.publish import (
    Book,
    answer,
    archived,
    book,
    end_exception,
    except_account,
    listed,
    publish,
    retire,
    texts_of,
)
from vedette.detections.read import read_rule
from vedette.detections.standing import Mode, RuleBookError, part
from vedette.detections.store import rulebook
from vedette.store import Store

SHIPPED = "network/impossible_travel"


def made(root: Path, version: int = 1) -> Rule:
    """A rule with that version, written once for each test."""
    written = root / f"v{version}" / "network" / "odd"
    if not written.exists():
        edit(folder(root / f"v{version}") / "rule.yml", version=str(version))
    return read_rule(written)


def ids(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.id for rule in rules if rule.id in ("network/odd", SHIPPED)]


class TestShadow:
    def test_a_new_rule_runs_in_shadow_at_once_and_does_not_count(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        line = publish(store, ANNA, made(tmp_path), Mode.SHADOW, reason="trying", clock=clock)
        found = book(store)
        assert (line.mode, line.changed_by, line.wanted_mode) == (Mode.SHADOW, "person:anna", None)
        assert (ids(found.live), ids(found.shadow)) == ([SHIPPED], ["network/odd"])
        assert verify(store).holds

    def test_a_new_version_runs_beside_the_one_that_counts(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        publish(store, ANNA, made(tmp_path), Mode.LIVE, reason="first", clock=clock)
        answer(store, BERT, "network/odd", agree=True, clock=clock)
        publish(store, ANNA, made(tmp_path, 2), Mode.SHADOW, reason="second", clock=clock)
        found = book(store)
        assert [rule.version for rule in found.live if rule.id == "network/odd"] == [1]
        assert [rule.version for rule in found.shadow] == [2]

    def test_what_it_found_is_kept_aside_and_goes_when_no_longer_found(self, store: Store, clock: FixedClock) -> None:
        from vedette.audit import writing

        for accounts in (("a-1", "a-2"), ("a-2",)):
            with writing(store, JOB, "run.detections", clock=clock) as act:
                rulebook.record_shadow(act, "network/odd", [finding(account=account) for account in accounts])
        assert [row["subject_id"] for row in rulebook.shadow(store)] == ["a-2"]
        assert rulebook.shadow(store, "network/other") == []
        assert verify(store).holds


class TestLive:
    def test_counts_only_after_a_second_person_agreed(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        line = publish(store, ANNA, made(tmp_path), Mode.LIVE, reason="seen in a case", clock=clock)
        assert (line.mode, line.wanted_mode) == (Mode.RETIRED, Mode.LIVE)
        assert ids(book(store).live) == [SHIPPED]
        for nobody in (ANNA, JOB):
            with pytest.raises(approvals.NotAllowed):
                answer(store, nobody, "network/odd", agree=True, clock=clock)
        line = answer(store, BERT, "network/odd", agree=True, clock=clock)
        assert (line.mode, line.wanted_mode, line.request_id) == (Mode.LIVE, None, "")
        assert ids(book(store).live) == [SHIPPED, "network/odd"]
        assert verify(store).holds

    def test_a_version_that_counts_leaves_the_shadow(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        publish(store, ANNA, made(tmp_path), Mode.SHADOW, reason="trying", clock=clock)
        publish(store, ANNA, made(tmp_path, 2), Mode.LIVE, reason="good", clock=clock)
        assert answer(store, BERT, "network/odd", agree=True, clock=clock).shadow_version == 1
        rule = archived(store, rulebook.standings(store)["network/odd"].shadow_hash)
        assert rule.version == 1

    def test_a_rejected_or_withdrawn_change_changes_nothing(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        for person in (BERT, ANNA):
            publish(
                store,
                ANNA,
                made(tmp_path),
                Mode.LIVE,
                reason="please",
                clock=clock,
            )
            line = answer(store, person, "network/odd", agree=False, clock=clock)
            assert (line.mode, line.wanted_mode) == (Mode.RETIRED, None)
            clock = FixedClock(clock.now() + timedelta(minutes=1))

    def test_two_changes_never_wait_at_once(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        publish(store, ANNA, made(tmp_path), Mode.LIVE, reason="one", clock=clock)
        with pytest.raises(RuleBookError, match="already waits"):
            publish(store, BERT, made(tmp_path, 2), Mode.LIVE, reason="two", clock=clock)


class TestVersions:
    def test_the_same_version_with_other_texts_is_refused(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        rule = made(tmp_path)
        publish(store, ANNA, rule, Mode.SHADOW, reason="one", clock=clock)
        publish(store, ANNA, rule, Mode.SHADOW, reason="again", clock=clock)
        other = tmp_path / "v1" / "network" / "odd" / "rule.yml"
        edit(other, why="Another reason.")
        with pytest.raises(RuleBookError, match="already in the book") as caught:
            publish(store, ANNA, read_rule(other.parent), Mode.SHADOW, reason="two", clock=clock)
        assert "version: in rule.yml to 2" in str(caught.value)

    def test_a_rule_whose_examples_fail_is_refused(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        rule = made(tmp_path)
        with pytest.raises(RuleBookError, match="examples fail"):
            publish(
                store, ANNA, replace(rule, sql=rule.sql.replace(">= 3", ">= 9")), Mode.SHADOW, reason="x", clock=clock
            )

    def test_texts_come_back_from_the_archive_as_they_went_in(self, store: Store, tmp_path: Path) -> None:
        rule = made(tmp_path)
        back = archived(store, store.archive.put(texts_of(rule)))
        assert replace(back, folder="") == replace(rule, folder="")

    def test_a_damaged_archive_is_reported_and_the_others_run(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        line = publish(store, ANNA, made(tmp_path), Mode.SHADOW, reason="one", clock=clock)
        store.archive.path(line.shadow_hash).unlink()
        found = book(store)
        assert "not in the archive" in found.broken["network/odd"] and SHIPPED in ids(found.live)


class TestRetire:
    def test_a_shipped_rule_goes_on_until_a_second_person_agrees(self, store: Store, clock: FixedClock) -> None:
        retire(store, ANNA, SHIPPED, reason="too loud here", clock=clock)
        assert ids(book(store).live) == [SHIPPED]
        answer(store, BERT, SHIPPED, agree=True, clock=clock)
        assert ids(book(store).live) == []
        assert {line.rule_id: line.mode for line in listed(store)}[SHIPPED] is Mode.RETIRED

    def test_a_shadow_goes_at_once(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        publish(store, ANNA, made(tmp_path), Mode.SHADOW, reason="trying", clock=clock)
        assert retire(store, ANNA, "network/odd", reason="useless", clock=clock).mode is Mode.RETIRED
        assert book(store).shadow == ()

    @pytest.mark.parametrize("rule_id", ["network/none", ""])
    def test_an_unknown_rule(self, store: Store, clock: FixedClock, rule_id: str) -> None:
        with pytest.raises(RuleBookError, match="no rule"):
            retire(store, ANNA, rule_id, reason="x", clock=clock)

    def test_a_change_needs_a_reason(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(RuleBookError, match="reason"):
            retire(store, ANNA, SHIPPED, reason=" ", clock=clock)


class TestExceptions:
    def except_it(self, store: Store, clock: FixedClock, tmp_path: Path, days: int = 30, **changes: Strength) -> str:
        rule = replace(made(tmp_path), **changes) if changes else made(tmp_path)
        until = clock.now() + timedelta(days=days)
        return except_account(store, ANNA, rule, "a-1", reason="contract seen", expires_at=until, clock=clock).id

    def test_sets_aside_until_its_day_and_then_no_more(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        self.except_it(store, clock, tmp_path)
        found = [finding(account="a-1"), finding(account="a-2"), finding("network/other", "a-1")]
        known = rulebook.exceptions(store)
        kept, aside = part(found, known, clock.now())
        assert ([item.subject.id for item in aside], len(kept)) == (["a-1"], 2)
        assert part(found, known, clock.now() + timedelta(days=30)) == (found, [])
        assert verify(store).holds

    def test_a_finding_about_others_too_is_not_set_aside(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        self.except_it(store, clock, tmp_path)
        both = finding(account="a-1", accounts=("a-1", "a-2"))
        assert part([both], rulebook.exceptions(store), clock.now()) == ([both], [])

    def test_a_finding_that_stops_is_never_set_aside(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        self.except_it(store, clock, tmp_path)
        stop = finding(account="a-1", strength=Strength.STOP)
        assert part([stop], rulebook.exceptions(store), clock.now()) == ([stop], [])
        with pytest.raises(RuleBookError, match="takes no exceptions"):
            self.except_it(store, clock, tmp_path, strength=Strength.STOP)

    @pytest.mark.parametrize("days", [-1, 0, 181])
    def test_it_always_ends_within_half_a_year(
        self, store: Store, clock: FixedClock, tmp_path: Path, days: int
    ) -> None:
        with pytest.raises(RuleBookError, match="within 180 days"):
            self.except_it(store, clock, tmp_path, days)

    def test_can_be_ended_once(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        made_id = self.except_it(store, clock, tmp_path)
        assert end_exception(store, BERT, made_id, clock=clock).ended_by == "person:bert"
        assert not rulebook.exceptions(store)[0].holds(clock.now())
        with pytest.raises(RuleBookError, match="no exception"):
            end_exception(store, BERT, made_id, clock=clock)


class TestExpiry:
    """What a rule knows grows old: from the day it names, it counts no longer, and the book says which."""

    @pytest.mark.parametrize(("day", "counts"), [("2026-05-31", True), ("2026-06-01", False), ("2027-01-01", False)])
    def test_a_rule_counts_until_the_day_before_it_expires(self, tmp_path: Path, day: str, counts: bool) -> None:
        old, lasting = replace(made(tmp_path), expires=date(2026, 6, 1)), made(tmp_path, 2)
        held = Book(live=(old, lasting), shadow=(old,), broken={"x": "y"}).on(date.fromisoformat(day))
        assert held.live == ((old, lasting) if counts else (lasting,))
        assert held.shadow == ((old,) if counts else ())
        assert held.expired == (() if counts else (old,))
        assert held.broken == {"x": "y"}

    def test_rules_without_a_day_last(self, tmp_path: Path) -> None:
        assert not made(tmp_path).expired(date.max)
