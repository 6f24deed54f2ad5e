"""Blind match between houses: what an asker learns, what nobody learns, and everything that must be refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import ANNA, BERT, JOB
from tests.sharing.blind_group import (
    CARA,
    LABEL,
    PURPOSE,
    UNHELD,
    WRITTEN,
    Group,
    appealed,
    decided,
    group,
    template,
    won,
)
from vedette import audit
from vedette.approvals import NotAllowed
from vedette.base import FixedClock
from vedette.cases import Action
from vedette.sharing.blind import compute, epochs, tagset, unmask, voprf, wire
from vedette.sharing.blind import store as state
from vedette.sharing.blind.answer import Ground, NotAnswered, respond
from vedette.sharing.blind.epochs import keys
from vedette.sharing.blind.group import GroupError
from vedette.sharing.blind.match import Query, hits
from vedette.sharing.blind.transport import Unanswered

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("blind"), FixedClock(START))


@pytest.fixture
def pair(made: Path, tmp_path: Path) -> Iterator[Group]:
    yield from group(tmp_path, made, FixedClock(START), 2, round_minutes=0)


@pytest.fixture
def five(made: Path, tmp_path: Path) -> Iterator[Group]:
    yield from group(tmp_path, made, FixedClock(START), 5)


def message(houses: Group, sender: int = 1, **changes: Any) -> wire.Message:
    """What a member would send to the relay to have one identifier evaluated."""
    body = {"purpose": PURPOSE, "elements": [voprf.blind(b"x").element.hex()], **changes.pop("body", {})}
    values = {
        "kind": "evaluate",
        "epoch": houses.epoch.id,
        "sender": f"h{sender}",
        "now": houses.clock.now(),
        **changes,
    }
    return wire.write(keys(houses.owns[sender]), body=body, **values)


def ground(houses: Group, sent: wire.Message) -> Ground:
    """Why the relay refuses a message."""
    with pytest.raises(NotAnswered) as caught:
        respond(houses.stores[0], sent, clock=houses.clock)
    return caught.value.ground


class TestAsking:
    def test_another_spelling_of_a_held_identifier_is_found_and_an_unheld_one_is_not(self, pair: Group) -> None:
        decided(pair.stores[0], "a-1", pair.clock)
        pair.publish_all()

        found = pair.match(1, UNHELD, WRITTEN, Query("phone", "(202) 555-0100", "US"))

        assert [item.held for item in found] == [False, True, True]
        assert (found[0].hit, found[1].ref) == (None, "here-7")
        assert "not mean that it is clean" in found[0].explanation
        assert [item["state"] for item in hits(pair.stores[1])] == ["held", "held"]

    def test_in_a_group_of_five_nothing_tells_who_or_how_many(self, five: Group) -> None:
        for number in (1, 3):
            decided(five.stores[number], "a-1", five.clock)
        five.publish_all()

        (found,) = five.match(2, WRITTEN)

        assert found.held
        assert found.explanation.startswith("Some participant holds")
        assert set(found.as_json()) == {"line", "kind", "ref", "held", "explanation", "hit"}
        told = [item for url, item in five.wire.sent if item.kind == "tags"]
        answer = respond(five.stores[0], message(five, 2, kind="tags"), clock=five.clock)
        assert set(answer.body) == {"version", "unchanged", "tags", "withdrawn"}
        assert told and len(tagset.decoded(answer.body["tags"], 10_000)) % (256 * tagset.SIZE) == 0

    def test_below_five_contributors_nothing_is_shown_at_all(self, five: Group) -> None:
        decided(five.stores[1], "a-1", five.clock)
        for number in range(4):
            five.publish(number)
        five.clock.advance(timedelta(days=1))

        assert ground(five, message(five, 2, kind="tags")) is Ground.TOO_FEW

    def test_what_is_new_appears_with_the_next_round_only(self, five: Group) -> None:
        five.publish_all()
        decided(five.stores[1], "a-1", five.clock)
        five.publish(1)

        assert five.held(2, WRITTEN) == [False]
        five.clock.advance(timedelta(days=1))
        assert five.held(2, WRITTEN) == [True]

    def test_names_are_never_asked_about_and_malformed_lines_are_answered_in_place(self, pair: Group) -> None:
        pair.publish_all()

        found = pair.match(1, Query("name", "Kim Example"), Query("email", "no address"), Query("shoe", "42"), UNHELD)

        assert [item.held for item in found] == [None, None, None, False]
        assert "never matched" in found[0].explanation
        assert not any("Kim" in item.explanation or "no address" in item.explanation for item in found)

    def test_equal_identifiers_cost_the_quota_once(self, pair: Group) -> None:
        pair.publish_all()

        assert pair.held(1, UNHELD, UNHELD, Query("email", "NOBODY@example.com")) == [False] * 3

        (row,) = [item for item in state.asked(pair.stores[0]) if item["sender"] == "h1"]
        assert row["elements"] == 1

    def test_a_member_that_is_down_stops_the_question_and_says_so(self, pair: Group) -> None:
        pair.publish_all()
        pair.wire.down.add("https://h0.example")

        with pytest.raises(Unanswered, match="nobody answers"):
            pair.match(1, WRITTEN)


class TestWhatQualifies:
    def test_only_decisions_that_a_second_person_agreed_to(self, pair: Group) -> None:
        decided(pair.stores[0], "a-1", pair.clock, approved=False)

        assert pair.publish(0).held == 0

    @pytest.mark.parametrize(("action", "held"), [(Action.SUSPEND, 2), (Action.REPORT, 2), (Action.PRESERVE, 0)])
    def test_only_actions_against_the_customer(self, pair: Group, action: Action, held: int) -> None:
        decided(pair.stores[0], "a-1", pair.clock, approved=action is not Action.PRESERVE, action=action)

        assert pair.publish(0).held == held

    def test_no_decision_is_told_on_for_ever(self, made: Path, tmp_path: Path) -> None:
        clock = FixedClock(START)
        for houses in group(tmp_path, made, clock, 2, round_minutes=0, days=92, opens=START + timedelta(days=170)):
            decided(houses.stores[0], "a-1", clock)
            clock.advance(timedelta(days=179))
            assert houses.publish(0).held == 2
            clock.advance(timedelta(days=1))
            assert houses.publish(0) == replace(houses.publish(0), held=0, added=0, withdrawn=2)

    def test_a_company_number_needs_its_country(self, pair: Group) -> None:
        decided(pair.stores[0], "a-3", pair.clock)
        pair.publish_all()

        asked = [Query("registration", "01234567", country) for country in ("GB", "SG", "")]
        assert pair.held(1, *asked) == [True, False, None]


class TestAppeal:
    def test_an_open_appeal_holds_the_tag_back_and_an_upheld_decision_brings_it_again(self, pair: Group) -> None:
        case = decided(pair.stores[0], "a-1", pair.clock)
        pair.publish_all()
        made = appealed(pair.stores[0], case, pair.clock)
        pair.publish(0)
        assert pair.held(1, WRITTEN) == [False]

        from vedette.cases.appeal import answer

        answer(pair.stores[0], CARA, made, changed=False, note="It stands.", clock=pair.clock)
        pair.publish(0)
        assert pair.held(1, WRITTEN) == [True]

    def test_a_won_appeal_withdraws_at_once_and_recalls_what_was_found(self, five: Group) -> None:
        case = decided(five.stores[1], "a-1", five.clock)
        five.publish_all()
        assert five.held(2, WRITTEN) == [True]

        won(five.stores[1], appealed(five.stores[1], case, five.clock), five.clock)
        five.publish(1)

        assert five.held(2, WRITTEN) == [False]
        assert [item["state"] for item in hits(five.stores[2])] == ["withdrawn"]

    def test_withdrawing_needs_no_other_member(self, five: Group) -> None:
        case = decided(five.stores[1], "a-1", five.clock)
        five.publish_all()
        won(five.stores[1], appealed(five.stores[1], case, five.clock), five.clock)
        five.wire.down = {f"https://h{number}.example" for number in (2, 3, 4)}

        assert five.publish(1).withdrawn == 2

    def test_what_another_still_holds_stays_after_one_withdraws(self, five: Group) -> None:
        decided(five.stores[3], "a-1", five.clock)
        case = decided(five.stores[1], "a-1", five.clock)
        five.publish_all()
        won(five.stores[1], appealed(five.stores[1], case, five.clock), five.clock)
        five.publish(1)

        assert five.held(2, WRITTEN) == [True]
        assert [item["state"] for item in hits(five.stores[2])] == ["held"]


class TestRefusals:
    def test_quota_is_kept_to_the_element_and_nothing_beyond_is_evaluated(self, made: Path, tmp_path: Path) -> None:
        for houses in group(tmp_path, made, FixedClock(START), 2, round_minutes=0):
            small = replace(houses.epoch, quota=3)
            _agree_anew(houses, small)
            with pytest.raises(NotAnswered) as caught:
                houses.match(1, *(Query("phone", f"+1 202 555 01{number:02}") for number in range(4)))
            assert caught.value.ground is Ground.QUOTA
            assert houses.held(1, *(Query("phone", f"+1 202 555 01{number:02}") for number in range(3))) != []

    def test_a_message_is_answered_once(self, pair: Group) -> None:
        sent = message(pair)
        respond(pair.stores[0], sent, clock=pair.clock)

        assert ground(pair, sent) is Ground.REPLAYED

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"epoch": "bep_other"}, Ground.UNKNOWN_EPOCH),
            ({"body": {"purpose": "false-identity"}}, Ground.WRONG_PURPOSE),
            ({"body": {"purpose": None}}, Ground.WRONG_PURPOSE),
            ({"now": START - timedelta(minutes=6)}, Ground.STALE),
            ({"now": START + timedelta(minutes=6)}, Ground.STALE),
            ({"kind": "everything"}, Ground.MALFORMED),
            ({"body": {"elements": []}}, Ground.MALFORMED),
            ({"body": {"elements": ["ab" * 32] * 1_001}}, Ground.MALFORMED),
            ({"body": {"elements": "ab" * 32}}, Ground.MALFORMED),
            ({"body": {"elements": ["00" * 32]}}, Ground.MALFORMED),
            ({"body": {"elements": ["00" + "ff" * 31]}}, Ground.MALFORMED),
            ({"body": {"elements": ["zz" * 32]}}, Ground.MALFORMED),
            ({"kind": "contribute", "body": {"add": "AAAA", "withdraw": ""}}, Ground.MALFORMED),
            ({"kind": "contribute", "body": {"add": 7, "withdraw": ""}}, Ground.MALFORMED),
            ({"kind": "ask", "body": {"tag": "x"}}, Ground.MALFORMED),
        ],
    )
    def test_wrong_messages_have_their_ground(self, pair: Group, changes: dict[str, Any], expected: Ground) -> None:
        assert ground(pair, message(pair, **changes)) is expected

    def test_probing_with_malformed_points_costs_the_quota(self, pair: Group) -> None:
        ground(pair, message(pair, body={"elements": ["00" * 32] * 5}))

        assert [item["elements"] for item in state.asked(pair.stores[0])] == [5]

    def test_a_closed_epoch_answers_nobody(self, pair: Group) -> None:
        pair.clock.advance(timedelta(days=30))

        assert ground(pair, message(pair)) is Ground.CLOSED_EPOCH

    def test_strangers_forged_names_and_changed_bodies_are_not_heard(self, pair: Group) -> None:
        sent = message(pair)
        for forged in (
            replace(sent, sender="h0"),
            replace(sent, sender="stranger"),
            replace(sent, body={**sent.body, "elements": [voprf.blind(b"y").element.hex()]}),
            replace(sent, signature="00" * 64),
        ):
            assert ground(pair, forged) is Ground.NOT_AUTHENTIC
        assert state.asked(pair.stores[0]) == []

    def test_who_is_shut_out_is_answered_no_longer_at_once(self, pair: Group) -> None:
        respond(pair.stores[0], message(pair), clock=pair.clock)
        epochs.shut_out(pair.stores[0], ANNA, pair.epoch.id, "h1", clock=pair.clock)

        assert ground(pair, message(pair)) is Ground.NOT_AUTHENTIC

    def test_only_the_relay_keeps_tags(self, pair: Group) -> None:
        sent = message(pair, 0, kind="tags")
        with pytest.raises(NotAnswered) as caught:
            respond(pair.stores[1], sent, clock=pair.clock)
        assert caught.value.ground is Ground.NOT_RELAY

    def test_a_member_that_evaluates_with_another_key_is_found_out(
        self, pair: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair.publish_all()
        honest, other = voprf.blind_evaluate, voprf.derive_key_pair(bytes(32), b"other")
        monkeypatch.setattr("vedette.sharing.blind.answer.voprf.blind_evaluate", lambda pair, e: honest(other, e))

        with pytest.raises(compute.Unproven, match="'h0'"):
            pair.match(1, WRITTEN)

    def test_an_answer_to_another_question_is_not_taken(self, pair: Group, monkeypatch: pytest.MonkeyPatch) -> None:
        pair.publish_all()
        old = respond(pair.stores[0], message(pair), clock=pair.clock)
        monkeypatch.setattr(pair.wire, "send", lambda url, sent: old)

        with pytest.raises(Unanswered, match="not 'h0'"):
            pair.match(1, WRITTEN)


class TestFuzz:
    def test_whatever_a_member_signs_is_answered_or_refused_and_never_breaks_the_house(self, pair: Group) -> None:
        plain = (
            st.none()
            | st.booleans()
            | st.integers()
            | st.text(max_size=40)
            | st.floats(allow_nan=False, allow_infinity=False)
        )
        value = st.recursive(
            plain, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3)
        )
        names = st.sampled_from(["purpose", "elements", "add", "withdraw", "tag", "known"])

        @settings(max_examples=40, deadline=None)
        @given(kind=st.sampled_from([*wire.KINDS, "other"]), body=st.dictionaries(names, value, max_size=4))
        def tried(kind: str, body: dict[str, Any]) -> None:
            try:
                respond(pair.stores[0], message(pair, kind=kind, body=body), clock=pair.clock)
            except NotAnswered as fault:
                assert fault.ground in Ground

        tried()
        assert audit.verify(pair.stores[0]).problems == []

    @pytest.mark.parametrize(
        "body", ['{"purpose": NaN}', '{"purpose": "\\ud800"}', '{"a": ' + "[" * 900 + "]" * 900 + "}", '{"a": 1e999}']
    )
    def test_bodies_without_a_canonical_form_are_not_authentic(self, pair: Group, body: str) -> None:
        value = json.loads(message(pair).encoded())
        sent = wire.read({**value, "body": json.loads(body)})

        assert ground(pair, sent) is Ground.NOT_AUTHENTIC


class TestEnumeration:
    def test_a_stolen_combined_set_is_of_no_use_without_every_member(self, five: Group) -> None:
        """Who has the tags and all keys but one cannot test a guess."""
        decided(five.stores[1], "a-1", five.clock)
        five.publish_all()
        answer = respond(five.stores[0], message(five, 2, kind="tags"), clock=five.clock)
        tags = tagset.decoded(answer.body["tags"], 10_000)
        guess = compute.message(PURPOSE, five.epoch.id, "email", "kimexample@gmail.com")
        shares = [keys(own).share(PURPOSE, LABEL, own.name) for own in five.owns]

        def tag(known: list[voprf.KeyPair]) -> bytes:
            element = voprf.hash_to_group(guess)
            total = voprf.multiply(known[0].secret, element)
            for share in known[1:]:
                total = voprf.add(total, voprf.multiply(share.secret, element))
            return voprf.output_of(guess, total)[: tagset.SIZE]

        assert tagset.contains(tags, tag(shares))
        assert not any(tagset.contains(tags, tag(shares[:n] + shares[n + 1 :])) for n in range(5))

    def test_the_same_identifier_has_another_tag_in_every_epoch_and_purpose(self) -> None:
        made = {compute.message(p, e, "email", "a@b.cd") for p in ("x", "y") for e in ("1", "2")}
        assert len(made) == 4

    def test_no_identifier_and_no_tag_stands_in_the_log_or_in_the_clear(self, pair: Group) -> None:
        decided(pair.stores[0], "a-1", pair.clock)
        pair.publish_all()
        pair.match(1, WRITTEN)
        tag = state.hits(pair.stores[1])[0]["tag"]
        for store in pair.stores:
            raw = b"".join(path.read_bytes() for path in store.workspace.root.glob("state.db*"))
            for secret in (b"kimexample", bytes.fromhex(tag), tag.encode(), b"here-7"):
                assert secret not in raw
            assert audit.verify(store).problems == []


class TestEpochs:
    def test_destroying_leaves_no_key_no_tags_no_hits(self, pair: Group) -> None:
        decided(pair.stores[0], "a-1", pair.clock)
        pair.publish_all()
        pair.match(1, WRITTEN)

        for store in pair.stores:
            epochs.destroy(store, ANNA, pair.epoch.id, clock=pair.clock)

        assert hits(pair.stores[1]) == []
        assert ground(pair, message(pair)) is Ground.UNKNOWN_EPOCH
        with pair.stores[0].database.reading() as connection:
            assert connection.exec_driver_sql("SELECT COUNT(*) FROM blind_tags").scalar_one() == 0
        assert audit.verify(pair.stores[0]).problems == []

    def test_an_ended_epoch_is_destroyed_by_the_daily_run(self, pair: Group) -> None:
        assert epochs.destroy_ended(pair.stores[0], JOB, clock=pair.clock) == []
        pair.clock.advance(timedelta(days=31))
        assert epochs.destroy_ended(pair.stores[0], JOB, clock=pair.clock) == [pair.epoch.id]

    def test_an_agreement_that_swaps_this_house_s_keys_is_refused(self, made: Path, tmp_path: Path) -> None:
        for houses in group(tmp_path, made, FixedClock(START), 2):
            other: dict[str, Any] = {"purpose": PURPOSE, "label": "next", "clock": houses.clock}
            joins = [
                epochs.join(store, ANNA, name=f"h{n}", url="https://x.example", **other)
                for n, store in enumerate(houses.stores)
            ]
            from tests.sharing.blind_group import agreed

            settled = agreed(joins, houses.clock, 2)
            epochs.join(houses.stores[0], ANNA, name="h0", url="https://x.example", **other)
            with pytest.raises(GroupError, match="not its own"):
                epochs.accept(houses.stores[0], ANNA, settled, clock=houses.clock)


class TestUnmasking:
    def test_the_case_is_told_at_the_holder_only_once_two_people_agree(self, five: Group) -> None:
        case = decided(five.stores[1], "a-1", five.clock)
        five.publish_all()
        (found,) = five.match(2, WRITTEN)
        assert found.hit is not None
        unmask.ask(five.stores[2], ANNA, five.owns[2], found.hit, five.wire, clock=five.clock)
        assert unmask.fetch_questions(five.stores[3], ANNA, five.owns[3], five.wire, clock=five.clock) == 0
        assert unmask.fetch_questions(five.stores[1], ANNA, five.owns[1], five.wire, clock=five.clock) == 1
        assert unmask.fetch_questions(five.stores[1], ANNA, five.owns[1], five.wire, clock=five.clock) == 0
        (question,) = unmask.questions(five.stores[1])
        identity = str(question["question"])

        first = unmask.unmask(five.stores[1], ANNA, five.owns[1], identity, clock=five.clock)
        assert (first.state, first.case_id, first.asker) == ("waiting", None, "h2")
        with pytest.raises(NotAllowed):
            unmask.agree(five.stores[1], ANNA, identity, yes=True, clock=five.clock)
        unmask.agree(five.stores[1], BERT, identity, yes=True, clock=five.clock)
        opened = unmask.unmask(five.stores[1], ANNA, five.owns[1], identity, clock=five.clock)

        assert (opened.state, opened.case_id) == ("unmasked", case)

    def test_asking_about_a_tag_that_nobody_holds_gets_the_same_answer(self, pair: Group) -> None:
        pair.publish_all()
        answers = [
            respond(pair.stores[0], message(pair, kind="ask", body={"tag": tag}), clock=pair.clock).body
            for tag in ("00" * 16, "ff" * 16)
        ]
        assert answers == [{"passed_on": True}] * 2


def _agree_anew(houses: Group, epoch: Any) -> None:
    """Put another agreement in place of the group's: as if the members had agreed on it."""
    for number, store in enumerate(houses.stores):
        own = replace(houses.owns[number], epoch=epoch, epoch_id=epoch.id)
        with audit.writing(store, ANNA, "test", clock=houses.clock) as act:
            state.keep_own(act, store, own)
        houses.owns[number] = own
    houses.epoch = epoch
    houses.publish_all()
