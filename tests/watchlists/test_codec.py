"""Listings as bytes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind
from vedette.watchlists.codec import decode_lines, encode_lines, pack, unpack
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError

TEXT = st.text(max_size=12)
PARTIES = st.builds(
    Party,
    id=TEXT,
    kind=st.sampled_from(PartyKind),
    names=st.lists(st.builds(Name, TEXT, st.sampled_from(NameQuality)), max_size=3).map(tuple),
    addresses=st.lists(st.builds(Address, TEXT, TEXT), max_size=2).map(tuple),
    identifiers=st.lists(st.builds(Identifier, TEXT, TEXT, TEXT), max_size=2).map(tuple),
)
LISTINGS = st.builds(
    Listing,
    entity_id=TEXT,
    party=PARTIES,
    programmes=st.lists(TEXT, max_size=2).map(tuple),
    dprk=st.booleans(),
    listed_on=st.none() | st.dates(min_value=date(1900, 1, 1)),
    remarks=TEXT,
)


class TestLines:
    @given(st.lists(LISTINGS, max_size=4).map(tuple))
    def test_nothing_is_lost_on_the_way_to_disk_and_back(self, listings: tuple[Listing, ...]) -> None:
        assert decode_lines(encode_lines(listings)) == listings

    def test_the_same_listings_give_the_same_bytes(self) -> None:
        one = Listing(entity_id="a", party=Party(id="a", names=(Name("김정은"),)))
        assert encode_lines([one]) == encode_lines([one])
        assert encode_lines([one]).count(b"\n") == 1


class TestPack:
    @given(st.binary(max_size=200))
    def test_a_packed_blob_opens_under_its_hash_only(self, data: bytes) -> None:
        content_hash, packed = pack(data)
        assert unpack(packed, content_hash, "x") == data
        with pytest.raises(ListError, match="does not match"):
            unpack(packed, "0" * 64, "x")

    def test_an_altered_blob_is_refused(self) -> None:
        content_hash, packed = pack(b"name\n" * 100)
        for position in (15, len(packed) // 2, len(packed) - 3):
            broken = bytearray(packed)
            broken[position] ^= 0x55
            with pytest.raises(ListError):
                unpack(bytes(broken), content_hash, "x")
        with pytest.raises(ListError, match="unpacked"):
            unpack(packed[:-4], content_hash, "x")
