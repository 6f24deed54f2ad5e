"""What all lists together say of an address."""

from __future__ import annotations

import pytest

from vedette.events.references.builtin import dprk_range, dprk_ranges, expiry_step
from vedette.events.references.compile import compile_list
from vedette.events.references.lookup import Lookup
from vedette.events.references.model import Compiled
from vedette.events.references.read import read_content
from vedette.events.references.unpack import Content
from vedette.events.store.lists import dprk_status

DAY = "2026-10-01"


def lists(*files: tuple[str, str, str]) -> tuple[Compiled, ...]:
    return tuple(
        compile_list(item) for name, text, kind in files for item in read_content(Content(name, text.encode()), kind)
    )


COUNTRIES = (
    "geo.csv",
    "20.0.0.0,20.0.255.255,US\n20.0.5.0,20.0.5.255,DE\n175.45.176.0,175.45.179.255,KP\n30.0.0.0,30.0.0.9,KP\n",
    "",
)
SYSTEMS = ("asn.csv", "20.0.0.0,20.0.255.255,64500,Big\n20.0.5.0,20.0.5.255,64501,Small\n", "")
VPN = ("vpn.txt", "20.0.5.7/32\n", "")
HOSTS = ("datacenter_ASN.txt", "AS64501\n", "")


def ask(ip: str | None, *files: tuple[str, str, str], on: str = DAY) -> tuple[object, ...]:
    found = Lookup("v", on, lists(*files)).find([ip])
    return (found.country[0], found.asn[0], found.as_org[0], found.ip_class[0], found.dprk[0])


class TestLookup:
    @pytest.mark.parametrize(
        ("ip", "expected"),
        [
            ("20.0.9.9", ("US", 64500, "Big", "unlisted", None)),
            ("20.0.5.9", ("DE", 64501, "Small", "hosting", None)),
            ("20.0.5.7", ("DE", 64501, "Small", "vpn", None)),
            ("99.9.9.9", (None, None, None, "unlisted", None)),
            ("10.1.2.3", (None, None, None, "private", None)),
            ("100.64.9.9", (None, None, None, "cgnat", None)),
            ("30.0.0.5", ("KP", None, None, "unlisted", "registry_only")),
            ("175.45.177.1", ("KP", None, None, "unlisted", "current")),
            ("210.52.109.1", (None, None, None, "unlisted", "historic")),
            ("no address", (None, None, None, "unknown", None)),
            (None, (None, None, None, "unknown", None)),
        ],
    )
    def test_the_narrowest_range_and_the_most_telling_class_win(self, ip: str | None, expected: object) -> None:
        assert ask(ip, COUNTRIES, SYSTEMS, VPN, HOSTS) == expected

    def test_without_a_list_of_classes_the_class_is_unknown(self) -> None:
        assert ask("20.0.9.9", COUNTRIES)[3] == "unknown"
        assert ask("10.0.0.1")[3] == "private"

    def test_between_equal_ranges_the_later_list_wins(self) -> None:
        newer = ("new.csv", "20.0.0.0,20.0.255.255,CA\n", "")
        assert ask("20.0.9.9", COUNTRIES, newer)[0] == "CA"
        assert ask("20.0.5.9", COUNTRIES, newer)[0] == "DE"

    def test_invented_space_is_located_by_its_own_list(self) -> None:
        assert ask("240.1.2.3", ("demo.csv", "240.0.0.0,240.255.255.255,SE\n", ""))[0] == "SE"


class TestDprk:
    @pytest.mark.parametrize(
        ("ip", "on", "status"),
        [
            ("175.45.176.0", "", "current"),
            ("175.45.179.255", DAY, "current"),
            ("175.45.180.0", DAY, None),
            ("175.45.175.255", DAY, None),
            ("::ffff:175.45.176.9", DAY, "current"),
            ("77.94.35.9", DAY, "historic"),
            ("188.43.33.250", DAY, "historic"),
            ("188.43.33.250", "2026-11-22", None),
            ("188.43.33.252", DAY, None),
            ("nonsense", DAY, None),
        ],
    )
    def test_only_the_allocation_is_current_and_reports_expire(self, ip: str, on: str, status: str | None) -> None:
        assert dprk_status(ip, on=on) == status
        if on:
            assert ask(ip, on=on)[4] == status

    def test_a_country_list_alone_is_registry_only(self) -> None:
        assert dprk_status("30.0.0.5", lookup=Lookup("v", DAY, lists(COUNTRIES))) == "registry_only"

    def test_every_range_carries_source_caveat_and_citation(self) -> None:
        assert [item.cidr for item in dprk_ranges() if item.status == "current"] == ["175.45.176.0/22"]
        assert all(item.source and item.caveat and item.citation for item in dprk_ranges())
        found = dprk_range("210.52.109.7")
        assert found is not None
        assert "Chinese carrier" in found.label

    def test_days_between_expiries_are_alike(self) -> None:
        assert expiry_step("2026-11-21") == ""
        assert expiry_step("2026-11-22") == expiry_step("2027-01-01") == "2026-11-21"
