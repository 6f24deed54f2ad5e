"""A segment on disk: the same after a round trip, refused when damaged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screening.people import EDITION, LISTINGS, PERSON, listing
from vedette.screening import ScreeningError
from vedette.screening.segment import build, dump, restore


class TestRoundTrip:
    def test_gives_back_every_array_and_text(self) -> None:
        segment = build(EDITION, LISTINGS)
        again = restore(dump(segment), "index")
        assert (again.edition, again.forms, again.tags, again.blob) == (
            EDITION,
            segment.forms,
            segment.tags,
            segment.blob,
        )
        for column in (
            "marks",
            "mark_names",
            "form_starts",
            "form_names",
            "name_entries",
            "name_ranks",
            "tag_entries",
            "entry_starts",
        ):
            assert np.array_equal(getattr(again, column), getattr(segment, column))

    def test_the_same_listings_give_the_same_bytes(self) -> None:
        assert dump(build(EDITION, LISTINGS)) == dump(build(EDITION, list(LISTINGS)))

    def test_an_empty_edition_is_an_edition(self) -> None:
        assert restore(dump(build(EDITION, ())), "index").entries == 0

    @given(st.lists(st.text(max_size=40), max_size=5))
    def test_any_written_names(self, names: list[str]) -> None:
        segment = build(EDITION, [listing("x", PERSON, *names)])
        assert restore(dump(segment), "index").forms == segment.forms
        assert len(segment.name_entries) == len(names)


class TestDamage:
    @pytest.mark.parametrize("at", [0, 20, 60, -1])
    def test_one_changed_byte_is_refused(self, at: int) -> None:
        data = bytearray(dump(build(EDITION, LISTINGS)))
        data[at] ^= 1
        with pytest.raises(ScreeningError, match="damaged"):
            restore(bytes(data), "index")

    @pytest.mark.parametrize("data", [b"", b"vedette-index\n", b"\x80\x04pickle"])
    def test_other_bytes_are_refused(self, data: bytes) -> None:
        with pytest.raises(ScreeningError, match="index"):
            restore(data, "index")

    def test_another_layout_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = dump(build(EDITION, LISTINGS))
        monkeypatch.setattr("vedette.screening.segment.LAYOUT", 999)
        with pytest.raises(ScreeningError, match="layout"):
            restore(data, "index")

    def test_an_index_read_by_another_version_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = dump(build(EDITION, LISTINGS))
        monkeypatch.setattr("vedette.screening.segment.reading", lambda: "other")
        with pytest.raises(ScreeningError, match="another version"):
            restore(data, "index")
