"""A known false positive at the sign-up desk: not asked again while nothing changes, and never hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.app.test_known_false import _WISH
from tests.app.test_rescreen import Provider, make, template
from tests.journeys.scene import customer
from tests.made import ANNA, BERT
from vedette.app.checks import Customer
from vedette.app.desk import desk
from vedette.app.known_false import suppress, unsuppress
from vedette.app.replay import replay
from vedette.app.verifications import decide
from vedette.app.verify import Outcome, Verdict
from vedette.base import FixedClock

__all__ = ["make", "template"]


@pytest.fixture
def provider(make: Callable[[], Provider]) -> Provider:
    """A namesake of a listed person who is a customer."""
    one = make()
    one.listed({"B": "Kim Jong Su"})
    one.people({"k": "Kim Jong Su"})
    one.screen()
    return one


def asked(provider: Provider, **fields: str) -> Verdict:
    facts = {key: value for key, value in customer("k", "Kim Jong Su", **fields).items() if key != "account_id"}
    open_desk = desk(provider.store, "us", FixedClock(provider.now))
    return decide(provider.store, open_desk, Customer("k", facts), key=None, principal=ANNA)


def checks(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings}


class TestDesk:
    def test_the_same_facts_are_not_questioned_again_and_the_answer_says_why(self, provider: Provider) -> None:
        assert asked(provider).outcome is Outcome.REVIEW
        suppress(provider.store, ANNA, _WISH, clock=FixedClock(provider.now))
        told = asked(provider)
        assert (told.outcome, checks(told)) == (Outcome.CLEAR, {"screening/suppressed_match"})
        assert "person:anna" in told.findings[0].summary

    def test_other_facts_or_another_account_are(self, provider: Provider) -> None:
        """A suppression clears one person's facts, not a name."""
        suppress(provider.store, ANNA, _WISH, clock=FixedClock(provider.now))
        assert "screening/list_match" in checks(asked(provider, country="KR"))
        stranger = desk(provider.store, "us", FixedClock(provider.now)).decide(
            Customer("other", {"name": "Kim Jong Su"})
        )
        assert "screening/list_match" in checks(stranger)

    def test_it_ends_with_its_day(self, provider: Provider) -> None:
        made = suppress(provider.store, ANNA, _WISH, clock=FixedClock(provider.now))
        provider.now += timedelta(days=(made.expires - provider.now.date()).days + 1)
        assert "screening/list_match" in checks(asked(provider))

    def test_a_decision_made_under_it_is_made_the_same_again_after_it_was_ended(self, provider: Provider) -> None:
        made = suppress(provider.store, ANNA, _WISH, clock=FixedClock(provider.now))
        provider.now += timedelta(minutes=1)
        told = asked(provider)
        provider.now += timedelta(minutes=1)
        unsuppress(provider.store, BERT, made.id, clock=FixedClock(provider.now))
        again = replay(provider.store, told.verification_id)
        assert (checks(again.now), again.now.outcome) == (checks(told), told.outcome)
        provider.now += timedelta(minutes=1)
        assert "screening/list_match" in checks(asked(provider))
