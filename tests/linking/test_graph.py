"""Evidence in bits: what links, what honest sharing explains, what hubs do, and that adding equals reading all again."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.linking.made import Customer, Row, crowd, customers, found, parts, saw, world
from vedette.linking import Link, weights
from vedette.linking.graph import new_rows
from vedette.linking.model import combined, population, prior, weight

SAME = weights().same
PAIR = ("a", "b")


def two(**facts: str) -> list[Customer]:
    return [Customer("a", **facts), Customer("b", **facts), *crowd()]  # type: ignore[arg-type]  # facts are texts


def both(*things: tuple[str, str]) -> list[Row]:
    return [saw(account, kind, value) for kind, value in things for account in PAIR]


class TestStrength:
    @pytest.mark.parametrize(
        ("things", "linked"),
        [
            ((("device", "d"),), False),
            ((("instrument", "i"),), False),
            ((("phone", "p"),), False),
            ((("key", "k"),), True),
            ((("email", "m"),), True),
            ((("document", "x"),), True),
            ((("device", "d"), ("instrument", "i")), False),
            ((("device", "d"), ("instrument", "i"), ("phone", "p")), True),
            ((("device", "d"), ("key", "k")), True),
        ],
    )
    def test_two_of_two_hundred_who_share(
        self, tmp_path: Path, things: tuple[tuple[str, str], ...], linked: bool
    ) -> None:
        link = found(two(), both(*things), tmp_path)[PAIR]
        assert (link.bits >= SAME) is linked

    def test_the_same_evidence_weighs_more_in_a_larger_house(self, tmp_path: Path) -> None:
        rows = both(("device", "d"), ("instrument", "i"))
        small = found([*two()], rows, tmp_path)[PAIR]
        large = found([Customer("a"), Customer("b"), *crowd(3_000)], rows, tmp_path)[PAIR]
        assert large.bits >= SAME > small.bits

    def test_bits_are_prior_and_families_as_python_counts_them(self, tmp_path: Path) -> None:
        rows = both(("device", "d"), ("ip", "1.2.3.4"), ("ip_prefix", "1.2.3"), ("instrument", "i"))
        link = found(two(), rows, tmp_path)[PAIR]
        used, size = weights(), population(202)
        kinds = used.by_name
        for part in link.parts:
            assert part.bits == weight(kinds[part.kind], part.holders, size)
        assert link.bits == prior(size, used.mates) + combined(link.parts, used.family_extra)

    def test_the_rarest_value_of_a_kind_counts_and_only_once(self, tmp_path: Path) -> None:
        rows = [
            *both(("device", "rare"), ("device", "common")),
            *(saw(f"z-{n:04d}", "device", "common") for n in range(9)),
        ]
        link = found(two(), rows, tmp_path)[PAIR]
        assert [(part.kind, part.holders) for part in link.parts] == [("device", 2)]

    @pytest.mark.parametrize(
        "kind", ["ip", "ip_prefix", "address", "birth_date", "name", "burst", "mail_domain", "referrer"]
    )
    def test_weak_kinds_alone_never_make_a_candidate(self, tmp_path: Path, kind: str) -> None:
        assert found(two(), both((kind, "v")), tmp_path) == {}


class TestHonestSharing:
    @pytest.mark.parametrize(
        ("facts", "kind", "counts"),
        [
            ({"home": "h"}, "device", False),
            ({"home": "h"}, "instrument", False),
            ({"home": "h"}, "document", True),
            ({"seller": "r"}, "device", False),
            ({"seller": "r"}, "key", False),
            ({"seller": "r"}, "document", True),
            ({"employer": "firm.example"}, "instrument", False),
            ({"employer": "firm.example"}, "email", True),
            ({}, "device", True),
        ],
    )
    def test_what_an_explanation_takes_away(
        self, tmp_path: Path, facts: dict[str, str], kind: str, counts: bool
    ) -> None:
        pairs = found(two(**facts), both((kind, "v"), ("document", "x")), tmp_path)
        assert (kind in {part.kind for part in pairs[PAIR].parts}) is counts

    def test_relatives_share_a_name_part_and_a_computer_and_stay_two(self, tmp_path: Path) -> None:
        people = [
            Customer("a", name="ann ho", parts=("ann", "ho")),
            Customer("b", name="bo ho", parts=("bo", "ho")),
            *crowd(3_000),
        ]
        things = both(("device", "d"), ("instrument", "i"), ("phone", "p"))
        assert PAIR not in found(people, things, tmp_path)

    def test_one_full_name_is_no_kinship(self, tmp_path: Path) -> None:
        people = [Customer(one, name="ann ho", parts=("ann", "ho")) for one in PAIR]
        things = both(("device", "d"), ("instrument", "i"), ("name", "ann ho"))
        assert found([*people, *crowd(3_000)], things, tmp_path)[PAIR].bits >= SAME

    def test_firms_have_no_kin(self, tmp_path: Path) -> None:
        people = [Customer(one, person=0, name=f"acme {one}", parts=("acme", one)) for one in PAIR]
        assert found([*people, *crowd()], both(("device", "d")), tmp_path)[PAIR].parts

    def test_a_recycled_telephone_links_nobody(self, tmp_path: Path) -> None:
        rows = [saw("a", "phone", "p", 0, 10), saw("b", "phone", "p", 400, 500)]
        near = [saw("a", "phone", "p", 0, 10), saw("b", "phone", "p", 150, 500)]
        assert PAIR not in found(two(), rows, tmp_path)
        assert found(two(), near, tmp_path)[PAIR].parts


class TestHubs:
    def test_a_value_over_the_cap_makes_no_candidate(self, tmp_path: Path) -> None:
        cap = weights().by_name["device"].most_holders
        people = crowd(300)
        at_cap = [saw(row.id, "device", "d") for row in people[:cap]]
        over = [*at_cap, saw(people[cap].id, "device", "d")]
        assert len(found(people, at_cap, tmp_path)) == cap * (cap - 1) // 2
        assert found(people, over, tmp_path) == {}

    def test_a_million_holders_cost_nothing(self, tmp_path: Path) -> None:
        people = crowd(5_000)
        with world(people, [saw(row.id, "key", "published") for row in people], tmp_path) as (engine, graph):
            assert engine.rows("SELECT COUNT(*) FROM l_pair") == [(0,)]
            assert graph.hubs() == [("key", 5_000, "many holders")]

    @pytest.mark.parametrize(("verified", "hub"), [(3, False), (4, True)])
    def test_one_machine_of_many_verified_people_is_a_hub_never_a_merge(
        self, tmp_path: Path, verified: int, hub: bool
    ) -> None:
        people = [Customer(f"f-{n}", identity=f"doc-{n}" if n < verified else None) for n in range(6)]
        rows = [
            saw(one.id, kind, value)
            for one in people
            for kind, value in (("device", "d"), ("instrument", "i"), ("phone", "p"))
        ]
        with world([*people, *crowd(5_000)], rows, tmp_path) as (_, graph):
            links = graph.links(SAME)
            assert graph.hubs() == ([("device", 6, "many verified identities")] if hub else [])
        assert len(links) == (0 if hub else 15)


class TestScore:
    def test_scores_a_pair_that_is_no_candidate(self, tmp_path: Path) -> None:
        with world(two(), both(("address", "h")), tmp_path) as (_, graph):
            assert graph.links(-100.0) == []
            graph.score([("b", "a")])
            assert [part.kind for part in graph.links(-100.0)[0].parts] == ["address"]

    def test_says_what_explains(self, tmp_path: Path) -> None:
        with world(two(seller="r", home="h"), both(("device", "d")), tmp_path) as (_, graph):
            graph.score([PAIR])
            assert graph.explanations() == {"kin", "reseller"}

    def test_hostile_ids_are_texts(self, tmp_path: Path) -> None:
        bad = "x'); DROP TABLE l_seen; --"
        people = [Customer(bad), Customer("b"), *crowd()]
        with world(people, [saw(bad, "key", "k'"), saw("b", "key", "k'")], tmp_path) as (_, graph):
            assert graph.links(0.0)[0].pair == ("b", bad)
            graph.score([(bad, "b")])
            assert graph.links(0.0)


KINDS = ("device", "instrument", "key", "phone", "ip", "address", "birth_date")
ROWS = st.lists(
    st.builds(
        lambda account, kind, value, first: saw(f"c-{account:02d}", kind, f"{kind}-{value}", first, first + 30),
        st.integers(0, 39),
        st.sampled_from(KINDS),
        st.integers(0, 5),
        st.integers(0, 400),
    ),
    min_size=1,
    max_size=120,
    unique_by=lambda row: row[:3],
)


Facts = tuple[int, int, int, int, int]
FACTS = st.tuples(*(st.integers(0, 4) for _ in range(5)))


def turned(identity: str, fact: Facts) -> Customer:
    """An account with facts drawn from few, so that they coincide."""
    name, home, employer, country, document = fact
    return Customer(
        identity,
        person=int(name > 0),
        name=f"name {name}",
        seller="r" if document == 1 else None,
        home=f"h-{home}",
        employer=f"firm-{employer}.example",
        country=f"C{country}",
        identity=f"doc-{document}" if document else None,
        parts=("name", str(name)),
    )


def merged(rows: list[Row]) -> list[Row]:
    """One row for each account, kind and value."""
    spans: dict[tuple[str, str, str], tuple[int, int]] = {}
    for account, kind, value, first, last in rows:
        known = spans.get((account, kind, value), (first, last))
        spans[account, kind, value] = (min(known[0], first), max(known[1], last))
    return [(*key, *span) for key, span in spans.items()]


class TestAdd:
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=ROWS, cuts=st.lists(st.integers(0, 120), max_size=3), order=st.randoms(use_true_random=False))
    def test_any_order_in_any_portions_equals_reading_all(
        self, tmp_path: Path, rows: list[Row], cuts: list[int], order: object
    ) -> None:
        people = {f"c-{n:02d}": Customer(f"c-{n:02d}", identity=f"doc-{n // 2}", home=f"h-{n // 3}") for n in range(40)}
        whole = found(list(people.values()), rows, tmp_path)
        shuffled = sorted(rows)
        order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
        edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
        portions = [shuffled[start:end] for start, end in zip(edges, edges[1:], strict=False) if end > start]
        early = {row[0] for row in portions[0]}
        present = [people[one] for one in sorted(early)]
        with world(present, portions[0], tmp_path) as (_, graph):
            for portion in portions[1:]:
                those = [people[one] for one in sorted({row[0] for row in portion})]
                graph.add(new_rows(portion), customers(those), parts(those))
            rest = list(people.values())
            graph.add(new_rows([("nobody", "device", "none", 0, 0)]), customers(rest), parts(rest))
            assert {link.pair: link for link in graph.links(-100.0)} == whole

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        before=ROWS, after=ROWS, facts=st.lists(st.tuples(st.integers(0, 39), FACTS), max_size=12), whole=st.booleans()
    )
    def test_changed_accounts_equal_reading_all(
        self, tmp_path: Path, before: list[Row], after: list[Row], facts: list[tuple[int, Facts]], whole: bool
    ) -> None:
        """Accounts change names, homes, employers, documents and what they show; some come, and what some showed goes."""
        people = {
            f"c-{n:02d}": Customer(f"c-{n:02d}", identity=f"doc-{n // 2}", home=f"h-{n // 5}") for n in range(0, 40, 2)
        }
        changed = {f"c-{n:02d}": turned(f"c-{n:02d}", fact) for n, fact in facts}
        named = changed or {"c-00": people["c-00"]}
        now = {**people, **named}
        if whole:
            kept = [row for row in before if row[0] not in named]
            given_rows = [row for row in after if row[0] in named] or [("nobody", "key", "none", 0, 0)]
        else:
            kept, given_rows = before, after
        rows = merged(kept + given_rows)
        with world(list(people.values()), before, tmp_path) as (_, graph):
            graph.add(new_rows(given_rows), customers(named.values()), parts(named.values()), whole=whole)
            grown = {link.pair: link for link in graph.links(-100.0)}
            hubs = graph.hubs()
        # An account that comes later has shown nothing before, as the daily run reads the whole of it then.
        if not whole:
            rows = merged([row for row in before if row[0] in people] + given_rows)
        with world(list(now.values()), rows, tmp_path) as (_, graph):
            assert grown == {link.pair: link for link in graph.links(-100.0)}
            assert hubs == graph.hubs()

    def test_a_domain_that_becomes_everybodys_employs_nobody(self, tmp_path: Path) -> None:
        people = [Customer(one, employer="mail.example", country="US") for one in PAIR]
        others = [Customer(f"n-{n}", employer="mail.example", country=f"C{n}") for n in range(8)]
        rows = both(("device", "d"), ("key", "k"))
        with world([*people, *crowd()], rows, tmp_path) as (_, graph):
            assert graph.links(-100.0) == []
            graph.add(new_rows([("nobody", "key", "none", 0, 0)]), customers(others), parts(others))
            assert {part.kind for part in graph.links(-100.0)[0].parts} == {"device", "key"}

    def test_a_hub_that_loses_its_identities_links_again(self, tmp_path: Path) -> None:
        people = [Customer(f"f-{n}", identity=f"doc-{n}") for n in range(4)]
        with world([*people, *crowd()], [saw(one.id, "device", "d") for one in people], tmp_path) as (_, graph):
            assert graph.hubs() and not graph.links(-100.0)
            same = [Customer("f-3", identity="doc-2")]
            graph.add(new_rows([("nobody", "key", "none", 0, 0)]), customers(same), parts(same))
            assert not graph.hubs()
            assert len(graph.links(-100.0)) == 6

    def test_an_export_repeated_changes_nothing_and_scores_nothing(self, tmp_path: Path) -> None:
        rows = both(("key", "k"), ("device", "d"), ("ip", "1.2.3.4"))
        with world(two(home="h"), rows, tmp_path) as (_, graph):
            assert graph.add(new_rows(rows), customers(two(home="h")), parts(two()), whole=True) == 0

    def test_a_value_that_crosses_its_cap_takes_its_links_away(self, tmp_path: Path) -> None:
        people = crowd(64)
        cap = weights().by_name["key"].most_holders
        with world(people, [saw(row.id, "key", "k") for row in people[:cap]], tmp_path) as (_, graph):
            assert graph.links(SAME - 4)
            graph.add(new_rows([saw(people[cap].id, "key", "k")]))
            assert graph.links(-100.0) == []
            graph.add(new_rows([saw(people[cap + 1].id, "key", "k")]))
            assert graph.hubs() == [("key", cap + 2, "many holders")]

    def test_seeing_the_same_again_changes_nothing(self, tmp_path: Path) -> None:
        rows = both(("key", "k"), ("device", "d"))
        with world(two(), rows, tmp_path) as (engine, graph):
            before = graph.links(-100.0)
            graph.add(new_rows(rows))
            assert graph.links(-100.0) == before
            assert engine.rows("SELECT COUNT(*) FROM l_seen") == [(4,)]

    def test_only_pairs_near_the_new_rows_are_scored(self, tmp_path: Path) -> None:
        people = crowd(200)
        rows = [saw(row.id, "key", f"k-{n // 2}") for n, row in enumerate(people)]
        with world(people, rows, tmp_path) as (_, graph):
            assert graph.add(new_rows([saw("z-0000", "key", "k-50")])) == 3


def test_links_are_the_same_twice(tmp_path: Path) -> None:
    people = crowd(60)
    rows = [saw(left.id, "key", f"{left.id}{right.id}") for left, right in combinations(people[:8], 2)]
    rows += [saw(right.id, "key", f"{left.id}{right.id}") for left, right in combinations(people[:8], 2)]
    first: dict[tuple[str, str], Link] = found(people, rows, tmp_path)
    assert first == found(people[::-1], rows[::-1], tmp_path)
    assert len(first) == 28
