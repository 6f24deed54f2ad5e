"""Flattening overlapping ranges, against a slow and plain reference."""

from __future__ import annotations

import ipaddress

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.references.addresses import parse
from vedette.events.references.compile import compile_list, find, from_bytes, to_bytes
from vedette.events.references.model import Kind, RangeRows, ReadList

#: Ranges in a space small enough that they nest, overlap and touch; and the ends of the whole space.
NUMBERS = st.one_of(st.integers(0, 40), st.integers(2**32 - 20, 2**32 - 1))
RANGES = st.lists(st.tuples(NUMBERS, NUMBERS).map(lambda pair: tuple(sorted(pair))), min_size=1, max_size=25)


def slow(ranges: list[tuple[int, int]], number: int) -> str | None:
    """The narrowest range that holds the number, among equals the later."""
    holding = [(last - first, -at) for at, (first, last) in enumerate(ranges) if first <= number <= last]
    return str(-min(holding)[1]) if holding else None


def rows_of(ranges: list[tuple[int, int]], address: type) -> RangeRows:
    rows = RangeRows()
    for at, (first, last) in enumerate(ranges):
        rows.add(str(address(first)), str(address(last)), str(at))
    return rows


class TestFlatten:
    @settings(deadline=None)
    @given(RANGES)
    def test_version_4_gives_what_the_slow_way_gives(self, ranges: list[tuple[int, int]]) -> None:
        compiled = compile_list(ReadList("t", Kind.CLASS, rows_of(ranges, ipaddress.IPv4Address)))
        numbers = [*range(42), *range(2**32 - 22, 2**32)]
        labels, _ = find(compiled, parse([str(ipaddress.IPv4Address(n)) for n in numbers]), len(numbers))
        assert [compiled.labels[at] if at >= 0 else None for at in labels] == [slow(ranges, n) for n in numbers]

    @settings(deadline=None)
    @given(RANGES, st.sampled_from([0, 2**64 - 20, 2**127, 2**128 - 2**32]))
    def test_version_6_gives_what_the_slow_way_gives(self, ranges: list[tuple[int, int]], base: int) -> None:
        moved = [(base + first, base + last) for first, last in ranges]
        # Addresses that carry a version 4 address inside are looked up as version 4: keep out of their space.
        moved = [(first, last) for first, last in moved if not 0xFFFF << 32 <= last < 0x10000 << 32]
        compiled = compile_list(ReadList("t", Kind.CLASS, rows_of(moved, ipaddress.IPv6Address)))
        numbers = [base + n for n in range(42)]
        labels, _ = find(compiled, parse([str(ipaddress.IPv6Address(n)) for n in numbers]), len(numbers))
        assert [compiled.labels[at] if at >= 0 else None for at in labels] == [slow(moved, n) for n in numbers]

    @settings(deadline=None)
    @given(RANGES)
    def test_segments_are_sorted_and_disjoint(self, ranges: list[tuple[int, int]]) -> None:
        segments = compile_list(ReadList("t", Kind.CLASS, rows_of(ranges, ipaddress.IPv4Address))).v4
        assert bool(np.all(segments.starts <= segments.ends))
        assert bool(np.all(segments.starts[1:] > segments.ends[:-1]))


class TestBytes:
    @settings(deadline=None)
    @given(RANGES)
    def test_a_list_survives_the_archive_and_always_has_the_same_bytes(self, ranges: list[tuple[int, int]]) -> None:
        compiled = compile_list(ReadList("t", Kind.CLASS, rows_of(ranges, ipaddress.IPv4Address)))
        data = to_bytes(compiled)
        again = from_bytes(data)
        assert to_bytes(again) == data
        assert again.labels == compiled.labels
        assert again.v4.starts.tolist() == compiled.v4.starts.tolist()
