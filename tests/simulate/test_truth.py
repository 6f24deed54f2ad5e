"""The first evidence is what a watcher could have seen first, not what the inventor knew."""

from __future__ import annotations

import pytest

from vedette.simulate import truth
from vedette.simulate.activity import sample
from vedette.simulate.model import Plan
from vedette.simulate.places import place
from vedette.simulate.world import DAY, Member, World


@pytest.fixture
def world() -> World:
    return World(Plan(accounts=150))


def pair(world: World, kind: str, *, evasive: bool = False) -> list[Member]:
    """Two accounts of one actor with planted events on the second and the ninth day."""
    found = []
    for day in (2, 9):
        member = world.join("", place("US"), opened=world.start - DAY, status="active")
        begin = world.start + day * DAY
        world.act(member, ("240.0.0.9",), start=begin, end=begin + 60, count=1, planted=True)
        world.act(member, ("240.0.0.8",))
        found.append(member)
    world.mark(found, kind, "actor-0001", evasive)
    return found


def days(world: World, paid: dict[int, int] | None = None) -> dict[str, str]:
    rows = truth.rows(world, sample(world, 300), paid or {})
    return {row["account_id"]: row["first_evidence_at"][:10] for row in rows}


class TestFirstEvidence:
    def test_between_accounts_it_begins_with_the_second(self, world: World) -> None:
        first, second = pair(world, "laptop_farm")

        assert days(world) == {first.id: "2026-01-10", second.id: "2026-01-10"}

    def test_of_one_account_it_is_its_own(self, world: World) -> None:
        first, second = pair(world, "dprk_leak")

        assert days(world) == {first.id: "2026-01-03", second.id: "2026-01-10"}

    def test_evasive_accounts_have_only_their_own(self, world: World) -> None:
        first, second = pair(world, "laptop_farm", evasive=True)

        assert days(world) == {first.id: "2026-01-03", second.id: "2026-01-10"}

    def test_payment_counts(self, world: World) -> None:
        first, second = pair(world, "dprk_leak")

        found = days(world, {first.index: world.start})

        assert found == {first.id: "2026-01-01", second.id: "2026-01-10"}

    def test_facts_of_registration_count_from_the_start(self, world: World) -> None:
        member = world.join("", place("CN"), opened=world.start - 90 * DAY)
        member.evidence.append(member.opened)
        world.act(member, ("240.0.0.9",))
        world.mark([member], "dprk_statement", "actor-0001", False)

        assert days(world) == {member.id: "2026-01-01"}

    def test_an_account_without_own_evidence_has_its_actors(self, world: World) -> None:
        first, second = pair(world, "facilitator")
        front = world.join("", place("US"))
        world.act(front, ("240.0.0.7",))
        world.mark([front], "facilitator", "actor-0001", False)

        assert days(world)[front.id] == days(world)[second.id] == "2026-01-10"
        assert first.id != front.id

    def test_honest_accounts_have_none(self, world: World) -> None:
        member = world.join("ordinary")
        world.act(member, ("240.0.0.7",))

        (row,) = truth.rows(world, sample(world, 50), {})

        assert row == {
            "account_id": member.id,
            "actor_id": "",
            "planted": "false",
            "kind": "",
            "group": "ordinary",
            "first_evidence_at": "",
            "evasive": "false",
        }
