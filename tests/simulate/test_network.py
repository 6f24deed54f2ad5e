"""The address space is invented, whole, and free of overlaps; one range is true."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import ip_address, ip_network
from random import Random

from vedette.simulate.network import CLASSES, Network, references
from vedette.simulate.places import places


class TestReferences:
    def test_ranges_do_not_overlap(self) -> None:
        for version in (4, 6):
            spans = sorted(
                (int(ip_address(each.start)), int(ip_address(each.end)))
                for each in references()
                if ip_address(each.start).version == version
            )
            assert all(first <= last for first, last in spans)
            assert all(last < start for (_, last), (start, _) in zip(spans, spans[1:], strict=False))

    def test_only_one_range_is_true(self) -> None:
        reserved = (ip_network("240.0.0.0/4"), ip_network("2001:db8::/32"))
        true = [each for each in references() if not any(ip_address(each.start) in net for net in reserved)]

        assert [(each.start, each.end, each.country) for each in true] == [("175.45.176.0", "175.45.179.255", "KP")]

    def test_every_country_has_every_class(self) -> None:
        found = {(each.country, each.klass) for each in references() if "." in each.start}

        assert {(each.country, klass) for each in places() for klass in CLASSES} <= found
        assert len(places()) >= 60


class TestNetwork:
    def test_addresses_lie_in_their_block_and_come_once(self) -> None:
        network = Network(Random(1))
        blocks: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for each in references():
            if "." in each.start:
                blocks[each.country, each.klass].append((int(ip_address(each.start)), int(ip_address(each.end))))
        drawn = [(land, klass, network.address(land, klass)) for land in ("US", "PL") for klass in CLASSES * 20]

        assert len({address for _, _, address in drawn}) == len(drawn)
        for land, klass, address in drawn:
            assert any(first <= int(ip_address(address)) <= last for first, last in blocks[land, klass])

    def test_neighbours_share_a_24(self) -> None:
        found = Network(Random(1)).neighbours("US", "vpn", 8)

        assert len(set(found)) == 8
        assert len({address.rsplit(".", 1)[0] for address in found}) == 1

    def test_leaks_lie_in_the_true_range(self) -> None:
        network = Network(Random(1))

        assert all(ip_address(network.leak()) in ip_network("175.45.176.0/22") for _ in range(200))
