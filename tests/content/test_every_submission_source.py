"""What holds for every form of submissions: declared, proven by its sample, robust against damage."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conference.told import lines
from vedette.base import ContentError
from vedette.conference.model import ConferenceError
from vedette.conference.source import Source, parser_of, read_sources, recognised, sources

ROOT = Path(str(files("vedette.conference").joinpath("sources")))
# Each example of a PDF costs a process of its own; damage to it is tried in tests/conference/test_pdf.py.
IN_PROCESS = [item for item in sources() if item.id != "pdf"]


@pytest.mark.parametrize("item", sources(), ids=lambda item: item.id)
class TestEverySource:
    def test_each_sample_reads_to_exactly_what_is_expected(self, item: Source) -> None:
        for path in sorted((ROOT / item.id).glob("sample.*")):
            found = lines(parser_of(item.id).parse(path.name, path.read_bytes()))
            assert found == (ROOT / item.id / "expected.jsonl").read_text(encoding="utf-8").splitlines()

    def test_a_sample_is_claimed_by_its_form_first(self, item: Source) -> None:
        for path in (ROOT / item.id).glob("sample.*"):
            assert recognised(path.name, path.read_bytes()) == item.id

    def test_read_is_the_sum_of_its_parts(self, item: Source) -> None:
        for path in (ROOT / item.id).glob("sample.*"):
            found = parser_of(item.id).parse(path.name, path.read_bytes())
            assert found.read == sum(map(len, (found.submissions, found.profiles, found.papers, found.refused)))

    def test_the_declaration_speaks_to_people(self, item: Source) -> None:
        assert item.caption.endswith(".") and item.blind_spots.endswith(".") and item.licence.endswith(".")


@pytest.mark.parametrize("item", IN_PROCESS, ids=lambda item: item.id)
class TestDamage:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(edits=st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=4)), min_size=1, max_size=6))
    def test_damaged_bytes_never_raise_anything_unforeseen(self, item: Source, edits: list[tuple[int, bytes]]) -> None:
        for path in sorted((ROOT / item.id).glob("sample.*")):
            data = bytearray(path.read_bytes())
            for position, put in edits:
                start = position % len(data)
                data[start : start + len(put)] = put
            try:
                parser_of(item.id).recognise(path.name, bytes(data))
                parser_of(item.id).parse(path.name, bytes(data))
            except ConferenceError as fault:
                assert str(fault)


class TestDeclarations:
    @pytest.mark.parametrize(
        ("change", "problem"), [("surprise: yes\n", "unknown key"), ("caption: twice\n", "stands twice")]
    )
    def test_a_faulty_declaration_is_refused(self, tmp_path: Path, change: str, problem: str) -> None:
        unit = tmp_path / "csv"
        unit.mkdir()
        for name in ("parse.py", "expected.jsonl", "sample.csv"):
            (unit / name).touch()
        (unit / "source.yml").write_text((ROOT / "csv" / "source.yml").read_text() + change)
        with pytest.raises(ContentError, match=problem):
            read_sources(tmp_path)

    def test_a_folder_without_a_sample_is_refused(self, tmp_path: Path) -> None:
        unit = tmp_path / "csv"
        unit.mkdir()
        for name in ("parse.py", "expected.jsonl", "source.yml"):
            (unit / name).touch()
        with pytest.raises(ContentError, match="no sample"):
            read_sources(tmp_path)
