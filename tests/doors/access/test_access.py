"""Invitations, sign-in, lock-out, sessions and changes of roles, each an act of the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.doors.access.people import PASSWORD, joined
from tests.made import ANNA, BERT
from vedette import audit
from vedette.audit.store import leaves
from vedette.base import FixedClock
from vedette.doors.access import (
    accept,
    change_roles,
    disable,
    enable,
    end,
    first_invitation,
    invite,
    look_at,
    reset,
    resume,
    sign_in,
    touch,
)
from vedette.doors.access.sessions import due
from vedette.doors.access.signing import SignedIn, wait_after
from vedette.doors.people import Permission, PersonRefused, PersonState, Role, SignInRefused, codes, permissions_of
from vedette.doors.store.people import people
from vedette.store import Store


def come_in(store: Store, clock: FixedClock, name: str = "bea", code: str = "", password: str = PASSWORD) -> SignedIn:
    return sign_in(store, name, password, code, kind="web", clock=clock)


class TestFirst:
    def test_the_first_person_administers_and_is_made_once(self, store: Store, clock: FixedClock) -> None:
        old = first_invitation(store, ANNA, clock=clock)
        token = first_invitation(store, ANNA, clock=clock)
        assert token is not None and old is not None
        with pytest.raises(PersonRefused):
            look_at(store, old, clock=clock)

        person = accept(store, token, "Carla", PASSWORD, "", needs_code=False, clock=clock)

        assert person.name == "carla"
        assert Permission.ADMIN in permissions_of(person.roles)
        assert first_invitation(store, ANNA, clock=clock) is None
        with pytest.raises(PersonRefused):
            accept(store, token, "dora", PASSWORD, "", needs_code=False, clock=clock)

    def test_a_bad_password_or_name_leaves_the_link_good(self, store: Store, clock: FixedClock) -> None:
        token = first_invitation(store, ANNA, clock=clock) or ""
        for name, password in (("carla", "short"), ("", PASSWORD), ("a/b", PASSWORD), ("x'; drop", PASSWORD)):
            with pytest.raises(PersonRefused):
                accept(store, token, name, password, "", needs_code=False, clock=clock)
        assert accept(store, token, "carla", PASSWORD, "", needs_code=False, clock=clock)


class TestInvitation:
    def test_lasts_a_day(self, store: Store, clock: FixedClock) -> None:
        token = invite(store, ANNA, "bea", (Role.VIEWER,), clock=clock)
        clock.advance(timedelta(hours=24))
        with pytest.raises(PersonRefused, match="too old"):
            accept(store, token, "", PASSWORD, "", needs_code=False, clock=clock)

    def test_a_second_factor_where_one_is_needed(self, store: Store, clock: FixedClock) -> None:
        token = invite(store, ANNA, "bea", (Role.VIEWER,), clock=clock)
        with pytest.raises(PersonRefused, match="code"):
            accept(store, token, "", PASSWORD, "", needs_code=True, clock=clock)
        offer = look_at(store, token, clock=clock)
        assert offer.secret in offer.address

    def test_a_name_is_taken_once(self, store: Store, clock: FixedClock) -> None:
        invite(store, ANNA, "bea", (Role.VIEWER,), clock=clock)
        with pytest.raises(PersonRefused, match="somebody"):
            invite(store, ANNA, " BEA ", (Role.VIEWER,), clock=clock)

    def test_an_invited_person_cannot_sign_in(self, store: Store, clock: FixedClock) -> None:
        invite(store, ANNA, "bea", (Role.VIEWER,), clock=clock)
        with pytest.raises(SignInRefused):
            come_in(store, clock, password="")


class TestSignIn:
    def test_a_session_is_found_by_its_secret_alone(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        entered = come_in(store, clock, " Bea ")

        found = resume(store, entered.secret, clock)

        assert found is not None
        assert found.person.name == "bea"
        assert found.proves(entered.session.csrf)
        assert not found.proves("")
        assert resume(store, entered.secret[:-1] + "!", clock) is None
        assert resume(store, found.id[:43], clock) is None

    def test_no_secret_is_kept(self, store: Store, clock: FixedClock) -> None:
        _, authenticator = joined(store, clock, second_factor=True)
        code = codes.code_at(authenticator, codes.step_of(clock.now()))
        entered = come_in(store, clock, code=code)
        for path in store.workspace.root.rglob("*"):
            if path.is_file():
                held = path.read_bytes()
                for secret in (PASSWORD, authenticator, entered.secret, entered.session.csrf):
                    assert secret.encode() not in held

    def test_a_code_is_asked_of_whoever_has_one_and_good_once(self, store: Store, clock: FixedClock) -> None:
        _, secret = joined(store, clock, second_factor=True)
        code = codes.code_at(secret, codes.step_of(clock.now()))
        with pytest.raises(SignInRefused):
            come_in(store, clock)
        come_in(store, clock, code=code)
        with pytest.raises(SignInRefused):
            come_in(store, clock, code=code)

    @pytest.mark.parametrize("name", ["bea", "nobody"])
    def test_failures_make_everybody_wait_alike(self, store: Store, clock: FixedClock, name: str) -> None:
        joined(store, clock)
        name = name if name == "bea" else f"nobody-{id(store)}"
        for _ in range(5):
            with pytest.raises(SignInRefused, match="wrong") as told:
                come_in(store, clock, name, password="guess")
            assert told.value.wait == 0
        with pytest.raises(SignInRefused, match="Too many") as told:
            come_in(store, clock, name)
        assert told.value.wait == 2

    def test_waiting_and_coming_in_forgets_failures(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                come_in(store, clock, password="guess")
        clock.advance(timedelta(seconds=2))
        come_in(store, clock)
        with pytest.raises(SignInRefused) as told:
            come_in(store, clock, password="guess")
        assert told.value.wait == 0

    def test_the_wait_grows_to_a_quarter_of_an_hour(self) -> None:
        waits = [wait_after(failures).total_seconds() for failures in range(16)]
        assert waits[:7] == [0, 0, 0, 0, 0, 2, 4]
        assert waits == sorted(waits)
        assert waits[-1] == 900

    def test_every_step_is_in_the_log_and_it_verifies(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        with pytest.raises(SignInRefused):
            come_in(store, clock, password="guess")
        entered = come_in(store, clock)
        end(store, entered.session, clock)
        with store.database.reading() as connection:
            bodies = [body for _, body, _ in leaves(connection)]
        acts = [body.split(b'"act":"')[1].split(b'"')[0].decode() for body in bodies]
        assert acts == [
            "doors.person_invite",
            "doors.person_enter",
            "doors.sign_in",
            "doors.sign_in",
            "doors.sign_out",
        ]
        assert b'"refused":"proof"' in bodies[2] and b'"id":"door"' in bodies[2]
        assert audit.verify(store).holds


class TestSession:
    @pytest.mark.parametrize(("kind", "idle"), [("web", timedelta(minutes=30)), ("terminal", timedelta(hours=8))])
    def test_ends_when_idle(self, store: Store, clock: FixedClock, kind: str, idle: timedelta) -> None:
        joined(store, clock)
        secret = sign_in(store, "bea", PASSWORD, "", kind=kind, clock=clock).secret
        clock.advance(idle - timedelta(seconds=1))
        assert resume(store, secret, clock) is not None
        clock.advance(timedelta(seconds=1))
        assert resume(store, secret, clock) is None

    def test_use_keeps_it_open_until_it_ends_for_good(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        secret = come_in(store, clock).secret
        for _ in range(12 * 3 - 1):
            clock.advance(timedelta(minutes=20))
            found = resume(store, secret, clock)
            assert found is not None and due(found, clock)
            touch(store, found, clock)
        clock.advance(timedelta(minutes=20))
        assert resume(store, secret, clock) is None

    def test_ten_at_a_time(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        secrets = []
        for _ in range(11):
            clock.advance(timedelta(seconds=1))
            secrets.append(come_in(store, clock).secret)
        assert [resume(store, secret, clock) is not None for secret in secrets] == [False] + [True] * 10

    def test_sign_out_ends_one(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        one, other = come_in(store, clock), come_in(store, clock)
        end(store, one.session, clock)
        assert resume(store, one.secret, clock) is None
        assert resume(store, other.secret, clock) is not None


class TestChanges:
    def test_new_roles_end_sessions(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        secret = come_in(store, clock).secret
        changed = change_roles(store, BERT, "bea", (Role.VIEWER,), clock=clock)
        assert changed.roles == (Role.VIEWER,)
        assert resume(store, secret, clock) is None

    def test_who_is_kept_out_comes_back_by_a_reset(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock)
        secret = come_in(store, clock).secret
        disable(store, BERT, "bea", clock=clock)
        assert resume(store, secret, clock) is None
        with pytest.raises(SignInRefused):
            come_in(store, clock)
        with pytest.raises(PersonRefused):
            reset(store, BERT, "bea", clock=clock)
        assert enable(store, BERT, "bea", clock=clock).state is PersonState.INVITED
        token = reset(store, BERT, "bea", clock=clock)
        accept(store, token, "", PASSWORD + " eight", "", needs_code=False, clock=clock)
        assert come_in(store, clock, password=PASSWORD + " eight")

    def test_a_reset_takes_password_and_authenticator(self, store: Store, clock: FixedClock) -> None:
        joined(store, clock, second_factor=True)
        reset(store, BERT, "bea", clock=clock)
        assert [(one.second_factor, one.state) for one in people(store)] == [(False, PersonState.INVITED)]

    def test_nobody_changes_themselves_and_one_administrator_stays(self, store: Store, clock: FixedClock) -> None:
        person, _ = joined(store, clock, "bea", Role.ADMIN)
        with pytest.raises(PersonRefused, match="own roles"):
            change_roles(store, person.principal, "bea", (Role.ADMIN, Role.ANALYST), clock=clock)
        with pytest.raises(PersonRefused, match="last administrator"):
            disable(store, BERT, "bea", clock=clock)
        with pytest.raises(PersonRefused, match="stay apart"):
            change_roles(store, BERT, "bea", (Role.AUDITOR, Role.ADMIN), clock=clock)
        with pytest.raises(PersonRefused, match="nobody"):
            disable(store, BERT, "zoe", clock=clock)
