"""The strict reading of source declarations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vedette.base import ContentError
from vedette.watchlists.source import Download, parser_of, read_source, read_sources, source, sources

GOOD = """\
id: xx_sample_list
title: Sample list
caption: Invented parties.
publisher: Nobody
licence: CC0
address: https://example.org/list
cadence: never
format: CSV
expected_min: 10
expected_max: 20
obligation: None.
duty: none
citation: [OFAC-01]
no_download: Nobody publishes it.
"""
NO = "no_download: Nobody publishes it.\n"
DOWNLOAD = 'download:\n  - {role: primary, url: "https://example.org/list.csv"}\n'


def unit(folder: Path, text: str = GOOD, name: str = "xx_sample_list", without: str = "") -> Path:
    made = folder / name
    made.mkdir()
    for file in {"source.yml", "parse.py", "sample.csv", "expected.jsonl"} - {without}:
        (made / file).write_text(text if file == "source.yml" else "")
    return made


class TestReadSource:
    def test_a_good_declaration_is_read_with_its_defaults(self, tmp_path: Path) -> None:
        read = read_source(unit(tmp_path))
        assert (read.id, read.max_shrink, read.dprk_programmes, read.revision) == ("xx_sample_list", 0.1, (), 1)

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("cadence: never", "cadense: never", "missing key 'cadence'"),
            ("obligation: None.", "obligation: None.\nexpected_minimum: 3", "unknown key 'expected_minimum'"),
            ("licence: CC0\n", "", "missing key 'licence'"),
            ("citation: [OFAC-01]\n", "", "missing key 'citation'"),
            ("[OFAC-01]", "[]", "'citation' is an empty list"),
            ("[OFAC-01]", "[the law]", "citation must hold ids"),
            ("obligation: None.", 'obligation: ""', "'obligation' is empty"),
            ("expected_max: 20", "expected_max: 5", "min <= max"),
            ("expected_min: 10", "expected_min: 0", "min <= max"),
            ("expected_min: 10", 'expected_min: "10"', "'expected_min' must be a whole number"),
            ("cadence: never", "cadence: never\nmax_shrink: 1.5", "max_shrink"),
            ("https://", "http://", "https"),
            ("id: xx_sample_list", "id: xx_other_list", "not the folder's name"),
            ("duty: none", "duty: ban", "'duty' is 'ban'"),
            ("duty: none\n", "", "missing key 'duty'"),
            (NO, "", "declare either download or no_download"),
            (NO, NO + DOWNLOAD, "declare either download or no_download"),
            (NO, DOWNLOAD.replace("https", "http"), "own https:// address"),
            (NO, DOWNLOAD.replace("example.org", "user@example.org"), "own https:// address"),
            (NO, DOWNLOAD.replace("primary", "alt"), "lacks the primary file"),
            (NO, DOWNLOAD + '  - {role: primary, url: "https://example.org/2"}\n', "each role once"),
            (NO, DOWNLOAD.replace("role", "rôle"), "missing key 'role'"),
            (NO, DOWNLOAD + "redirect_hosts: [https://example.org]\n", "must hold host names"),
            (NO, NO + "redirect_hosts: [files.example.org]\n", "redirect_hosts needs download"),
        ],
    )
    def test_a_faulty_one_is_refused_with_file_and_line(self, tmp_path: Path, old: str, new: str, problem: str) -> None:
        with pytest.raises(ContentError, match=problem) as caught:
            read_source(unit(tmp_path, GOOD.replace(old, new)))
        assert caught.value.place.file == "xx_sample_list/source.yml"
        assert caught.value.place.line is not None

    def test_addresses_are_read_with_their_roles_and_hosts(self, tmp_path: Path) -> None:
        read = read_source(unit(tmp_path, GOOD.replace(NO, DOWNLOAD + "redirect_hosts: [files.example.org]\n")))
        assert read.download == (Download("primary", "https://example.org/list.csv"),)
        assert (read.download[0].host, read.redirect_hosts) == ("example.org", ("files.example.org",))

    @pytest.mark.parametrize("without", ["parse.py", "sample.csv", "expected.jsonl", "source.yml"])
    def test_a_missing_file_is_named(self, tmp_path: Path, without: str) -> None:
        with pytest.raises(ContentError, match=without.split(".")[0]):
            read_source(unit(tmp_path, without=without))

    def test_an_id_needs_country_publisher_and_list(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError, match="<cc>_<publisher>_<list>"):
            read_source(unit(tmp_path, GOOD.replace("xx_sample_list", "sample"), "sample"))


class TestReadSources:
    def test_two_sources_may_not_share_a_title(self, tmp_path: Path) -> None:
        unit(tmp_path)
        unit(tmp_path, GOOD.replace("xx_sample_list", "yy_sample_list"), "yy_sample_list")
        with pytest.raises(ContentError, match="already taken"):
            read_sources(tmp_path)

    def test_files_and_private_folders_beside_the_units_are_passed_over(self, tmp_path: Path) -> None:
        unit(tmp_path)
        (tmp_path / "__pycache__").mkdir()
        (tmp_path / "__init__.py").write_text("")
        assert [item.id for item in read_sources(tmp_path)] == ["xx_sample_list"]


class TestIsDprk:
    @pytest.mark.parametrize(
        ("source_id", "tags", "dprk"),
        [
            ("us_ofac_sdn", ("NPWMD", "DPRK2"), True),
            ("us_ofac_sdn", ("DPRK-NKSPEA",), True),
            ("us_ofac_sdn", ("NPWMD",), False),
            ("us_ofac_sdn", ("DPRK5X",), False),
            ("un_sc_consolidated", ("DPRK", "KPi"), True),
            ("un_sc_consolidated", ("DRC", "CDi"), False),
            ("xx_any_ftm", ("EU-PRK",), True),
            ("xx_any_ftm", ("[NPWMD] [DPRK4]",), True),
            ("xx_any_ftm", ("EU-UKR",), False),
            ("us_bis_entity_list", ("EAR 744 Supplement 4",), False),
        ],
    )
    def test_only_declared_programmes_count(self, source_id: str, tags: tuple[str, ...], dprk: bool) -> None:
        assert source(source_id).is_dprk(tags) is dprk


class TestSources:
    def test_they_are_sorted_and_each_has_a_parser(self) -> None:
        ids = [item.id for item in sources()]
        assert ids == sorted(ids)
        assert all(callable(parser_of(one).parse) and callable(parser_of(one).recognise) for one in ids)

    def test_reading_a_list_does_not_change_the_rooms_face(self) -> None:
        """The folder of the sources bears the name of a function of the room; importing a parser must not swap them."""
        code = (
            "from vedette import watchlists\n"
            "from vedette.watchlists.source import parser_of\n"
            "parser_of('us_ofac_sdn')\n"
            "names = [name for name in watchlists.__all__ if name.islower()]\n"
            "assert all(callable(getattr(watchlists, name)) for name in names), names\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
