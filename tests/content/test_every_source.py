"""What holds for every list source: declared, documented, proven by its sample, and robust against damage."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.watchlists import ListError, ReadList, Source, read, sources
from vedette.watchlists.codec import decode_lines, encode_lines
from vedette.watchlists.detect import PRIMARY, sort_out
from vedette.watchlists.reading import Piece
from vedette.watchlists.source import parser_of

ROOT = Path(str(files("vedette.watchlists").joinpath("sources")))
IDS = [item.id for item in sources()]


def forms() -> list[tuple[Source, Path]]:
    """Each source with each folder that holds a sample of it: its own, and one for every further form of its files."""
    return [
        (item, folder)
        for item in sources()
        for folder in (ROOT / item.id, *sorted((ROOT / item.id).glob("forms/[a-z]*")))
    ]


def samples(folder: Path) -> list[Path]:
    return sorted(folder.glob("sample.*"))


def read_sample(folder: Path) -> ReadList:
    (found,) = read(samples(folder))
    return found


@pytest.mark.parametrize(("item", "folder"), forms(), ids=[str(folder.relative_to(ROOT)) for _, folder in forms()])
class TestEverySource:
    def test_the_sample_reads_to_exactly_the_expected_listings(self, item: Source, folder: Path) -> None:
        found = read_sample(folder)
        expected = (folder / "expected.jsonl").read_bytes()
        assert found.source.id == item.id
        assert sort_out([Piece(path.name, path.read_bytes()) for path in samples(folder)]).left == []
        assert found.reading.listings == decode_lines(expected)
        assert encode_lines(found.reading.listings) == expected

    def test_reading_is_repeatable_and_every_entry_is_usable(self, item: Source, folder: Path) -> None:
        first, again = read_sample(folder), read_sample(folder)
        assert first.reading == again.reading
        assert first.content_hash == again.content_hash
        for listing in first.reading.listings:
            assert listing.entity_id == listing.party.id
            assert listing.party.names
            assert all(re.fullmatch(r"[A-Z]{2}", code) for code in listing.party.countries)
            assert all(re.fullmatch(r"\d{4}(-\d{2}){0,2}", birth) for birth in listing.party.birth_dates)
            assert listing.dprk == item.is_dprk(listing.programmes)

    def test_origin_birthplace_and_gender_are_never_read(self, item: Source, folder: Path) -> None:
        """The samples hold the invented places Norland and Sampletown in such fields only, and a gender."""
        found = repr([(entry.party, entry.remarks) for entry in read_sample(folder).reading.listings]).lower()
        assert not re.search(r"norland|sampletown|\b(fe)?male\b", found)

    def test_the_declaration_speaks_to_people(self, item: Source, folder: Path) -> None:
        assert folder.is_relative_to(ROOT / item.id)
        assert item.caption.endswith(".")
        assert item.obligation.endswith(".")
        assert len(item.obligation.split()) >= 8
        assert item.cadence and item.publisher and item.licence

    def test_the_sample_is_small_and_self_written(self, item: Source, folder: Path) -> None:
        text = b"".join(path.read_bytes() for path in samples(folder))
        assert len(text) < 20_000
        assert re.search(rb"sampl", text, re.IGNORECASE)

    def test_a_sample_cut_anywhere_is_refused_or_counted_never_half_read(self, item: Source, folder: Path) -> None:
        """A file cut short gives an error, or fewer entries than expected, and never another exception."""
        whole = Path(samples(folder)[0]).read_bytes()
        (batch,) = sort_out([Piece(path.name, path.read_bytes()) for path in samples(folder)]).batches
        primary = batch.pieces[PRIMARY]
        count = len(read_sample(folder).reading.listings)
        for length in range(0, len(primary.data), max(1, len(whole) // 97)):
            cut = {**batch.pieces, PRIMARY: Piece(primary.name, primary.data[:length])}
            try:
                assert len(parser_of(item.id).parse(cut).listings) <= count
            except ListError as fault:
                assert fault.problem

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(edits=st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=4)), min_size=1, max_size=6))
    def test_damaged_bytes_never_raise_anything_unforeseen(
        self, item: Source, folder: Path, edits: list[tuple[int, bytes]]
    ) -> None:
        (batch,) = sort_out([Piece(path.name, path.read_bytes()) for path in samples(folder)]).batches
        damaged = {}
        for role, piece in batch.pieces.items():
            data = bytearray(piece.data)
            for position, put in edits:
                start = position % len(data)
                data[start : start + len(put)] = put
            damaged[role] = Piece(piece.name, bytes(data))
        try:
            parser_of(item.id).parse(damaged)
        except ListError as fault:
            assert str(fault)


class TestTogether:
    def test_ids_and_folders_are_the_same(self) -> None:
        folders = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("_"))
        assert folders == IDS

    def test_the_four_sources_that_the_daily_run_needs_are_there(self) -> None:
        assert {"us_ofac_sdn", "un_sc_consolidated", "us_bis_entity_list", "xx_any_ftm"} <= set(IDS)
