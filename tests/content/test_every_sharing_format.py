"""Every sharing format: what it holds comes back the same, what it cannot hold is told, and hostile files never break it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sharing.conftest import WRITER, every_kind, shared
from vedette.sharing import scan
from vedette.sharing.model import INDICATORS, Kind, Marking, Shared, ShareError, State, Tier

FORMATS = sorted(scan.formats())
_TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)


def kept(name: str) -> list[Shared]:
    """The objects of a format's kinds."""
    return [item for item in every_kind() if item.kind in scan.formats()[name].KINDS]


def folder(name: str) -> Path:
    return Path(str(files("vedette.sharing"))) / "formats" / name


def without(item: Shared, names: set[str]) -> Shared:
    """The object without the fields that a format says it cannot hold."""
    plain = shared().__dataclass_fields__
    return replace(item, **{name: plain[name].default for name in names})


@pytest.mark.parametrize("name", FORMATS)
class TestEveryFormat:
    def test_it_writes_what_is_expected(self, name: str) -> None:
        """``expected.json`` shows the whole file; a change of the form is a change for every peer."""
        data = scan.formats()[name].write(kept(name), WRITER)
        expected = json.loads((folder(name) / "expected.json").read_text("utf-8"))
        assert expected["file"] == (json.loads(data) if scan.formats()[name].SUFFIX != "csv" else data.decode())

    def test_the_round_trip_loses_nothing_that_it_holds(self, name: str) -> None:
        chosen, items = scan.formats()[name], kept(name)
        lacking = {field for item in items for field in item.held() - chosen.HOLDS}
        found = chosen.read(chosen.write(items, WRITER))
        assert found.refused == ()
        assert list(found.objects) == [without(item, lacking) for item in items]

    def test_what_it_cannot_hold_is_told(self, name: str) -> None:
        chosen = scan.formats()[name]
        told = scan.lost(chosen, every_kind())
        missing = {f"kind:{item.kind.value}" for item in every_kind() if item.kind not in chosen.KINDS}
        assert {key for key in told if key.startswith("kind:")} == missing

    def test_it_is_recognised_by_its_beginning(self, name: str) -> None:
        data = scan.formats()[name].write(kept(name), WRITER)
        assert scan.recognise(data)[0] == name

    @settings(max_examples=25, deadline=None)
    @given(title=_TEXTS, description=_TEXTS, family=_TEXTS)
    def test_any_text_comes_back(self, name: str, title: str, description: str, family: str) -> None:
        chosen = scan.formats()[name]
        item = shared(title=title, description=description, family=family)
        assert chosen.read(chosen.write([item], WRITER)).objects == (item,)

    @settings(max_examples=40, deadline=None)
    @given(data=st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, name: str, data: bytes) -> None:
        try:
            scan.formats()[name].read(data)
        except ShareError as fault:
            assert fault.remedy

    @settings(max_examples=40, deadline=None)
    @given(place=st.integers(0, 10**6), new=st.integers(0, 255))
    def test_a_changed_byte_never_breaks_it(self, name: str, place: int, new: int) -> None:
        chosen = scan.formats()[name]
        data = bytearray(chosen.write(kept(name)[:4], WRITER))
        data[place % len(data)] = new
        try:
            found = chosen.read(bytes(data))
        except ShareError:
            return
        assert all(item.tier is Tier.OPEN for item in found.objects)

    def test_the_whole_file_is_refused_where_it_is_none(self, name: str) -> None:
        for data in (b"", b"[" * 100_000, b"{}", b"\xff\xfe\x00", b'{"a":' * 50_000, b"null"):
            with pytest.raises(ShareError):
                found = scan.formats()[name].read(data)
                if not found.objects and not found.refused:
                    raise ShareError("empty", remedy="none")


class TestSafety:
    @pytest.mark.parametrize("name", FORMATS)
    def test_no_format_lets_a_pattern_about_a_person_in(self, name: str) -> None:
        chosen = scan.formats()[name]
        for text in ("[email-addr:value = 'ann@example.org' OR url:value = 'x']", "[user-account:user_id = 'a']", "no"):
            item = shared(Kind.PATTERN, value=text)
            found = chosen.read(chosen.write([item], WRITER))
            assert (len(found.objects), len(found.refused)) == (0, 1)

    def test_other_houses_tools_read_ours(self) -> None:
        """The published libraries for STIX and MISP take what we write."""
        import stix2
        from pymisp import MISPEvent
        from stix2patterns.validator import run_validator

        data = scan.formats()["stix21"].write(every_kind(), WRITER).decode()
        held = stix2.parse(data, allow_custom=True)
        assert len(held.objects) >= len(every_kind())
        for row in json.loads(data)["objects"]:
            if row["type"] == "indicator":
                assert run_validator(row["pattern"], stix_version="2.1") == []
        event = MISPEvent()
        event.load(scan.formats()["misp"].write(kept("misp"), WRITER).decode())
        assert len(event.attributes) == len(kept("misp"))
        assert {tag.name for tag in event.tags} == {"tlp:green"}

    def test_no_cell_of_a_table_is_a_formula(self) -> None:
        for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "|cmd", "'=1"):
            item = shared(Kind.TOOL, value="x", description=text)
            data = scan.formats()["csv"].write([item], WRITER).decode()
            assert f",{text}," not in data
            assert scan.formats()["csv"].read(data.encode()).objects == (item,)

    def test_every_kind_is_held_by_the_full_formats(self) -> None:
        for name in ("stix21", "csv", "bundle"):
            assert scan.formats()[name].KINDS == frozenset(Kind)
        assert scan.formats()["misp"].KINDS >= INDICATORS

    def test_words_of_state_and_marking_are_closed(self) -> None:
        assert [marking.rank for marking in Marking] == sorted(marking.rank for marking in Marking)
        assert {state.value for state in State} == {"waiting", "accepted", "rejected", "recalled", "expired"}
