"""The ownership rule: intervals, layers, rings, and shares that nobody has stated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import Finding, Strength, Subject
from vedette.screening import Level, Owner, aggregate, ownership_findings
from vedette.screening.ownership import Holding

_SURE, _MAYBE = Level.IDENTIFIED, Level.NAME_ONLY


def _own(owner: str, least: float | None = None, most: float | None = None, of: str = "") -> Owner:
    return Owner(owner_id=owner, parent_owner_id=of, share_min=least, share_max=least if most is None else most)


def _unstated(owner: str, of: str = "") -> Owner:
    return Owner(owner_id=owner, parent_owner_id=of)


def _found(holding: Holding) -> dict[str, Finding]:
    found = ownership_findings(
        holding,
        subject=Subject("account", "a-1"),
        accounts=("a-1",),
        limit=50,
        citation=("OFAC-03",),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        rule="us_ofac_ownership",
    )
    return {finding.check: finding for finding in found}


class TestAggregate:
    @pytest.mark.parametrize(
        ("owners", "listed", "least", "most"),
        [
            ([_own("x", 50), _own("y", 50)], {"x": _SURE}, 50, 50),
            ([_own("x", 25), _own("z", 25), _own("y", 50)], {"x": _SURE, "z": _SURE}, 50, 50),
            ([_own("x", 10, 60), _own("y", 40)], {"x": _SURE}, 10, 60),
            ([_own("x", 10, 90), _own("y", 40)], {"x": _SURE}, 10, 60),
            ([_unstated("x"), _own("y", 30)], {"x": _SURE}, 0, 70),
            ([_own("x", 60)], {"x": _MAYBE}, 0, 60),
            ([_own("x", 60)], {"x": Level.WEAK}, 0, 0),
            ([_own("x", 60)], {"x": Level.CONTRADICTED}, 0, 0),
            ([_own("y", 100)], {}, 0, 0),
            ([], {}, 0, 0),
            ([_own("x", 70), _own("x", 70)], {"x": _SURE}, 100, 100),
        ],
    )
    def test_shares(self, owners: list[Owner], listed: dict[str, Level], least: float, most: float) -> None:
        holding = aggregate(owners, listed, limit=50)
        assert (holding.least, holding.most) == (least, most)

    def test_a_subsidiary_held_over_the_limit_counts_whole(self) -> None:
        """Half of a half is a quarter in arithmetic, but an entity held by half is itself blocked."""
        holding = aggregate([_own("x", 50, of="m"), _own("m", 50)], {"x": _SURE}, limit=50)
        assert (holding.least, holding.over, holding.through) == (50, True, ("m",))

    def test_a_subsidiary_held_below_the_limit_counts_not_at_all(self) -> None:
        holding = aggregate([_own("x", 49, of="m"), _own("m", 100)], {"x": _SURE}, limit=50)
        assert (holding.least, holding.most) == (0, 0)

    def test_layers_add_up_to_the_direct_share(self) -> None:
        owners = [_own("x", 30), _own("m", 20), _own("n", 60, of="m"), _own("x", 55, of="n")]
        assert aggregate(owners, {"x": _SURE}, limit=50).least == 50

    def test_a_ring_of_owners_makes_nobody_listed(self) -> None:
        ring = [_own("a", 100), _own("b", 100, of="a"), _own("a", 100, of="b")]
        assert aggregate(ring, {}, limit=50).most == 0

    def test_a_ring_is_left_when_someone_listed_stands_in_it(self) -> None:
        ring = [_own("a", 100), _own("b", 60, of="a"), _own("a", 40, of="b"), _own("x", 60, of="b")]
        assert aggregate(ring, {"x": _SURE}, limit=50).over

    def test_an_owner_that_owns_itself_counts_once(self) -> None:
        assert aggregate([_own("a", 100), _own("a", 100, of="a")], {}, limit=50).most == 0

    @pytest.mark.parametrize(("inclusive", "over"), [(True, True), (False, False)])
    def test_exactly_the_limit(self, inclusive: bool, over: bool) -> None:
        assert aggregate([_own("x", 50)], {"x": _SURE}, limit=50, inclusive=inclusive).over is over

    def test_thirds_reach_their_sum(self) -> None:
        owners = [_own(name, 50 / 3) for name in "xyz"]
        assert aggregate(owners, dict.fromkeys("xyz", _SURE), limit=50).over

    @pytest.mark.parametrize("share", [float("nan"), -5.0])
    def test_impossible_shares_do_not_stop(self, share: float) -> None:
        assert not aggregate([_own("x", share, 10)], {"x": _SURE}, limit=50).over

    @given(
        st.lists(
            st.builds(
                Owner,
                owner_id=st.sampled_from("abcx"),
                parent_owner_id=st.sampled_from(["", "a", "b", "c"]),
                share_min=st.one_of(st.none(), st.floats(0, 100)),
                share_max=st.one_of(st.none(), st.floats(0, 100)),
            ),
            max_size=8,
        )
    )
    def test_the_least_never_exceeds_the_whole(self, owners: list[Owner]) -> None:
        holding = aggregate(owners, {"x": _SURE}, limit=50)
        assert 0 <= holding.least <= 100 and 0 <= holding.most <= 100
        assert holding == aggregate(list(reversed(owners)), {"x": _SURE}, limit=50)


class TestFindings:
    def test_the_least_over_the_limit_stops(self) -> None:
        found = _found(aggregate([_own("x", 60)], {"x": _SURE}, limit=50))
        assert found["screening/ownership"].strength is Strength.STOP
        assert "at least 60 percent" in found["screening/ownership"].summary

    def test_only_the_most_over_the_limit_is_strong(self) -> None:
        found = _found(aggregate([_own("x", 10, 60)], {"x": _SURE}, limit=50))
        assert found["screening/ownership"].strength is Strength.STRONG

    def test_a_namesake_among_the_owners_never_stops(self) -> None:
        found = _found(aggregate([_own("x", 100)], {"x": _MAYBE}, limit=50))
        assert found["screening/ownership"].strength is Strength.STRONG

    def test_an_unknown_share_is_a_finding_of_its_own(self) -> None:
        found = _found(aggregate([_unstated("x"), _own("y", 80)], {"x": _SURE}, limit=50))
        assert set(found) == {"screening/ownership_unknown"}
        assert found["screening/ownership_unknown"].strength is Strength.MEDIUM

    @pytest.mark.parametrize(
        ("owners", "level", "says"),
        [
            ([_unstated("x")], _SURE, "hold shares that are not stated"),
            ([_own("x", 100)], _MAYBE, "hold up to 100 percent"),
            ([_own("x", 10, 60)], _SURE, "hold from 10 to 60 percent"),
        ],
    )
    def test_the_sentence_says_what_is_known(self, owners: list[Owner], level: Level, says: str) -> None:
        """Nobody is told "between 0 and 100 percent", which says nothing."""
        assert says in _found(aggregate(owners, {"x": level}, limit=50))["screening/ownership"].summary

    def test_nothing_listed_is_no_finding(self) -> None:
        assert _found(aggregate([_own("y", 100)], {}, limit=50)) == {}

    def test_the_evidence_holds_the_interval_and_the_policy(self) -> None:
        values = _found(aggregate([_own("x", 60)], {"x": _SURE}, limit=50))["screening/ownership"].evidence[0].values
        assert (values["share_min"], values["share_max"], values["limit"]) == (60, 60, 50)
        assert values["policy"] == "us_ofac_ownership"
