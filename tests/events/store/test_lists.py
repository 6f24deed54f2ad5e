"""Range lists in a workspace: loading, replacing, expiring, and the version that is kept with each event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import JOB
from vedette import audit
from vedette.base import FixedClock
from vedette.events.references import builtin
from vedette.events.references.builtin import Package
from vedette.events.references.cache import cache_folder, package_file
from vedette.events.references.model import RangeListError
from vedette.events.store import lists
from vedette.store import Store

Write = Callable[[str, str], Path]
GEO = "20.0.0.0,20.0.0.255,US\n"


class TestLoad:
    def test_a_list_is_in_force_once_loaded_and_leaves_a_trace(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        (loaded,) = lists.load(place, JOB, [written("geo.csv", GEO)], clock=clock)
        assert (loaded.name, loaded.kind, loaded.rows, loaded.expires) == ("geo", "country", 1, "")
        assert lists.lookup(place, clock).find(["20.0.0.9"]).country[0] == "US"
        assert list(audit.verify(place).problems) == []

    def test_the_same_name_is_replaced_another_is_added(self, place: Store, clock: FixedClock, written: Write) -> None:
        lists.load(place, JOB, [written("geo.csv", GEO)], clock=clock)
        clock.advance(timedelta(days=1))
        lists.load(
            place,
            JOB,
            [written("geo.csv", "20.0.0.0,20.0.0.255,CA\n"), written("more.csv", "30.0.0.0,30.0.0.9,DE\n")],
            clock=clock,
        )
        assert len(lists.status(place)) == 2
        assert lists.lookup(place, clock).find(["20.0.0.9", "30.0.0.9"]).country.tolist() == ["CA", "DE"]

    def test_a_bad_file_among_good_ones_changes_nothing(self, place: Store, clock: FixedClock, written: Write) -> None:
        with pytest.raises(RangeListError):
            lists.load(place, JOB, [written("geo.csv", GEO), written("vpn.txt", "nonsense\n")], clock=clock)
        assert lists.status(place) == ()

    @pytest.mark.parametrize(
        ("name", "data"), [("a.parquet", b"hello"), ("README.md", b"hello"), ("a.csv.gz", b"hello")]
    )
    def test_files_that_are_no_lists_are_refused(
        self, place: Store, clock: FixedClock, tmp_path: Path, name: str, data: bytes
    ) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(RangeListError):
            lists.load(place, JOB, [path], clock=clock)

    def test_a_missing_file_is_refused(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        with pytest.raises(RangeListError, match="cannot be read"):
            lists.load(place, JOB, [tmp_path / "none.csv"], clock=clock)


class TestExpiry:
    def test_class_lists_are_believed_for_ninety_days(self, place: Store, clock: FixedClock, written: Write) -> None:
        lists.load(place, JOB, [written("vpn.txt", "20.0.0.1/32\n")], clock=clock)
        before = lists.lookup(place, clock)
        clock.advance(timedelta(days=90))
        assert lists.lookup(place, clock).find(["20.0.0.1"]).ip_class[0] == "vpn"
        clock.advance(timedelta(days=1))
        after = lists.lookup(place, clock)
        assert after.find(["20.0.0.1"]).ip_class[0] == "unknown"
        assert before.version != after.version

    def test_another_span_may_be_told(self, place: Store, clock: FixedClock, written: Write) -> None:
        (loaded,) = lists.load(place, JOB, [written("geo.csv", GEO)], clock=clock, expires_days=7)
        assert loaded.expires == "2026-03-08"


class TestFeedsOfOnesOwn:
    """A provider's own list of VPN exits and proxies, with a day of expiry for each range."""

    FEED = "cidr,class,expires\n20.0.0.0/24,vpn,2026-03-10\n30.0.0.0/24,hosting,2026-04-10\n40.0.0.7,tor,\n"

    def classes(self, place: Store, clock: FixedClock) -> list[object]:
        found: list[object] = lists.lookup(place, clock).find(["20.0.0.9", "30.0.0.9", "40.0.0.7"]).ip_class.tolist()
        return found

    def test_each_range_stops_counting_after_its_day(self, place: Store, clock: FixedClock, written: Write) -> None:
        lists.load(place, JOB, [written("exits.csv", self.FEED)], clock=clock)
        assert self.classes(place, clock) == ["vpn", "hosting", "tor"]
        clock.advance(timedelta(days=9))
        assert self.classes(place, clock) == ["vpn", "hosting", "tor"]
        clock.advance(timedelta(days=1))
        assert self.classes(place, clock) == ["unlisted", "hosting", "tor"]
        clock.advance(timedelta(days=31))
        assert self.classes(place, clock) == ["unlisted", "unlisted", "tor"]
        clock.advance(timedelta(days=60))
        assert self.classes(place, clock) == ["unknown"] * 3

    def test_a_range_that_expired_before_it_came_never_counts(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        lists.load(place, JOB, [written("exits.csv", self.FEED.replace("2026-03-10", "2026-02-01"))], clock=clock)
        assert self.classes(place, clock) == ["unlisted", "hosting", "tor"]

    def test_a_newer_feed_replaces_all_parts_of_the_older(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        lists.load(place, JOB, [written("exits.csv", self.FEED)], clock=clock)
        lists.load(place, JOB, [written("other.csv", "cidr,class\n50.0.0.0/24,vpn\n")], clock=clock)
        newer = "cidr,class,expires\n30.0.0.0/24,vpn,2026-03-20\n"
        lists.load(place, JOB, [written("exits.csv", newer)], clock=clock)
        assert self.classes(place, clock) == ["unlisted", "vpn", "unlisted"]
        assert sorted(item.name for item in lists.status(place)) == ["exits until 2026-03-20", "other"]
        assert list(audit.verify(place).problems) == []

    def test_no_range_is_believed_longer_than_a_list_of_classes(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        feed = "cidr,class,valid_until\n20.0.0.0/24,vpn,2031-01-01\n"
        (loaded,) = lists.load(place, JOB, [written("exits.csv", feed)], clock=clock)
        assert loaded.expires == "2026-05-30"

    def test_a_day_that_cannot_be_read_refuses_the_list_with_its_line(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        path = written("exits.csv", self.FEED.replace("2026-04-10", "next month"))
        with pytest.raises(RangeListError, match="'next month' is no day") as caught:
            lists.load(place, JOB, [path], clock=clock)
        assert caught.value.place is not None and caught.value.place.line == 3
        assert lists.status(place) == ()

    @pytest.mark.parametrize(("name", "kind"), [("my-proxies.txt", "vpn"), ("exits.netset", "tor")])
    def test_a_plain_text_takes_class_and_expiry_from_the_command(
        self, place: Store, clock: FixedClock, written: Write, name: str, kind: str
    ) -> None:
        lists.load(place, JOB, [written(name, "20.0.0.0/24\n# gone\n")], clock=clock, kind=kind, expires_days=3)
        assert self.classes(place, clock)[0] == kind
        clock.advance(timedelta(days=4))
        assert self.classes(place, clock)[0] == "unknown"


class TestVersion:
    def test_it_names_a_manifest_from_which_the_lookup_can_be_repeated(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        (loaded,) = lists.load(place, JOB, [written("geo.csv", GEO)], clock=clock)
        version = lists.lookup(place, clock).version
        manifest = json.loads(place.archive.get(version))
        assert manifest["lists"] == [["geo", "country", loaded.content_hash]]
        assert place.archive.has(loaded.content_hash)
        assert place.archive.has(manifest["curated"])

    def test_it_is_the_same_on_the_next_day(self, place: Store, clock: FixedClock, written: Write) -> None:
        lists.load(place, JOB, [written("geo.csv", GEO)], clock=clock)
        first = lists.lookup(place, clock).version
        clock.advance(timedelta(days=1))
        assert lists.lookup(place, clock).version == first


class TestEnsure:
    @pytest.fixture
    def cached(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A cache with one whole package, named and pinned as in the content."""
        import base64
        import hashlib

        from tests.events.references.test_unpack import tar

        data = tar({"package/geo-ipv4.csv": GEO.encode(), "package/README.md": b"x"})
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        package = Package("@example/geo", "1.2.3", integrity, "CC0-1.0", "by Example")
        for module in (builtin, lists):
            monkeypatch.setattr(module, "packages", lambda: (package,))
        target = package_file(tmp_path, package)
        target.parent.mkdir()
        target.write_bytes(data)
        return tmp_path

    def test_a_workspace_without_countries_takes_the_cached_lists_once(
        self, place: Store, clock: FixedClock, cached: Path
    ) -> None:
        (loaded,) = lists.ensure(place, JOB, clock=clock, cache=cached)
        assert (loaded.name, loaded.version, loaded.attribution) == ("geo-ipv4", "1.2.3", "by Example")
        assert lists.ensure(place, JOB, clock=clock, cache=cached) == ()

    def test_an_altered_package_is_not_used(self, place: Store, clock: FixedClock, cached: Path) -> None:
        (path,) = (cached / "references").iterdir()
        path.write_bytes(path.read_bytes() + b"x")
        assert lists.ensure(place, JOB, clock=clock, cache=cached) == ()

    def test_without_a_cache_nothing_happens(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        assert lists.ensure(place, JOB, clock=clock, cache=None) == ()
        assert lists.ensure(place, JOB, clock=clock, cache=tmp_path) == ()

    def test_the_cache_is_where_the_user_says(self, tmp_path: Path) -> None:
        assert cache_folder({"VEDETTE_CACHE": "/c"}, tmp_path) == Path("/c")
        assert cache_folder({"XDG_CACHE_HOME": "/x"}, tmp_path) == Path("/x/vedette")
        assert cache_folder({}, tmp_path) == tmp_path / ".cache" / "vedette"


@pytest.mark.shared_data
class TestRealLists:
    @pytest.mark.slow
    def test_country_network_and_class_lists_load_and_answer(
        self, place: Store, clock: FixedClock, shared_data: Path
    ) -> None:
        folder = shared_data / "events" / "iplists"
        names = ("geo_country_ipv4.parquet", "geo_country_ipv6.csv.gz", "asn_ipv4.parquet", "x4b_misp.tar.gz")
        loaded = lists.load(place, JOB, [folder / name for name in names], clock=clock)
        assert {item.kind.value for item in loaded} == {"country", "asn", "class", "asn_class"}
        found = lists.lookup(place, clock).find(["175.45.176.9", "8.8.8.8", "2001:4860:4860::8888"])
        assert found.country.tolist() == ["KP", "US", "US"]
        assert found.dprk.tolist() == ["current", None, None]
        assert found.ip_class[1] == "hosting"
