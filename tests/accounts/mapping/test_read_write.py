"""The mapping as a file: what is written is read back, and an edit that is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts import mapping as mapper
from vedette.accounts.mapping import ColumnMapping, FileMapping, Mapping
from vedette.base import ContentError
from vedette.simulate import WHICH, messy

WORDS = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() == text)
GOOD = """\
version: 1
files:
  - file: users.csv
    table: accounts
    zone: europe/berlin
    columns:
      - to: account_id
        from: Nr
      - to: opened_at
        from: Since
        as: time
        format: "%d.%m.%Y"
"""


class TestRoundTrip:
    @pytest.mark.parametrize("which", WHICH)
    def test_a_proposal_reads_back(self, tmp_path: Path, which: str) -> None:
        messy(tmp_path, which)
        proposed = mapper.propose(tmp_path)
        mapper.write_mapping(proposed, tmp_path / mapper.FILE_NAME)

        again = mapper.read_mapping(tmp_path / mapper.FILE_NAME)

        kept = [(item.file, item.table, item.zone, item.zone_confirmed) for item in proposed.files]
        assert [(item.file, item.table, item.zone, item.zone_confirmed) for item in again.files] == kept
        for before, after in zip(proposed.files, again.files, strict=True):
            told = [(c.target, c.source, c.kind, c.format, c.decimal, c.values) for c in before.columns]
            assert [(c.target, c.source, c.kind, c.format, c.decimal, c.values) for c in after.columns] == told

    @given(WORDS, WORDS, WORDS, st.text(max_size=30))
    def test_any_name_is_only_a_name(self, file: str, source: str, word: str, sample: str) -> None:
        column = ColumnMapping(
            target="account_id", source=source, values=((word, word),), sample=sample, questions=(sample,)
        )
        written = Mapping((FileMapping(file=file, table="accounts", columns=(column,), unmapped=(sample,)),))

        (read,) = mapper.mapping_of(mapper.text_of(written), "m.yml").files

        assert read.file == file
        assert (read.columns[0].source, read.columns[0].values) == (source, ((word, word),))


class TestRead:
    def test_zone_is_spelled_out(self) -> None:
        (item,) = mapper.mapping_of(GOOD, "m.yml").files

        assert item.zone == "Europe/Berlin"

    @pytest.mark.parametrize(
        ("old", "new", "line"),
        [
            ("version: 1", "version: 2", 1),
            ("table: accounts", "table: acounts", 4),
            ("europe/berlin", "Europe/Berln", 5),
            ("to: account_id", "to: acount_id", 7),
            ("to: account_id", "to: name", 3),
            ("to: opened_at", "to: account_id", 9),
            ("from: Nr", "form: Nr", 8),
            ("as: time", "as: date", 11),
            ('"%d.%m.%Y"', '"%d.%m"', 12),
            ('"%d.%m.%Y"', '"dd.mm.yyyy"', 12),
        ],
    )
    def test_a_wrong_edit_is_told_with_its_line(self, old: str, new: str, line: int) -> None:
        with pytest.raises(ContentError) as told:
            mapper.mapping_of(GOOD.replace(old, new, 1), "m.yml")

        assert told.value.place.line == line

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(mapper.MappingError):
            mapper.read_mapping(tmp_path / "nothing.yml")
