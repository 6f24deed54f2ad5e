"""Reading addresses, and arithmetic on both families."""

from __future__ import annotations

import ipaddress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.references.addresses import V4, V6, halves, joined, parse, predecessor, successor, width

V4_TEXTS = st.integers(0, 2**32 - 1).map(lambda n: str(ipaddress.IPv4Address(n)))
V6_TEXTS = st.integers(0, 2**128 - 1).map(lambda n: str(ipaddress.IPv6Address(n)))


def packed(number: int) -> bytes:
    return number.to_bytes(16, "big")


class TestParse:
    @settings(deadline=None)
    @given(st.lists(st.one_of(V4_TEXTS, V6_TEXTS, st.text(max_size=20), st.none()), max_size=20))
    def test_agrees_with_the_standard_library(self, texts: list[str | None]) -> None:
        found = parse(texts)
        seen = dict(zip(found.v4_at.tolist(), found.v4.tolist(), strict=True))
        seen.update(
            (at, int.from_bytes(bytes(raw).ljust(16, b"\0"), "big"))
            for at, raw in zip(found.v6_at.tolist(), found.v6, strict=True)
        )
        for at, text in enumerate(texts):
            try:
                address = ipaddress.ip_address(text or "")
            except ValueError:
                assert at not in seen
                continue
            if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
                address = address.ipv4_mapped
            if "%" not in str(address):
                assert seen[at] == int(address)

    @pytest.mark.parametrize(
        "text", ["010.1.1.1", "1.2.3", "1.2.3.4:80", "fe80::1%eth0", " 1.2.3.4", "1.2.3.4\x00", "", "9" * 5000]
    )
    def test_what_is_no_plain_address_is_none(self, text: str) -> None:
        found = parse([text])
        assert len(found.v4) == len(found.v6) == 0

    def test_a_mapped_address_counts_as_version_4(self) -> None:
        assert parse(["::ffff:175.45.176.1"]).v4.tolist() == parse(["175.45.176.1"]).v4.tolist()


class TestArithmetic:
    @settings(deadline=None)
    @given(st.lists(st.integers(0, 2**128 - 1), min_size=1, max_size=10))
    def test_neighbours_of_version_6(self, numbers: list[int]) -> None:
        addresses = np.frombuffer(b"".join(map(packed, numbers)), V6)
        after = [int.from_bytes(bytes(item).ljust(16, b"\0"), "big") for item in successor(addresses)]
        assert after == [(number + 1) % 2**128 for number in numbers]
        assert predecessor(successor(addresses)).tolist() == addresses.tolist()
        assert joined(*halves(addresses)).tolist() == addresses.tolist()

    def test_neighbours_of_version_4_wrap(self) -> None:
        last = np.array([2**32 - 1], V4)
        assert successor(last).tolist() == [0]
        assert predecessor(successor(last)).tolist() == last.tolist()

    @settings(deadline=None)
    @given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
    def test_width_counts_addresses(self, one: int, other: int) -> None:
        low, high = sorted((one, other))
        found = width(np.frombuffer(packed(low), V6), np.frombuffer(packed(high), V6))[0]
        assert found == pytest.approx(high - low + 1, rel=1e-12)
