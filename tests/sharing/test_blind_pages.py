"""The page of blind queries: counts and states for the sharing officer; a case only once two people agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.made import JOB
from tests.server.house import Browser, House
from tests.sharing.blind_group import Wire, agreed
from vedette.audit import writing
from vedette.base import FixedClock
from vedette.doors.people import Role
from vedette.sharing.blind import epochs, publish
from vedette.sharing.blind import store as state
from vedette.sharing.blind.group import join as stated
from vedette.sharing.blind.holdings import Holding

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A relay that published one tag, that somebody asks about."""
    made = House(tmp_path_factory.mktemp("pages"), FixedClock(START))
    store, clock, wire = made.place.store, made.place.clock, Wire(FixedClock(START))
    from tests.sharing.test_blind_parts import secrets

    told = {"purpose": "adverse-decision", "label": "2026-03"}
    mine = epochs.join(store, JOB, name="h0", url="https://h0.example", clock=clock, **told)
    other = stated(secrets(1), name="h1", url="https://h1.example", purpose_id=told["purpose"], label=told["label"])
    own = epochs.accept(store, JOB, agreed([mine, other], FixedClock(START), 2, round_minutes=0), clock=clock)
    tag = b"t" * 16
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "holdings", lambda *_given, **_named: [Holding("email", "a@b.cd", "case_secret")])
        patch.setattr("vedette.sharing.blind.publish.compute.tags_of", lambda *_given, **_named: [tag])
        publish.publish(store, JOB, own, wire, clock=clock)
    with writing(store, JOB, "ask", clock=clock) as act:
        row = {"question_id": "q-mine", "epoch_id": own.epoch_id, "asker": "h1 <b>", "role": "mine", "state": "open"}
        state.keep_question(act, store, row, tag)
        state.count(act, own.epoch_id, "h1 <b>", "0" * 32, "evaluate", 17)
        state.keep_hits(act, store, own.epoch_id, [(tag, "account-77")])
    yield made
    store.close()


@pytest.fixture(scope="module")
def officer(house: House) -> Browser:
    return house.person("olga", Role.SHARING_OFFICER)


class TestPage:
    def test_counts_and_states_but_no_identifier_no_tag_and_no_case(self, officer: Browser) -> None:
        text = officer.get("/sharing/blind").text

        for shown in ("2026-03", "17", "20,000", "account-77", "h1 &lt;b&gt;"):
            assert shown in text
        for hidden in ("a@b.cd", "case_secret", (b"t" * 16).hex(), "h1 <b>"):
            assert hidden not in text

    def test_others_do_not_see_it(self, house: House) -> None:
        assert house.person("vic", Role.VIEWER).get("/sharing/blind").status_code == 403

    def test_a_question_is_opened_by_two(self, house: House, officer: Browser) -> None:
        first = officer.post("/sharing/blind/opened/q-mine")
        assert "A second person must agree" in first.text
        assert "case_secret" not in first.text
        approver = house.person("carl", Role.APPROVER)
        assert officer.post("/sharing/blind/questions/q-mine").status_code == 403
        shown = approver.get("/sharing/blind/questions/q-mine").text
        assert "h1 &lt;b&gt;" in shown and "Agree to open it" in shown and "case_secret" not in shown
        form = {"agree": "yes"}
        answered = approver.ask("POST", "/sharing/blind/questions/q-mine", data=form)
        assert answered.status_code == 303

        opened = officer.post("/sharing/blind/opened/q-mine")

        assert "/cases/case_secret" in opened.text

    def test_an_unknown_question_is_told_as_such(self, officer: Browser) -> None:
        assert officer.post("/sharing/blind/opened/none").status_code == 422
