"""What holds for every publication source: declared, proven by its samples, claimed by nobody else, robust against damage."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.base import ContentError
from vedette.observatory import ObservatoryError, Work
from vedette.observatory.model import Refused
from vedette.observatory.source import Source, parser_of, read_sources, recognise, sources

ROOT = Path(str(files("vedette.observatory").joinpath("sources")))
_LINES = msgspec.json.Encoder()


def read(source: str, name: str, data: bytes) -> list[Work | Refused]:
    return list(parser_of(source).parse(name, io.BufferedReader(io.BytesIO(data))))


@pytest.mark.parametrize("item", sources(), ids=lambda item: item.id)
class TestEverySource:
    def test_each_sample_reads_to_exactly_the_expected_works(self, item: Source) -> None:
        expected = (ROOT / item.id / "expected.jsonl").read_bytes()
        for path in sorted((ROOT / item.id).glob("sample.*")):
            found = read(item.id, path.name, path.read_bytes())
            works = [replace(work, line=number) for number, work in enumerate(found, 1) if isinstance(work, Work)]
            assert len(works) == len(found) and _LINES.encode_lines(works) == expected

    def test_a_sample_is_claimed_by_its_source_alone(self, item: Source) -> None:
        for path in (ROOT / item.id).glob("sample.*"):
            assert recognise(path.name, path.read_bytes()[: 64 * 1024]) == (item.id,)

    def test_the_declaration_speaks_to_people(self, item: Source) -> None:
        assert item.caption.endswith(".") and item.blind_spots.endswith(".")
        assert item.licence and item.publisher

    def test_addresses_come_where_they_are_promised(self, item: Source) -> None:
        expected = msgspec.json.Decoder(Work).decode_lines((ROOT / item.id / "expected.jsonl").read_bytes())
        assert any(author.affiliations for work in expected for author in work.authors) is item.addresses

    def test_no_local_part_of_an_e_mail_address_is_kept(self, item: Source) -> None:
        text = (ROOT / item.id / "expected.jsonl").read_text(encoding="utf-8")
        assert "[address]@" in text or "@" not in text

    def test_windows_line_ends_change_nothing(self, item: Source) -> None:
        expected = (ROOT / item.id / "expected.jsonl").read_bytes()
        for path in sorted((ROOT / item.id).glob("sample.*")):
            data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            found = [work for work in read(item.id, path.name, data) if isinstance(work, Work)]
            assert _LINES.encode_lines([replace(work, line=n) for n, work in enumerate(found, 1)]) == expected

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(edits=st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=4)), min_size=1, max_size=6))
    def test_damaged_bytes_never_raise_anything_unforeseen(self, item: Source, edits: list[tuple[int, bytes]]) -> None:
        for path in sorted((ROOT / item.id).glob("sample.*")):
            data = bytearray(path.read_bytes())
            for position, put in edits:
                start = position % len(data)
                data[start : start + len(put)] = put
            try:
                found = read(item.id, path.name, bytes(data))
            except ObservatoryError as fault:
                assert str(fault)
            else:
                assert all(isinstance(one, Work) or one.reason for one in found)


class TestDeclarations:
    @pytest.mark.parametrize(
        ("change", "problem"),
        [("surprise: yes\n", "unknown key"), ("", "is missing")],
    )
    def test_a_faulty_folder_is_refused(self, tmp_path: Path, change: str, problem: str) -> None:
        unit = tmp_path / "ris"
        unit.mkdir()
        (unit / "source.yml").write_text((ROOT / "ris" / "source.yml").read_text(encoding="utf-8") + change)
        with pytest.raises(ContentError, match=problem):
            read_sources(tmp_path)

    def test_a_folder_without_declaration_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(ContentError, match="without source.yml"):
            read_sources(tmp_path)
