"""Lists brought up to date from their addresses: what is loaded, what stays, and what is asked next time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from tests.watchlists.conftest import PRINCIPAL, SOURCES, Loader, sdn_row
from tests.watchlists.server import Page, Publisher, publisher
from vedette.audit.store import leaves
from vedette.base import FixedClock
from vedette.store import Store
from vedette.watchlists import ListError, LoadResult, Outcome, current, entries, refresh
from vedette.watchlists.fetch import Limits
from vedette.watchlists.refresh import chosen
from vedette.watchlists.source import Download, Source, source, sources

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(60)]
DAY_1, DAY_2 = "Sun, 01 Mar 2026 10:00:00 GMT", "Mon, 02 Mar 2026 10:00:00 GMT"
Refresher = Callable[..., LoadResult]


def lenient(name: str, **changes: int) -> Source:
    return replace(source(name), expected_min=1, **changes)  # type: ignore[arg-type]  # numbers only


@pytest.fixture
def site(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """OFAC's server in small: a handful of entries passes for a whole SDN list."""
    monkeypatch.setattr(import_module("vedette.watchlists.load"), "source", lenient)
    with publisher() as running:
        yield running


@pytest.fixture
def bring(site: Publisher, store: Store, clock: FixedClock) -> Refresher:
    """Refresh the SDN list from the small server."""

    def brought(*roles: str, **options: object) -> LoadResult:
        declared = sdn(site, roles or ("primary",))
        (result,) = refresh(store, PRINCIPAL, [declared], clock=clock, **options)  # type: ignore[arg-type]
        return result

    return brought


def sdn(site: Publisher, roles: tuple[str, ...] = ("primary",)) -> Source:
    return replace(
        source("us_ofac_sdn"), download=tuple(Download(role, f"{site.address}/{role}.csv") for role in roles)
    )


def page(text: str, version: str, day: str = DAY_1) -> Page:
    return Page(text.encode() + b"\x1a", headers={"ETag": f'"{version}"', "Last-Modified": day})


def people(numbers: range) -> str:
    return "".join(sdn_row(number, f"SAMPLE, Person {number}") for number in numbers)


def written(store: Store) -> int:
    with store.database.reading() as connection:
        return len(list(leaves(connection)))


