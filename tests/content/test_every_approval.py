"""Every action of a case has a line in the approval policy; whatever harms a customer needs a second person."""

from __future__ import annotations

import pytest

from vedette import approvals
from vedette.cases import Action

ADVERSE = {Action.SUSPEND, Action.REJECT, Action.BLOCK_PROPERTY, Action.REPORT}


class TestEveryAction:
    @pytest.mark.parametrize("action", list(Action))
    def test_is_in_the_table(self, action: Action) -> None:
        assert (approvals.needs(f"case.{action.value}") > 0) or action not in ADVERSE

    @pytest.mark.parametrize("action", approvals.policy().actions.values(), ids=lambda action: action.id)
    def test_says_why_and_on_what_ground(self, action: approvals.Action) -> None:
        room, _, verb = action.id.partition(".")

        assert room.isidentifier()
        assert verb
        assert action.why.endswith(".")
        assert action.citation
