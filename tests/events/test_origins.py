"""One spelling for each address; what is none becomes a name and is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.origins import Origins, address


class TestAddress:
    @pytest.mark.parametrize(
        ("text", "settled"),
        [
            ("192.0.2.1", "192.0.2.1"),
            (" 192.0.2.1 ", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("::FFFF:C000:0201", "192.0.2.1"),
            ("2001:0DB8:0:0::1", "2001:db8::1"),
            ("192.0.2.1:51234", "192.0.2.1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[::ffff:192.0.2.1]", "192.0.2.1"),
            ("10.0.0.1", "10.0.0.1"),
            ("127.0.0.1", "127.0.0.1"),
            ("0.0.0.0", "0.0.0.0"),
        ],
    )
    def test_private_and_mapped_addresses_are_addresses(self, text: str, settled: str) -> None:
        assert address(text) == settled

    @pytest.mark.parametrize(
        "text",
        [
            "999.1.1.1",
            "192.0.2.01",
            "192.0.2",
            "1.2.3.4, 5.6.7.8",
            "fe80::1%eth0",
            "host",
            "::g",
            "9" * 500,
            "1.2.3.4\0",
        ],
    )
    def test_what_is_none_is_none(self, text: str) -> None:
        assert address(text) is None

    @given(st.ip_addresses())
    def test_every_address_settles_once_and_for_all(self, ip: object) -> None:
        settled = address(str(ip))
        assert settled is not None
        assert address(settled) == settled

    @given(st.text(max_size=80))
    def test_any_text_is_an_address_or_none(self, text: str) -> None:
        assert address(text) is None or address(text)


class TestOrigins:
    def test_what_is_no_address_becomes_the_name_where_there_is_none(self) -> None:
        ips, names = Origins().columns(
            ["192.0.2.1", "AWS Internal", "bogus", None, "::ffff:192.0.2.1"], [None, None, "gateway", "svc", None]
        )
        assert list(ips) == ["192.0.2.1", None, None, None, "192.0.2.1"]
        assert list(names) == [None, "AWS Internal", "gateway", "svc", None]

    def test_columns_without_faults_stay_as_they_are(self) -> None:
        names = [None, "x"]
        assert Origins().columns(["192.0.2.1", None], names) == (["192.0.2.1", None], names)
