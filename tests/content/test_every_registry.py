"""What holds for every registry of institutions: declared, documented, proven by its samples, robust against damage."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.base import ContentError
from vedette.institutions import InstitutionError
from vedette.institutions.codec import decode_lines, encode_lines
from vedette.institutions.registry import Registry, parser_of, read_registries, registries, shipped

ROOT = Path(str(files("vedette.institutions").joinpath("registries")))


@pytest.mark.parametrize("item", registries(), ids=lambda item: item.id)
class TestEveryRegistry:
    def test_each_sample_reads_to_exactly_the_expected_organisations(self, item: Registry) -> None:
        expected = (ROOT / item.id / "expected.jsonl").read_bytes()
        samples = sorted((ROOT / item.id).glob("sample.*"))
        assert samples
        for path in samples:
            found = parser_of(item.id).parse(path.name, path.read_bytes()).organisations
            assert encode_lines(found) == expected
            assert found == decode_lines(expected)

    def test_a_sample_is_claimed_by_its_registry_alone(self, item: Registry) -> None:
        for path in (ROOT / item.id).glob("sample.*"):
            head = path.read_bytes()
            assert [other.id for other in registries() if parser_of(other.id).recognise(path.name, head)] == [item.id]

    def test_the_declaration_speaks_to_people(self, item: Registry) -> None:
        assert item.caption.endswith(".") and item.blind_spots.endswith(".")
        assert item.licence and item.publisher and item.cadence

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(edits=st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=4)), min_size=1, max_size=6))
    def test_damaged_bytes_never_raise_anything_unforeseen(
        self, item: Registry, edits: list[tuple[int, bytes]]
    ) -> None:
        for path in sorted((ROOT / item.id).glob("sample.*")):
            data = bytearray(path.read_bytes())
            for position, put in edits:
                start = position % len(data)
                data[start : start + len(put)] = put
            try:
                parser_of(item.id).parse(path.name, bytes(data))
            except InstitutionError as fault:
                assert str(fault)


class TestGazetteer:
    def test_every_row_names_its_source_and_at_least_32_institutions_are_there(self) -> None:
        rows = shipped()
        assert len(rows) >= 32
        assert all(row.source and row.country == "KP" for row in rows)
        assert len({row.id for row in rows}) == len(rows)

    def test_parents_are_rows_of_the_table_and_names_are_not_shared(self) -> None:
        ids = {row.id for row in shipped()}
        assert all(parent in ids for row in shipped() for parent in row.parents)
        names = [name.casefold() for row in shipped() for name in row.names]
        assert len(names) == len(set(names))

    def test_domains_end_in_kp_and_postcodes_are_the_two_seen(self) -> None:
        assert all(host.endswith(".kp") for row in shipped() for host in row.domains)
        assert {code for row in shipped() for code in row.postcodes} <= {"999093", "999083"}

    def test_most_rows_carry_korean_names(self) -> None:
        korean = [row for row in shipped() if any(re.search("[가-힣]", name) for name in row.names)]
        assert len(korean) >= 0.8 * len(shipped())


class TestDeclarations:
    @pytest.mark.parametrize(
        ("change", "problem"),
        [("surprise: yes\n", "unknown key"), ("", "is missing"), ("shipped: none.tsv\n", "is missing")],
    )
    def test_a_faulty_folder_is_refused(self, tmp_path: Path, change: str, problem: str) -> None:
        unit = tmp_path / "ror"
        unit.mkdir()
        (unit / "registry.yml").write_text((ROOT / "ror" / "registry.yml").read_text() + change)
        with pytest.raises(ContentError, match=problem):
            read_registries(tmp_path)
