"""Walking through stored links: what was opened stays together, a kind alone finds its strongest links."""

from __future__ import annotations

import pytest

from tests.linking.lake import ring_of_three
from tests.made import JOB
from vedette import linking
from vedette.base import FixedClock
from vedette.linking import PictureError
from vedette.linking.explore import explore
from vedette.store import Store


@pytest.fixture
def ring(store: Store, clock: FixedClock) -> Store:
    ring_of_three(store)
    linking.refresh(store, JOB, clock)
    return store


class TestExplore:
    def test_an_account_alone_stands_inside(self, ring: Store) -> None:
        found = explore(ring, ["a-1"])
        inside = {node.id for node in found.nodes if node.inside and node.sort == "account"}
        assert inside == {"a-1"} and len(found.nodes) == 4

    def test_what_was_opened_stands_inside_together(self, ring: Store) -> None:
        found = explore(ring, ["a-1", "a-2"])
        assert {node.id for node in found.nodes if node.inside and node.sort == "account"} == {"a-1", "a-2"}

    def test_an_actor_opens_its_accounts(self, ring: Store) -> None:
        (actor,) = linking.actors(ring)
        found = explore(ring, [actor.actor_id])
        assert {node.id for node in found.nodes if node.inside and node.sort == "account"} == set(actor.accounts)

    def test_a_kind_alone(self, ring: Store) -> None:
        assert {node.sort for node in explore(ring, [], "key").nodes} == {"account", "value"}

    @pytest.mark.parametrize(("opened", "kind"), [([], ""), ([], "wallet"), (["s-01"], ""), (["a-1"], "wallet")])
    def test_nothing_linked_is_said(self, ring: Store, opened: list[str], kind: str) -> None:
        with pytest.raises(PictureError, match="nothing is linked"):
            explore(ring, opened, kind)

    @pytest.mark.parametrize("kind", ["x", 'key"', "%"])
    def test_an_unknown_kind_is_refused(self, ring: Store, kind: str) -> None:
        with pytest.raises(PictureError, match="no kind"):
            explore(ring, [], kind)

    def test_no_more_nodes_than_asked(self, ring: Store) -> None:
        assert len(explore(ring, ["a-1"], limit=2).nodes) == 2
