"""From addresses to numbers: who publishes with whom, what stays open, what is new, and what searches would have found."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import JOB
from tests.observatory.publications import BERLIN, JILIN, KISU, KOREA, KUT, SEOUL, line, written
from vedette import audit
from vedette.base import FixedClock
from vedette.observatory import results
from vedette.observatory.build import build
from vedette.observatory.intake import import_files
from vedette.observatory.model import PartnerEdge, YearCount
from vedette.observatory.resolve import resolve_new
from vedette.observatory.search import of_corpus
from vedette.observatory.window import Window
from vedette.store import Store

CORPUS = [
    line(1, KISU, publication_year=2018),
    line(2, KISU, JILIN, publication_year=2018),
    line(3, KISU, KUT, JILIN, publication_year=2020),
    line(4, KUT, BERLIN, publication_year=2020),
    line(5, KISU, KOREA, publication_year=2020),
    line(
        6,
        SEOUL,
        JILIN,
        publication_year=2020,
        authorships=[{"countries": ["KP"], "raw_affiliation_strings": [SEOUL]}, {"raw_affiliation_strings": [JILIN]}],
    ),
    line(7, publication_year=2020),
]


@pytest.fixture
def built(ws: Store, clock: FixedClock, tmp_path: Path) -> Store:
    import_files(ws, JOB, [written(tmp_path / "a.jsonl", CORPUS)], clock=clock)
    build(ws, JOB, clock=clock)
    return ws


class TestResults:
    def test_years_tell_alone_shared_and_open(self, built: Store) -> None:
        assert results.yearly(built) == (
            YearCount(year=2018, works=2, domestic_only=1, with_partner=1),
            YearCount(year=2020, works=3, domestic_only=0, with_partner=2),
        )
        assert results.yearly(built)[1].undetermined == 1

    def test_partners_have_first_and_last_year(self, built: Store) -> None:
        found = {item.country: (item.works, item.first, item.last) for item in results.partners(built)}
        assert found == {"CN": (2, 2018, 2020), "DE": (1, 2020, 2020)}

    def test_a_code_that_a_source_claims_counts_for_nothing(self, built: Store) -> None:
        assert not any("openalex:W6" in work.sources for work in results.works(built))
        assert [item.works for item in results.partners(built, Window(country="KR"))] == [1]

    def test_institutions_count_works_once(self, built: Store) -> None:
        found = {item.id: (item.works, item.years) for item in results.institutions(built)}
        assert found == {"kp:kisu": (4, (2018, 2020)), "kp:kcut": (2, (2020,))}

    def test_networks_of_countries_and_institutions(self, built: Store) -> None:
        assert results.network(built) == (PartnerEdge(a="CN", b="KP", works=2), PartnerEdge(a="DE", b="KP", works=1))
        names = [(edge.a, edge.b) for edge in results.network(built, level="institution")]
        assert names == [("Kim Chaek University of Technology", "Kim Il Sung University")]

    def test_ranks_share_places(self, built: Store) -> None:
        found = [(item.rank, item.country, item.works) for item in results.ranks(built)]
        assert found == [(1, "KP", 5), (2, "CN", 3), (3, "DE", 1), (3, "KR", 1)]

    def test_a_window_of_years(self, built: Store) -> None:
        assert [item.year for item in results.yearly(built, Window(begin=2019))] == [2020]
        assert [work.year for work in results.works(built, Window(end=2018))] == [2018, 2018]

    def test_before_the_first_build_there_is_nothing(self, ws: Store) -> None:
        assert results.yearly(ws) == () and list(results.works(ws)) == [] and results.ranks(ws) == ()


class TestBuild:
    def test_every_string_is_resolved_once(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        import_files(ws, JOB, [written(tmp_path / "a.jsonl", CORPUS)], clock=clock)
        assert resolve_new(ws, JOB, clock=clock) == 6
        assert resolve_new(ws, JOB, clock=clock) == 0
        counts = build(ws, JOB, clock=clock)
        assert (counts.resolved, counts.works, counts.ambiguous) == (0, 7, 1)

    @pytest.mark.slow
    @pytest.mark.timeout(120)
    def test_processes_of_their_own_answer_the_same(
        self, built: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = results.partners(built)
        monkeypatch.setattr("vedette.institutions.crew._ALONE", 0)
        monkeypatch.setattr("vedette.institutions.crew._PIECE", 2)
        monkeypatch.setattr("vedette.observatory.resolve._versions", lambda _store, _desk: "others")
        assert resolve_new(built, JOB, clock=clock) == 6
        build(built, JOB, clock=clock)
        assert results.partners(built) == before

    def test_building_again_replaces_and_the_log_stays_whole(self, built: Store, clock: FixedClock) -> None:
        first = results.partners(built)
        build(built, JOB, clock=clock)
        assert results.partners(built) == first and audit.verify(built).holds

    def test_what_is_new_since(self, built: Store, clock: FixedClock, tmp_path: Path) -> None:
        clock.advance(timedelta(days=30))
        month = clock.now()
        more = written(tmp_path / "b.jsonl", [*CORPUS, line(8, KISU, publication_year=1999)])
        import_files(built, JOB, [more], clock=clock)
        build(built, JOB, clock=clock)
        assert [work.year for work in results.works(built, Window(since=month))] == [1999]

    def test_a_newer_version_of_an_old_work_is_not_new(self, built: Store, clock: FixedClock, tmp_path: Path) -> None:
        clock.advance(timedelta(days=30))
        changed = line(1, KISU, publication_year=2018, abstract_inverted_index={"told": [0]})
        import_files(built, JOB, [written(tmp_path / "b.jsonl", [changed])], clock=clock)
        build(built, JOB, clock=clock)
        assert list(results.works(built, Window(since=clock.now()))) == []
        assert "told" in {work.abstract for work in results.works(built)}

    def test_records_of_one_work_are_merged_with_their_sources(
        self, built: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        text = (
            f"@article{{k, title={{Another title of it}}, doi={{10.5555/made.1}}, year=2018, affiliations={{{JILIN}}}}}"
        )
        path = tmp_path / "c.bib"
        path.write_text(text)
        import_files(built, JOB, [path], clock=clock)
        build(built, JOB, clock=clock)
        work = next(item for item in results.works(built) if item.doi == "10.5555/made.1")
        assert work.sources == ("bibtex:10.5555/made.1", "openalex:W1") and work.countries == ("CN", "KP")
        assert work.title.startswith("An invented study")

    def test_swapping_the_names_of_authors_moves_no_number(
        self, ws: Store, clock: FixedClock, tmp_path: Path, place: Path
    ) -> None:
        swapped = [line(1, KISU), line(2, SEOUL), line(3, KOREA)]
        for item, name in zip(swapped, ("Kim Chol Su", "Jane Smith", "김철수"), strict=True):
            item["authorships"][0]["author"]["display_name"] = name
        import_files(ws, JOB, [written(tmp_path / "a.jsonl", swapped)], clock=clock)
        build(ws, JOB, clock=clock)
        before = (results.yearly(ws), results.ranks(ws))
        for item, name in zip(swapped, ("Jane Smith", "김철수", "Kim Chol Su"), strict=True):
            item["authorships"][0]["author"]["display_name"] = name
        import_files(ws, JOB, [written(tmp_path / "b.jsonl", swapped)], clock=clock)
        build(ws, JOB, clock=clock)
        assert (results.yearly(ws), results.ranks(ws)) == before


class TestRecallOfTheCorpus:
    def test_strategies_find_what_their_terms_stand_in(self, built: Store) -> None:
        found = of_corpus(built, "KP")
        assert found.union == 5 and found.found["country"] == 5 and found.found["city"] == 5
        assert found.found["claimed"] == 0 and found.found["postcode"] == 0
        assert any("'claimed' found nothing" in doubt for doubt in found.doubts)
