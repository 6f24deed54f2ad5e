"""The invented list says of itself that it is one."""

from __future__ import annotations

import json
from random import Random

from vedette.simulate.listing import invent, lines
from vedette.simulate.places import name_pools


class TestList:
    ENTRIES = invent(Random(7))

    def test_sixty_entries_with_one_wallet(self) -> None:
        schemas = [entry.schema for entry in self.ENTRIES]

        assert len(schemas) == 60
        assert schemas.count("CryptoWallet") == 1
        assert schemas.count("Organization") == 12

    def test_ids_are_labelled_and_unique(self) -> None:
        ids = {entry.id for entry in self.ENTRIES}

        assert len(ids) == 60
        assert all(id.startswith("SIMULATED-") for id in ids)

    def test_lines_are_follow_the_money(self) -> None:
        for line in lines(self.ENTRIES):
            record = json.loads(line)
            assert record["properties"]["topics"] == ["sanction"]
            assert record["datasets"] == ["simulated_list"]
            assert all(isinstance(value, list) for value in record["properties"].values())
            assert "SIMULATED" in record["properties"]["notes"][0]

    def test_listed_names_are_nobody_elses(self) -> None:
        common = {name for given, family in name_pools().values() for name in (*given, *family)}
        listed = {part for entry in self.ENTRIES if entry.schema == "Person" for part in entry.name.split()}

        assert not listed & common