class TestRefresh:
    def test_a_fetched_list_is_in_force_and_dated_by_its_server(
        self, site: Publisher, bring: Refresher, store: Store
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        result = bring()
        assert (result.outcome, result.problem) == (Outcome.LOADED, "")
        (version,) = current(store)
        assert (version.published, version.entries) == (date(2026, 3, 1), 10)
        assert list(store.workspace.scratch.iterdir()) == []

    def test_an_unchanged_list_is_asked_for_conditionally_and_not_loaded_again(
        self, site: Publisher, bring: Refresher, store: Store
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        bring()
        before = written(store)
        result = bring()
        assert result.outcome is Outcome.UNCHANGED
        assert "not changed at its address" in result.notes[0]
        assert site.asked[1][1]["If-None-Match"] == '"v1"'
        assert written(store) == before

    def test_a_changed_file_joins_the_unchanged_ones_out_of_the_archive(
        self, site: Publisher, bring: Refresher, store: Store
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        site.pages["/alt.csv"] = page('1,2,"aka","SAMPLE UNO",-0- \r\n', "a1")
        bring("primary", "alt")
        site.pages["/primary.csv"] = page(people(range(1, 11)), "v2", DAY_2)
        result = bring("primary", "alt")
        assert result.outcome is Outcome.LOADED and result.delta is not None
        assert (result.delta.added, result.delta.removed, result.delta.changed) == (("10",), ("0",), ())
        (version,) = current(store)
        assert [name.text for name in entries(store, version)[0].party.names] == ["SAMPLE, Person 1", "SAMPLE UNO"]

    def test_a_newer_reading_of_unchanged_bytes_is_loaded_from_the_archive(
        self, site: Publisher, bring: Refresher, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        bring()
        monkeypatch.setattr(import_module("vedette.watchlists.load"), "source", partial(lenient, revision=99))
        (result,) = refresh(store, PRINCIPAL, [replace(sdn(site), revision=99)], clock=clock)
        assert result.outcome is Outcome.LOADED
        assert site.asked[-1][1]["If-None-Match"] == '"v1"'

    def test_a_file_lost_from_the_archive_is_asked_for_anew(
        self, site: Publisher, bring: Refresher, store: Store
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        bring()
        for blob in store.workspace.archive.rglob("*.gz"):
            blob.unlink()
        assert bring().outcome is Outcome.UNCHANGED
        assert "If-None-Match" not in site.asked[-1][1]

    def test_an_answer_without_length_is_noted(self, site: Publisher, bring: Refresher) -> None:
        site.pages["/primary.csv"] = Page(people(range(10)).encode() + b"\x1a", untold=True)
        assert "primary: the server gave no length, so a cut shows in the content only" in bring().notes


class TestTheOldVersionStays:
    @pytest.mark.parametrize(
        ("bad", "problem"),
        [
            (Page(people(range(9)).encode(), length=49_999), "cut short"),
            (Page(b"<!DOCTYPE html><html>", kind="text/html"), "not a data file"),
            (Page(b"<!DOCTYPE html><html>"), "web page"),
            (Page(b""), "is empty"),
            (Page(b"x" * 60_000), "larger than"),
            (Page(people(range(10)).encode(), drip=0.05), "longer than"),
            (Page(people(range(3)).encode() + b"\x1a"), "a loss of"),
            (Page((SOURCES / "un_sc_consolidated" / "sample.xml").read_bytes()), "is not the primary file"),
            (Page(status=503), "status 503"),
        ],
    )
    def test_whatever_comes_instead(
        self, site: Publisher, bring: Refresher, store: Store, bad: Page, problem: str
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        bring()
        before = current(store)
        bad.headers.setdefault("ETag", '"bad"')
        site.pages["/primary.csv"] = bad
        result = bring(limits=Limits(total=1.5, max_bytes=50_000))
        assert result.outcome is Outcome.REFUSED
        assert problem in result.problem and result.remedy
        assert current(store) == before
        assert list(store.workspace.scratch.iterdir()) == []
        site.asked.clear()
        bring(limits=Limits(total=1.5))
        assert site.asked[0][1]["If-None-Match"] == '"v1"', "a refused file must not be taken for a known one"

    def test_one_failing_file_refuses_its_list_and_no_other(
        self, site: Publisher, store: Store, clock: FixedClock
    ) -> None:
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        site.pages["/un"] = Page((SOURCES / "un_sc_consolidated" / "sample.xml").read_bytes(), kind="text/xml")
        un = replace(source("un_sc_consolidated"), download=(Download("primary", f"{site.address}/un"),))
        results = refresh(store, PRINCIPAL, [sdn(site, ("primary", "alt")), un], clock=clock)
        assert [result.outcome for result in results] == [Outcome.REFUSED, Outcome.LOADED]
        assert "status 404" in results[0].problem
        assert [version.list_id for version in current(store)] == ["un_sc_consolidated"]

    def test_a_newer_list_loaded_by_hand_stays(
        self, site: Publisher, bring: Refresher, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        (tmp_path / "sdn_2026-03-05.csv").write_bytes(people(range(12)).encode() + b"\x1a")
        take(tmp_path / "sdn_2026-03-05.csv")
        site.pages["/primary.csv"] = page(people(range(10)), "v1")
        assert bring().outcome is Outcome.KEPT
        assert current(store)[0].entries == 12
        assert "kept, not in force" in bring().notes[0]

    def test_a_source_without_an_address_says_why(self, store: Store, clock: FixedClock) -> None:
        (result,) = refresh(store, PRINCIPAL, [source("xx_any_ftm")], clock=clock)
        assert result.outcome is Outcome.REFUSED
        assert "has no address to fetch from: Anybody may publish this form" in result.problem


class TestChosen:
    def test_all_are_those_with_an_address(self) -> None:
        assert chosen((), every=True) == tuple(item for item in sources() if item.download)
        assert "us_ofac_sdn" in {item.id for item in chosen((), every=True)}

    def test_named_ones_come_in_their_order_and_once(self) -> None:
        names = [item.id for item in chosen(["us_ofac_sdn", "ca_gac_sema", "us_ofac_sdn"])]
        assert names == ["us_ofac_sdn", "ca_gac_sema"]

    def test_an_unknown_name_is_refused(self) -> None:
        with pytest.raises(ListError, match="is no list source"):
            chosen(["nobody"])
