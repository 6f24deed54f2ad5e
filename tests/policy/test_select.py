"""Which rules hold where and when; a proposal binds nobody, and an unconfirmed return of a rule is said aloud."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette import policy
from vedette.policy import State

TODAY = date(2026, 11, 23)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1))


def ids(home: str, on: date = TODAY) -> set[str]:
    return {each.id for each in policy.in_force(home, on)}


class TestState:
    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (date(2025, 9, 28), State.NOT_YET),
            (date(2025, 9, 29), State.IN_FORCE),
            (date(2025, 11, 9), State.IN_FORCE),
            (date(2025, 11, 10), State.SUSPENDED),
            (date(2026, 11, 9), State.SUSPENDED),
            (date(2026, 11, 10), State.IN_FORCE),
        ],
    )
    def test_affiliates_rule_switches_by_date(self, on: date, expected: State) -> None:
        assert policy.state(policy.rule("us_bis_affiliates"), on) is expected

    def test_unconfirmed_return_must_be_verified(self) -> None:
        rule = policy.rule("us_bis_affiliates")

        assert policy.notice(rule, date(2026, 11, 10)).startswith("Verify status")
        assert not policy.notice(rule, date(2025, 10, 1)).startswith("Verify status")

    @pytest.mark.parametrize(
        ("old", "new", "on", "expected"),
        [
            ("effective_to: null", "effective_to: 2025-12-31", date(2025, 12, 31), State.IN_FORCE),
            ("effective_to: null", "effective_to: 2025-12-31", date(2026, 1, 1), State.EXPIRED),
            ("status: law", "status: suspended", date(2026, 1, 1), State.SUSPENDED),
        ],
    )
    def test_last_day_and_suspension(self, old: str, new: str, on: date, expected: State) -> None:
        text = policy.rule("us_ofac_records").text.replace(old, new)

        assert policy.state(policy.read_rule(text, "us_ofac_records.yml"), on) is expected


class TestInForce:
    @given(on=DAYS, home=st.sampled_from(policy.HOMES))
    def test_a_proposal_never_binds(self, on: date, home: str) -> None:
        statuses = {each.status for each in policy.in_force(home, on)}

        assert not statuses & {policy.Status.PROPOSED, policy.Status.BILL, policy.Status.SUSPENDED}

    def test_identification_proposal_is_only_a_profile(self) -> None:
        rule = policy.rule("us_bis_iaas_identification")

        assert rule.id not in ids("us")
        assert policy.state(rule, TODAY) is State.PROPOSED
        assert "nothing requires it" in policy.notice(rule, TODAY)

    def test_each_home_has_its_own_duties(self) -> None:
        assert "us_ofac_dprk_services" in ids("us")
        assert "us_ofac_dprk_services" not in ids("eu") | ids("uk") | ids("kr") | ids("un")
        assert "eu_dprk_computer_services" in ids("eu")
        assert "eu_dprk_computer_services" not in ids("us")

    @pytest.mark.parametrize("home", policy.HOMES)
    def test_security_council_rules_bind_every_home(self, home: str) -> None:
        assert {"un_2270_training", "un_2321_cooperation", "un_1718_asset_freeze"} <= ids(home)

    @pytest.mark.parametrize("home", ["US", "gb", "de", "", "all"])
    def test_an_unknown_home_is_refused_rather_than_freed_of_duties(self, home: str) -> None:
        with pytest.raises(policy.UnknownHome, match="no home jurisdiction"):
            policy.in_force(home, TODAY)

    @given(on=DAYS)
    def test_only_dated_changes_move_the_set(self, on: date) -> None:
        edges = {each.effective_from for each in policy.rules()}
        edges |= {period.since for each in policy.rules() for period in each.periods}
        if on + timedelta(days=1) not in edges:
            assert ids("us", on) == ids("us", on + timedelta(days=1))


class TestApplying:
    def test_ownership_at_home_in_the_states(self) -> None:
        found = {each.id: each.number for each in policy.applying("check:ownership", "us", TODAY)}

        assert found == {"us_ofac_ownership": 50.0, "us_bis_affiliates": 50.0}

    def test_suspended_rule_is_left_out(self) -> None:
        found = {each.id for each in policy.applying("check:ownership", "us", date(2026, 1, 1))}

        assert found == {"us_ofac_ownership"}

    def test_retention_classes(self) -> None:
        words = {
            "record:sanctions": (10, "years"),
            "record:export_control": (5, "years"),
            "record:screening_noise": (30, "calendar days"),
        }
        found = {}
        for word in words:
            (rule,) = policy.applying(word, "us", TODAY)
            found[word] = (rule.number, rule.unit)

        assert found == words
        assert policy.applying("record:identification", "us", TODAY) == ()
        assert policy.rule("us_bis_iaas_retention").number == 2


class TestVersions:
    def test_names_every_rule_in_force(self) -> None:
        versions = policy.versions("eu", TODAY)

        assert set(versions) == ids("eu")
        assert all(policy.rule(id).version == version for id, version in versions.items())


class TestRule:
    def test_unknown_id(self) -> None:
        with pytest.raises(policy.UnknownRule, match="us_nothing"):
            policy.rule("us_nothing")

    def test_rules_are_read_once(self) -> None:
        assert policy.rules() is policy.rules()
