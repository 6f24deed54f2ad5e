"""The figures that the room promises, on a slice of ROR's gold strings."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from vedette.institutions import Organisation
from vedette.institutions.index import Index, build
from vedette.institutions.load import read
from vedette.institutions.resolve import resolve

pytestmark = pytest.mark.shared_data
_EVERY = 12


def sliced(folder: Path) -> list[tuple[str, set[str]]]:
    with (folder / "academia" / "ror_gold" / "crossref_train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::_EVERY]
    return [(row["affiliation"], set(re.findall(r"https://ror\.org/\w+", row["ror_id"]))) for row in rows]


@pytest.fixture(scope="module")
def registry(shared_data: Path) -> Index:
    found = read(shared_data / "academia" / "ror_union.jsonl.gz").reading.organisations
    wanted = {name for _, ids in sliced(shared_data) for name in ids}
    kept: list[Organisation] = [row for at, row in enumerate(found) if row.id in wanted or at % 10 == 0]
    return build(kept)


class TestGold:
    def test_most_strings_of_a_slice_are_resolved_rightly(self, registry: Index, shared_data: Path) -> None:
        """A tenth of the organisations: an easier test than the bench's, to notice when something breaks."""
        right = given = wanted = 0
        for text, ids in sliced(shared_data):
            if ids <= registry.of_id.keys():
                answer = {match.id for match in resolve(text, registry).matches}
                right, given, wanted = right + len(answer & ids), given + len(answer), wanted + len(ids)
        assert right / given > 0.85
        assert right / wanted > 0.85
