"""Learning without labels, and what the learnt bits say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from vedette.linking.soft import Comparer, Model, Record, learn, record
from vedette.linking.soft.block import candidates, pieces
from vedette.store.engines.duckdb import DuckEngine

_SOUNDS = ("ba", "ko", "ri", "mel", "tan", "sho", "ven", "dur", "lis", "gra", "pe", "xu", "wil", "nor", "fe", "zam")


def people(count: int) -> tuple[list[Record], list[int]]:
    """Each person twice, the second time with a slip in the name or in the date."""
    draw = random.Random(3)
    records: list[Record] = []
    for _ in range(count):
        given, family = ("".join(draw.choices(_SOUNDS, k=3)) for _ in range(2))
        born = f"{draw.randrange(1950, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        mail = f"{draw.randrange(10**8):x}@mail.example"
        records.append(record(name=f"{given} {family}", birth_date=born, mail=mail))
        if draw.random() < 0.5:
            records.append(record(name=f"{family} {given[:-1]}", birth_date=born))
        else:
            records.append(record(name=f"{given} {family}", birth_date=born[:-1] + "9", mail=mail))
    return records, [number // 2 for number in range(2 * count)]


@pytest.fixture(scope="module")
def learnt(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Record], list[int], list[tuple[int, int]], Comparer, Model]:
    records, truth = people(150)
    with DuckEngine({}, tmp_path_factory.mktemp("soft"), memory="100MB", threads=1) as engine:
        pairs = candidates(engine, records)
    comparer, draw = Comparer(records), random.Random(1)
    drawn = (draw.sample(range(len(records)), 2) for _ in range(4_000))
    strangers = comparer.pairs((records[a], records[b]) for a, b in drawn)
    compared = comparer.pairs((records[a], records[b]) for a, b in pairs)
    return records, truth, pairs, comparer, learn(compared, strangers, len(records) * (len(records) - 1) / 2)


class TestLearn:
    def test_finds_who_is_one_person_without_being_told(self, learnt: tuple) -> None:  # type: ignore[type-arg]  # the fixture names them
        records, truth, pairs, comparer, model = learnt
        bits = model.bits(comparer.pairs((records[a], records[b]) for a, b in pairs))
        told = {pair for pair, value in zip(pairs, bits, strict=True) if value >= 0}
        right = {pair for pair in told if truth[pair[0]] == truth[pair[1]]}
        assert len(right) / len(told) > 0.97
        assert len(right) / 150 > 0.95

    def test_every_share_is_a_share(self, learnt: tuple) -> None:  # type: ignore[type-arg]  # the fixture names them
        model = learnt[4]
        for shares in (*model.m, *model.u):
            assert sum(shares) == pytest.approx(1.0)
            assert min(shares) > 0

    def test_a_rare_name_says_more_than_a_common_one(self, learnt: tuple) -> None:  # type: ignore[type-arg]  # the fixture names them
        model = learnt[4]
        crowd = [record(name="kim adler")] * 40 + [record(name="leila brandt")] * 2
        bits = model.bits(Comparer(crowd).pairs([(crowd[0], crowd[1]), (crowd[-1], crowd[-2])]))
        assert bits[1] > bits[0] + 4

    def test_what_is_missing_says_nothing(self, learnt: tuple) -> None:  # type: ignore[type-arg]  # the fixture names them
        comparer, model = learnt[3:]
        assert model.bits(comparer.pairs([(record(), record(name="kim adler"))]))[0] == model.prior


class TestCandidates:
    def test_a_key_of_everybody_makes_no_pairs(self, tmp_path: Path) -> None:
        records = [record(mail="info@firm.example") for _ in range(500)]
        with DuckEngine({}, tmp_path, memory="100MB", threads=1) as engine:
            assert candidates(engine, records) == []

    def test_pairs_come_once_in_order(self, tmp_path: Path) -> None:
        one = record(name="anna adler", birth_date="1970-01-02", mail="a@x.example")
        with DuckEngine({}, tmp_path, memory="100MB", threads=1) as engine:
            assert candidates(engine, [one, record(name="hugo costa"), one]) == [(0, 2)]

    def test_hostile_texts_are_values_and_no_sql(self, tmp_path: Path) -> None:
        nasty = record(mail="'; DROP TABLE soft_piece; --@x")
        with DuckEngine({}, tmp_path, memory="100MB", threads=1) as engine:
            assert candidates(engine, [nasty, nasty]) == [(0, 1)]

    def test_pieces_of_an_empty_record(self) -> None:
        assert list(pieces({})) == []
