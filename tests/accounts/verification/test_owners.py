"""Who counts as beneficial owner, and when nobody is presumed foreign any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.verification.made import NOON, TODAY, evidence, owner, record
from vedette.accounts.verification import OwnerFacts, Result, State, beneficial, presumed_foreign


class TestBeneficial:
    @pytest.mark.parametrize(
        ("owners", "expected"),
        [
            ((owner("o", share_min=25, share_max=25),), {"o": "owner"}),
            ((owner("o", share_min=24.9, share_max=24.9),), {}),
            ((owner("o", share_min=10, share_max=30),), {"o": "possible"}),
            ((owner("o"),), {"o": "possible"}),
            ((owner("o", share_min=1, share_max=1, controls=True),), {"o": "owner"}),
            (
                (owner("p", share_min=60, share_max=60), owner("o", parent_owner_id="p", share_min=50, share_max=50)),
                {"p": "owner", "o": "owner"},
            ),
            (
                (owner("p", share_min=60, share_max=60), owner("o", parent_owner_id="p", share_min=40, share_max=40)),
                {"p": "owner"},
            ),
            ((owner("o", parent_owner_id="unknown", share_min=90, share_max=90),), {"o": "possible"}),
            (
                (
                    owner("x", parent_owner_id="y", share_min=90, share_max=90),
                    owner("y", parent_owner_id="x", share_min=90, share_max=90),
                ),
                {"x": "possible", "y": "possible"},
            ),
        ],
        ids=["quarter", "below", "perhaps", "unknown", "control", "chain", "thin chain", "unknown parent", "ring"],
    )
    def test_a_quarter_or_control_and_unknown_shares_stay_possible(
        self, owners: tuple[OwnerFacts, ...], expected: dict[str, str]
    ) -> None:
        assert beneficial(owners, 25) == expected

    @given(st.lists(st.floats(0, 100), max_size=8), st.floats(1, 100))
    def test_a_stated_share_decides_alone(self, shares: list[float], limit: float) -> None:
        owners = [owner(str(n), share_min=share, share_max=share) for n, share in enumerate(shares)]
        expected = {str(n) for n, share in enumerate(shares) if 100 * (share / 100) >= limit}
        assert set(beneficial(owners, limit)) == expected


class TestPresumedForeign:
    HOME = evidence(shows_home=True)

    def test_foreign_until_shown_otherwise(self) -> None:
        assert presumed_foreign(record(), TODAY)
        assert presumed_foreign(record(State.VERIFIED, evidence()), TODAY)
        assert not presumed_foreign(record(State.UNVERIFIED, self.HOME), TODAY)

    def test_every_declared_owner_must_be_shown_too(self) -> None:
        owners = (owner("o-1"), owner("o-2"))
        one = evidence(event_id="e-2", about="o-1", shows_home=True)
        two = evidence(event_id="e-3", about="o-2", shows_home=True)
        assert presumed_foreign(record(State.UNVERIFIED, self.HOME, one, owners=owners), TODAY)
        assert not presumed_foreign(record(State.UNVERIFIED, self.HOME, one, two, owners=owners), TODAY)

    def test_what_ran_out_or_was_undone_shows_nothing(self) -> None:
        old = evidence(shows_home=True, expires=TODAY - timedelta(days=1))
        undone = evidence(Result.FAILED, event_id="e-2", done_at=NOON + timedelta(hours=1))
        assert presumed_foreign(record(State.UNVERIFIED, old), TODAY)
        assert presumed_foreign(record(State.UNVERIFIED, self.HOME, undone), TODAY)
