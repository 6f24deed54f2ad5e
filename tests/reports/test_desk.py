"""A report's way: nothing leaves incomplete, unapproved, without ground or changed; every step is in the log."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.made import ANNA, BERT, JOB
from tests.reports.conftest import EMAIL, NAME, NATIVE, START, decided
from vedette import approvals, audit, cases, policy, reports
from vedette.app.rooms import catalogue
from vedette.audit import writing
from vedette.base import FixedClock, VedetteError
from vedette.cases import Action
from vedette.reports import Filed, ReportError, State
from vedette.reports import store as state
from vedette.reports.grounds import available, choose, still_holds
from vedette.reports.model import MOVES
from vedette.store import Store, Workspace

HAND = {
    "holder": "Example Cloud Ltd",
    "holder_contact": "legal@cloud.example",
    "programme": "DPRK",
    "property": "Prepaid balance",
}
STEPS = ("submit", "approve", "sent", "received", "refused", "back", "withdraw", "amend")
UNGROUNDED: tuple[dict[str, Any], ...] = (
    {"ground": ""},
    {"reference": ""},
    {"reference": "line\nbreak"},
    {"reference": "x" * 201},
    {"ground": "us_ofac_records"},
    {"ground": "eu_disclosure_obligation"},
    {"ground": "no_such_rule"},
    {"to": "customer"},
    {"to": "fbi_ic3"},
    {"who": JOB},
)
GROUND = {"ground": "us_disclosure_counsel", "reference": "OPINION-17"}


def draft(store: Store, clock: FixedClock, name: str = "ofac_blocking", subject: str = "a-1", **changes: Any) -> Filed:
    values: dict[str, Any] = {"home": "us", "clock": clock, "entered": HAND, **changes}
    return reports.draft(store, values.pop("who", ANNA), name, subject, **values)


def submit(store: Store, clock: FixedClock, report: Filed, **changes: Any) -> Filed:
    values: dict[str, Any] = {"to": "ofac", "home": "us", "clock": clock, **GROUND, **changes}
    return reports.submit(store, values.pop("who", ANNA), report.report_id, **values)


def suspend(store: Store, clock: FixedClock, account: str) -> None:
    decided(store, account, Action.SUSPEND, clock, reason="false_identity")


@pytest.fixture
def drafted(house: Store, clock: FixedClock) -> Filed:
    return draft(house, clock)


@pytest.fixture
def approved(house: Store, clock: FixedClock, drafted: Filed) -> Filed:
    submit(house, clock, drafted)
    return reports.approve(house, BERT, drafted.report_id, clock=clock)


class TestDraft:
    def test_it_holds_what_is_known_and_names_what_is_not(self, drafted: Filed) -> None:
        assert drafted.state is State.DRAFT
        assert set(drafted.missing) >= {"location", "value"}
        assert not set(drafted.missing) & {"owner", "accounts", "blocked_on", "due", "authority", *HAND}

    def test_drawing_it_again_keeps_what_was_entered(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        again = draft(house, clock, entered={"value": "12 USD"})
        assert (again.report_id, again.number) == (drafted.report_id, 1)
        assert not set(again.missing) & {"holder", "value"}

    def test_a_submitted_one_is_given_and_not_redrawn(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        submitted = submit(house, clock, drafted)
        assert draft(house, clock, entered={}) == submitted
        with pytest.raises(ReportError, match="already review"):
            draft(house, clock, entered={"value": "1"})

    @pytest.mark.parametrize(
        ("name", "subject", "changes"),
        [
            ("no_such", "a-1", {}),
            ("ofac_blocking", "house", {}),
            ("ofac_blocking", "a-1", {"entered": {"colour": "red"}}),
            ("ofac_blocking", "a-1", {"language": "ko"}),
            ("ofac_blocking", "a-1", {"entered": {"value": "x" * 20_001}}),
            ("ofac_blocking", "a-1", {"amend": True}),
            ("nil_screening_result", "nobody", {"entered": {}}),
        ],
    )
    def test_what_cannot_be_drafted(
        self, house: Store, clock: FixedClock, name: str, subject: str, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(VedetteError):
            draft(house, clock, name, subject, **changes)

    def test_a_leaf_says_whose_data_were_opened(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        verbs = [entry["verb"] for entry in cases.explain(house, drafted.subject, clock=clock)["history"]]
        assert "revealed" in verbs

    def test_two_who_draft_at_once_do_not_write_over_each_other(
        self, house: Store, clock: FixedClock, drafted: Filed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from vedette.reports import drafting

        whole = drafting.gather

        def slow(*given: Any, **named: Any) -> Any:
            monkeypatch.undo()
            submit(house, clock, drafted)
            return whole(*given, **named)

        monkeypatch.setattr(drafting, "gather", slow)
        with pytest.raises(ReportError, match="meanwhile"):
            draft(house, clock)


class TestSubmit:
    def test_an_incomplete_one_stays(self, house: Store, clock: FixedClock) -> None:
        bare = draft(house, clock, entered={})
        with pytest.raises(ReportError, match="4 fields must be there"):
            submit(house, clock, bare)
        assert reports.filed(house, bare.report_id).state is State.DRAFT

    def test_no_report_goes_to_an_authority_without_ground(
        self, house: Store, clock: FixedClock, drafted: Filed
    ) -> None:
        for changes in UNGROUNDED:
            with pytest.raises(ReportError):
                submit(house, clock, drafted, **changes)
        assert reports.filed(house, drafted.report_id) == drafted

    def test_a_case_that_moved_on_is_drafted_again(self, house: Store, clock: FixedClock) -> None:
        hand = {"why": "The address.", "how": "By a key.", "contact": "legal@cloud.example"}
        made = draft(house, clock, "sar_narrative", "a-2", entered=hand)
        suspend(house, clock, "a-2")
        with pytest.raises(ReportError, match="has changed"):
            submit(house, clock, made, to="fbi_ic3")
        again = draft(house, clock, "sar_narrative", "a-2", entered={})
        assert submit(house, clock, again, to="fbi_ic3").state is State.REVIEW

    def test_a_paper_follows_its_decision(self, house: Store, clock: FixedClock) -> None:
        suspend(house, clock, "a-2")
        made = draft(house, clock, "ofac_blocking", "a-2", entered={**HAND, "authority": "x", "blocked_on": "x"})
        with pytest.raises(ReportError, match="no final decision"):
            submit(house, clock, made)

    def test_the_ground_is_kept_with_its_version(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        made = submit(house, clock, drafted)
        rule = policy.rule("us_disclosure_counsel")
        assert made.ground is not None
        assert (made.ground.kind, made.ground.rule_version) == ("counsel", rule.version)

    def test_a_paper_to_the_customer_needs_none(self, house: Store, clock: FixedClock) -> None:
        hand = {"facts": "Sign-ins came from abroad.", "ground": "Terms, 4.2", "contact": "appeals@cloud.example"}
        made = draft(house, clock, "statement_of_reasons", entered=hand)
        assert submit(house, clock, made, to="customer", ground="", reference="").ground is None

    def test_what_may_not_be_told_does_not_leave(self, house: Store, clock: FixedClock) -> None:
        hand = {"facts": "수사기관이 요청했습니다.", "ground": "Terms, 4.2", "contact": "appeals@cloud.example"}
        made = draft(house, clock, "statement_of_reasons", entered=hand, language="ko")
        with pytest.raises(ReportError, match="may not"):
            submit(house, clock, made, to="customer")


class TestApproval:
    def test_a_second_person_agrees(self, approved: Filed) -> None:
        assert approved.state is State.APPROVED

    def test_the_maker_and_machines_cannot(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        submit(house, clock, drafted)
        for who in (ANNA, replace(ANNA, id="ANNA"), JOB):
            with pytest.raises(VedetteError):
                reports.approve(house, who, drafted.report_id, clock=clock)
        assert reports.filed(house, drafted.report_id).state is State.REVIEW

    def test_whoever_drafted_cannot_though_another_submitted(
        self, house: Store, clock: FixedClock, drafted: Filed
    ) -> None:
        submit(house, clock, drafted, who=BERT)
        for who in (ANNA, BERT):
            with pytest.raises(VedetteError):
                reports.approve(house, who, drafted.report_id, clock=clock)

    def test_it_goes_back_and_comes_again(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        submit(house, clock, drafted)
        back = reports.give_back(house, BERT, drafted.report_id, clock=clock)
        assert (back.state, back.route, back.ground, back.request_id) == (State.DRAFT, None, None, None)
        draft(house, clock, entered={"value": "1 USD"})
        submit(house, clock, back)
        assert reports.approve(house, BERT, back.report_id, clock=clock).state is State.APPROVED
        assert approvals.waiting(house) == []

    def test_altered_content_is_noticed(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        submit(house, clock, drafted)
        other = draft(house, clock, "ofac_reject", entered={})
        with writing(house, JOB, "tamper", clock=clock) as act:
            state.keep_content(act, house, drafted.report_id, state.content(house, other.report_id))
        with pytest.raises(ReportError, match="not the one"):
            reports.approve(house, BERT, drafted.report_id, clock=clock)


class TestLeaving:
    def test_sent_and_acknowledged(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        gone = reports.sent(house, ANNA, approved.report_id, home="us", clock=clock)
        assert gone.state is State.SENT
        done = reports.received(house, ANNA, gone.report_id, "ORS-42", clock=clock)
        assert (done.state, done.receipt) == (State.ACKNOWLEDGED, "ORS-42")
        assert audit.verify(house).problems == []

    def test_a_ground_that_no_longer_holds_keeps_it_here(
        self, house: Store, clock: FixedClock, approved: Filed
    ) -> None:
        with pytest.raises(ReportError, match="no ground"):
            reports.sent(house, ANNA, approved.report_id, home="eu", clock=clock)
        assert reports.filed(house, approved.report_id).state is State.APPROVED

    def test_a_lifted_block_is_not_reported_any_more(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        suspend(house, clock, "a-1")
        with pytest.raises(ReportError, match="no final decision"):
            reports.sent(house, ANNA, approved.report_id, home="us", clock=clock)

    def test_an_amendment_replaces_what_was_sent(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        reports.sent(house, ANNA, approved.report_id, home="us", clock=clock)
        second = draft(house, clock, entered={"value": "99 USD"}, amend=True)
        assert (second.number, second.amends) == (2, approved.report_id)
        submit(house, clock, second)
        reports.approve(house, BERT, second.report_id, clock=clock)
        reports.sent(house, ANNA, second.report_id, home="us", clock=clock)
        assert reports.filed(house, approved.report_id).state is State.AMENDED

    def test_a_withdrawn_amendment_can_be_begun_again(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        reports.sent(house, ANNA, approved.report_id, home="us", clock=clock)
        second = draft(house, clock, entered={}, amend=True)
        reports.withdraw(house, ANNA, second.report_id, clock=clock)
        third = draft(house, clock, entered={}, amend=True)
        assert (third.number, third.amends) == (3, approved.report_id)

    def test_a_report_that_was_sent_is_kept(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        gone = reports.sent(house, ANNA, approved.report_id, home="us", clock=clock)
        for step in (reports.withdraw, reports.shred):
            with pytest.raises(ReportError):
                step(house, ANNA, approved.report_id, clock=clock)
        assert reports.filed(house, approved.report_id) == gone

    def test_shredding_leaves_the_log_whole(self, house: Store, clock: FixedClock, drafted: Filed) -> None:
        reports.withdraw(house, ANNA, drafted.report_id, clock=clock)
        reports.shred(house, ANNA, drafted.report_id, clock=clock)
        with pytest.raises(ReportError, match="not held"):
            reports.document(house, drafted.report_id)
        assert audit.verify(house).problems == []


class TestPersonalData:
    def test_none_lies_in_the_clear(self, house: Store, clock: FixedClock, approved: Filed) -> None:
        house.database.close()
        data = b"".join(path.read_bytes() for path in Path(house.workspace.root).glob("state.db*"))
        for text in (NAME, NATIVE, EMAIL, HAND["holder"], "1 Sample Street"):
            assert text.encode() not in data

    def test_steps_tell_ids_hashes_and_counts(self, house: Store, approved: Filed) -> None:
        told = reports.steps(house, approved.report_id)
        assert [step.verb for step in told] == ["drafted", "submitted", "approved"]
        assert NAME not in str([step.as_json() for step in told])


class TestGrounds:
    @pytest.mark.parametrize("home", ["us", "eu", "uk", "kr", "un", "elsewhere"])
    def test_every_home_has_counsel_and_each_rule_counts_once(self, home: str, clock: FixedClock) -> None:
        found = available(home, clock.now().date())
        ids = [rule.id for rules in found.values() for rule in rules]
        assert "own_disclosure_counsel" in ids
        assert len(ids) == len(set(ids))

    def test_a_changed_rule_is_no_ground_any_longer(self, clock: FixedClock) -> None:
        on = clock.now().date()
        ground = choose("us", on, "us_disclosure_compelled", "ORDER-1")
        assert still_holds(ground, "us", on)
        assert not still_holds(replace(ground, rule_version="0" * 16), "us", on)


class TestMoves:
    def test_every_state_can_be_reached_and_the_ends_are_ends(self) -> None:
        reached = {to for moves in MOVES.values() for to in moves}
        assert reached == set(State)
        assert MOVES[State.AMENDED] == MOVES[State.WITHDRAWN] == frozenset()

    @given(begun=st.integers(0, 3), more=st.lists(st.sampled_from(STEPS), max_size=5))
    @settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_order_of_steps_breaks_the_rules(
        self, template: Path, tmp_path_factory: pytest.TempPathFactory, begun: int, more: list[str]
    ) -> None:
        root = tmp_path_factory.mktemp("moves") / "ws"
        shutil.copytree(template, root)
        store = Store(Workspace(root), catalogue())
        clock = FixedClock(START)
        report = draft(store, clock)
        for step in (*STEPS[:begun], *more):
            before = reports.filed(store, report.report_id)
            clock.advance(timedelta(minutes=1))
            with suppress(VedetteError):
                act(step, store, clock, before)
            after = reports.filed(store, report.report_id)
            assert after.state is before.state or after.state in MOVES[before.state]
            if after.state in (State.SENT, State.ACKNOWLEDGED, State.REFUSED):
                assert after.ground is not None and after.sha256 == report.sha256
                assert approvals.get(store, after.request_id or "").state is approvals.RequestState.APPROVED
        assert audit.verify(store).problems == []
        store.close()


def act(step: str, store: Store, clock: FixedClock, report: Filed) -> None:
    ways: dict[str, Callable[[], object]] = {
        "submit": lambda: submit(store, clock, report),
        "approve": lambda: reports.approve(store, BERT, report.report_id, clock=clock),
        "back": lambda: reports.give_back(store, BERT, report.report_id, clock=clock),
        "sent": lambda: reports.sent(store, ANNA, report.report_id, home="us", clock=clock),
        "received": lambda: reports.received(store, ANNA, report.report_id, "R-1", clock=clock),
        "refused": lambda: reports.received(store, ANNA, report.report_id, "R-1", clock=clock, accepted=False),
        "withdraw": lambda: reports.withdraw(store, ANNA, report.report_id, clock=clock),
        "amend": lambda: draft(store, clock, entered={}, amend=True),
    }
    ways[step]()
