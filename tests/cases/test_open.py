"""The opening rule: what opens a case, what never does, and who belongs together."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import finding, shared
from vedette.base import Finding, Strength
from vedette.cases.model import OpeningRule
from vedette.cases.open import Standing, groups, openings, priority, weigh
from vedette.cases.read import opening_rule
from vedette.findings import FindingBrief

RULE = opening_rule()
TWELVE = tuple(f"a-{n:02d}" for n in range(12))


def brief(item: Finding) -> FindingBrief:
    return FindingBrief(
        item.id, item.check, item.subject.kind, item.subject.id, item.accounts, item.family, item.strength, item.bits
    )


def opened(*found: Finding, rule: OpeningRule = RULE) -> list[tuple[str, ...]]:
    return [item.accounts for item in openings(Standing(map(brief, found), rule), rule)]


class TestWhatOpens:
    @pytest.mark.parametrize(
        ("why", "found", "opens"),
        [
            ("a stop opens at once", [finding("presence/ip", strength=Strength.STOP)], True),
            ("one strong family never opens", [finding("network/a", strength=Strength.STRONG)], False),
            (
                "many findings of one family never open",
                [finding(f"network/{n}", strength=Strength.STRONG) for n in range(9)],
                False,
            ),
            ("one finding of many bits never opens", [finding("network/a", bits=90.0)], False),
            ("two independent medium ones open", [finding("network/a"), finding("payment/b")], True),
            (
                "medium and weak do not",
                [finding("network/a"), finding("payment/b", strength=Strength.WEAK)],
                False,
            ),
            (
                "strong and weak lie exactly on the threshold",
                [finding("network/a", strength=Strength.STRONG), finding("payment/b", strength=Strength.WEAK)],
                True,
            ),
            (
                "a hair below the threshold stays shut",
                [finding("network/a", strength=Strength.STRONG), finding("payment/b", bits=1.99)],
                False,
            ),
            (
                "context never counts",
                [finding("network/a", strength=Strength.STRONG), finding("payment/b", strength=Strength.CONTEXT)],
                False,
            ),
            (
                "context counts not even with measured bits",
                [
                    finding("network/a", strength=Strength.STRONG),
                    finding("payment/b", strength=Strength.CONTEXT, bits=20.0),
                ],
                False,
            ),
            (
                "screening and ownership rest on the same entry",
                [
                    finding("screening/name", strength=Strength.STRONG),
                    finding("ownership/share", strength=Strength.STRONG),
                ],
                False,
            ),
            (
                "a family without weight is no corroboration",
                [finding("network/a", bits=8.0), finding("device/b", bits=8.0), finding("payment/c", bits=0.0)],
                True,
            ),
            ("zero bits corroborate nothing", [finding("network/a", bits=8.0), finding("payment/c", bits=0.0)], False),
            ("negative bits never help", [finding("network/a", bits=8.0), finding("payment/c", bits=-5.0)], False),
        ],
    )
    def test_table(self, why: str, found: list[Finding], opens: bool) -> None:
        assert bool(opened(*found)) is opens, why

    def test_recurrences_of_a_check_count_once(self) -> None:
        often = [finding("network/a", strength=Strength.WEAK, window=str(n)) for n in range(20)]

        assert weigh(map(brief, often), RULE).bits == 2.0

    def test_the_cap_is_said(self) -> None:
        both = [finding("network/a", strength=Strength.STRONG), finding("network/b", strength=Strength.STRONG)]

        (source,) = weigh(map(brief, both), RULE).sources

        assert (source.source, source.found, source.counted, source.checks) == (
            "network",
            16.0,
            8.0,
            ("network/a", "network/b"),
        )


class TestWhoBelongsTogether:
    def test_one_stop_on_a_shared_device_is_one_case_of_all_its_accounts(self) -> None:
        assert opened(shared("device/listed", TWELVE, strength=Strength.STOP)) == [TWELVE]

    def test_two_shared_things_of_different_families_are_one_case_not_twelve(self) -> None:
        found = [shared("device/farm", TWELVE), shared("payment/card", TWELVE, thing="card-1")]

        assert opened(*found) == [TWELVE]

    def test_one_accounts_trouble_is_not_its_neighbours(self) -> None:
        found = [shared("device/farm", TWELVE), finding("payment/odd", account="a-03")]

        assert opened(*found) == [("a-03",)]

    def test_trouble_of_a_quarter_is_the_groups(self) -> None:
        found = [shared("device/farm", TWELVE), *(finding("payment/odd", account=a) for a in TWELVE[:3])]

        assert opened(*found) == [TWELVE]

    def test_trouble_of_less_than_a_quarter_is_theirs_together(self) -> None:
        found = [shared("device/farm", TWELVE), *(finding("payment/odd", account=a) for a in TWELVE[:2])]

        assert opened(*found) == [TWELVE[:2]]

    def test_in_a_pair_one_bearer_is_not_both(self) -> None:
        found = [shared("device/farm", ("a-1", "a-2")), finding("payment/odd", account="a-1")]

        assert opened(*found) == [("a-1",)]

    def test_weak_and_context_findings_join_nobody(self) -> None:
        for strength in (Strength.WEAK, Strength.CONTEXT):
            standing = Standing([brief(shared("network/office", TWELVE, strength=strength))], RULE)
            assert groups(standing, RULE) == []

    def test_a_finding_about_an_account_joins_nobody(self) -> None:
        found = finding("account/referrer", accounts=("a-1", "a-2"))

        assert groups(Standing([brief(found)], RULE), RULE) == []

    def test_what_more_than_the_bound_share_joins_nobody(self) -> None:
        crowd = tuple(f"a-{n:03d}" for n in range(RULE.most_accounts + 1))

        assert groups(Standing([brief(shared("device/kiosk", crowd))], RULE), RULE) == []
        assert groups(Standing([brief(shared("device/kiosk", crowd[1:]))], RULE), RULE) == [crowd[1:]]

    def test_a_stop_on_a_large_hub_is_still_one_case(self) -> None:
        crowd = tuple(f"a-{n:03d}" for n in range(RULE.most_accounts + 50))

        assert opened(shared("payment/wallet", crowd, strength=Strength.STOP)) == [crowd]

    def test_chains_of_sharing_stay_within_the_bound(self) -> None:
        chain = [shared("device/x", (f"a-{n:04d}", f"a-{n + 1:04d}"), thing=f"d-{n}") for n in range(500)]

        found = groups(Standing(map(brief, chain), RULE), RULE)

        assert max(map(len, found)) <= RULE.most_accounts

    def test_a_stop_of_one_account_takes_in_no_innocent_sharer(self) -> None:
        found = [shared("device/office", TWELVE), finding("presence/ip", account="a-05", strength=Strength.STOP)]

        assert opened(*found) == [("a-05",)]


STRENGTHS = st.sampled_from([item for item in Strength])
ACCOUNTS = st.integers(0, 7).map(lambda n: f"a-{n}")
CHECKS = st.sampled_from(["network/a", "network/b", "device/c", "payment/d", "screening/e", "ownership/f"])
BITS = st.one_of(st.none(), st.floats(-5, 30, allow_nan=False))
OWN = st.builds(
    lambda check, account, strength, bits: finding(check, account=account, strength=strength, bits=bits),
    CHECKS,
    ACCOUNTS,
    STRENGTHS,
    BITS,
)
HUBS = st.builds(
    lambda check, accounts, strength, bits, n: shared(
        check, tuple(sorted(accounts)), thing=f"d-{n}", strength=strength, bits=bits
    ),
    CHECKS,
    st.sets(ACCOUNTS, min_size=2, max_size=5),
    STRENGTHS,
    BITS,
    st.integers(0, 4),
)
FINDINGS = st.lists(st.one_of(OWN, HUBS), max_size=12, unique_by=lambda item: item.id)


class TestLaws:
    @given(FINDINGS, st.randoms(use_true_random=False))
    @settings(deadline=None)
    def test_the_order_of_findings_does_not_matter(self, found: list[Finding], random: Random) -> None:
        mixed = list(found)
        random.shuffle(mixed)

        assert openings(Standing(map(brief, found), RULE), RULE) == openings(Standing(map(brief, mixed), RULE), RULE)

    @given(FINDINGS)
    @settings(deadline=None)
    def test_cases_are_disjoint_and_nobody_stands_in_one_without_a_finding(self, found: list[Finding]) -> None:
        members = [account for accounts in opened(*found) for account in accounts]

        assert len(members) == len(set(members))
        assert set(members) <= {account for item in found for account in item.accounts}

    @given(FINDINGS)
    @settings(deadline=None)
    def test_who_qualifies_alone_is_in_a_case(self, found: list[Finding]) -> None:
        standing = Standing(map(brief, found), RULE)
        members = {account for item in openings(standing, RULE) for account in item.accounts}

        for account in standing.accounts():
            if weigh(standing.of((account,)), RULE).qualifies:
                assert account in members

    @given(FINDINGS, FINDINGS)
    @settings(deadline=None)
    def test_more_evidence_never_ranks_lower(self, found: list[Finding], more: list[Finding]) -> None:
        less = weigh(map(brief, found), RULE)
        extra = weigh(map(brief, [*found, *more]), RULE)

        assert priority(extra) >= priority(less)
        assert extra.bits >= less.bits
        assert extra.qualifies or not less.qualifies

    @given(FINDINGS)
    @settings(deadline=None)
    def test_a_stop_ranks_above_everything_without_one(self, found: list[Finding]) -> None:
        weighing = weigh(map(brief, found), RULE)

        assert 0 <= priority(weighing) <= 99
        assert (priority(weighing) >= 80) is bool(weighing.stops)
        assert priority(weighing, escalated=True) == 100

    @given(FINDINGS, st.sets(ACCOUNTS, min_size=1))
    @settings(deadline=None)
    def test_asking_about_some_accounts_gives_the_same_groups(self, found: list[Finding], asked: set[str]) -> None:
        standing = Standing(map(brief, found), RULE)

        some = openings(standing, RULE, asked)

        everything = openings(standing, RULE)
        assert [item for item in everything if not asked.isdisjoint(item.accounts)] == [
            item for item in some if not asked.isdisjoint(item.accounts)
        ]


class TestPriority:
    def test_bits_and_sources_move_it(self) -> None:
        def of(*found: Finding) -> int:
            return priority(weigh(map(brief, found), RULE))

        threshold = of(finding("network/a"), finding("payment/b"))
        heavier = of(finding("network/a", strength=Strength.STRONG), finding("payment/b", strength=Strength.STRONG))
        broader = of(
            finding("network/a", strength=Strength.STRONG),
            finding("payment/b", bits=4.0),
            finding("device/c", bits=4.0),
        )

        assert 30 <= threshold < heavier < broader < 80

    def test_the_default_weight_of_a_strength_comes_from_the_content(self) -> None:
        light = replace(RULE, bits={**RULE.bits, Strength.MEDIUM: 1.0})

        assert opened(finding("network/a"), finding("payment/b"), rule=light) == []
