"""DuckDB and Spark give the same links and hubs from the same SQL."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.linking.made import Customer, Row, crowd, customers, parts, saw
from tests.spark import MASTER, needs_spark
from vedette.linking import Graph, weights
from vedette.linking.graph import new_rows
from vedette.linking.views import Views
from vedette.store.engines.duckdb import DuckEngine
from vedette.store.engines.spark import SparkEngine

KINDS = ("device", "instrument", "key", "phone", "ip", "address", "birth_date", "name")


def drawn(seed: int) -> tuple[list[Customer], list[Row]]:
    """Accounts with homes, employers, resellers, identities and name parts, and what they show; hubs and recycled values among it."""
    draw = random.Random(seed)
    people = [
        Customer(
            f"c-{number:03d}",
            person=draw.randrange(2),
            name=f"n-{draw.randrange(30)}",
            seller=draw.choice([None, None, "r-1"]),
            home=draw.choice([None, f"h-{draw.randrange(20)}"]),
            employer=draw.choice([None, f"e-{draw.randrange(4)}.example"]),
            country=f"C{draw.randrange(12)}",
            identity=draw.choice([None, f"doc-{draw.randrange(40)}"]),
            parts=(f"p-{draw.randrange(12)}",),
        )
        for number in range(80)
    ]
    rows = {}
    for _ in range(500):
        kind, first = draw.choice(KINDS), draw.randrange(500)
        row = saw(draw.choice(people).id, kind, f"{kind}-{int(40 * draw.random() ** 2)}", first, first + 30)
        rows[row[:3]] = row
    published = [saw(one.id, "key", "published") for one in people[:30]]
    farm = [saw(one.id, "device", "farm") for one in [one for one in people if one.identity][:9]]
    return [*people, *crowd(50)], [*rows.values(), *published, *farm]


def relations(people: list[Customer], rows: list[Row]) -> dict[str, str]:
    return {
        "link_observation": f"SELECT * FROM {new_rows(rows)}",
        "link_account": f"SELECT * FROM {customers(people)}",
        "link_name_part": f"SELECT * FROM {parts(people)}",
    }


@needs_spark
class TestSameRows:
    @pytest.mark.parametrize("seed", [1])
    def test_links_parts_and_hubs(self, tmp_path: Path, seed: int) -> None:
        given = relations(*drawn(seed))
        with DuckEngine(given, tmp_path, memory="200MB", threads=1) as engine:
            graph = Graph(engine, weights())
            candidates, links, hubs = graph.rebuild(), graph.links(-100.0), graph.hubs()
        with SparkEngine([], master=MASTER) as spark:
            for name, select in given.items():
                spark.run(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")
            there = Graph(Views(spark), weights())
            assert there.rebuild() == candidates > 50
            assert there.links(-100.0) == links
            assert there.hubs() == hubs
        assert [row[0] for row in hubs[:1]] == ["device"] and ("key", 30, "many holders") in hubs
