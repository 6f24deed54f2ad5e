"""Hostile and odd publication files: bombs, giants, wrong encodings, mixed line ends, broken records among sound ones."""

from __future__ import annotations

import io
import json

import pytest

from tests.observatory.publications import line
from vedette.observatory import ObservatoryError, Work
from vedette.observatory.model import Refused
from vedette.observatory.reading import address_of, codes_of, doi_of, plain, title_of, year_of
from vedette.observatory.reading.words import RecordFault
from vedette.observatory.source import parser_of, recognise


def read(source: str, data: bytes | str) -> list[Work | Refused]:
    raw = data.encode() if isinstance(data, str) else data
    return list(parser_of(source).parse("made", io.BufferedReader(io.BytesIO(raw))))


def works(source: str, data: bytes | str) -> list[Work]:
    return [item for item in read(source, data) if isinstance(item, Work)]


PUBMED = "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>{}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + PUBMED.format(1, "&b;")
FOREIGN = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + PUBMED.format(1, "&f;")


class TestXml:
    @pytest.mark.parametrize(
        ("source", "text"), [("pubmed", BOMB), ("pubmed", FOREIGN), ("dblp", BOMB), ("dblp", FOREIGN)]
    )
    def test_entities_of_a_file_are_never_expanded_nor_fetched(self, source: str, text: str) -> None:
        with pytest.raises(ObservatoryError, match="never expanded"):
            read(source, text)

    def test_a_truncated_file_is_refused_whole_with_its_line(self) -> None:
        with pytest.raises(ObservatoryError, match="cut short or no XML") as fault:
            read("pubmed", PUBMED.format(1, "A title")[:-30])
        assert fault.value.place.line == 1

    def test_unknown_entities_of_dblp_are_refused_and_known_ones_read(self) -> None:
        text = '<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><article key="a"><title>T&uuml;r {}</title></article></dblp>'
        assert works("dblp", text.format(""))[0].title == "Tür"
        with pytest.raises(ObservatoryError):
            read("dblp", text.format("&nosuch;"))

    def test_a_title_of_forty_megabytes_is_refused_and_the_next_record_read(self) -> None:
        head, tail = PUBMED.format(1, "@").split("@")
        inner = tail.replace("</PubmedArticleSet>", "") + PUBMED.format(2, "Sound").replace("<PubmedArticleSet>", "")
        found = read("pubmed", head.encode() + b"x" * (40 * 2**20) + inner.encode())
        assert [type(item) for item in found] == [Refused, Work]

    def test_a_number_that_is_none_is_refused_by_field(self) -> None:
        (found,) = read("pubmed", PUBMED.format("abc", "T"))
        assert isinstance(found, Refused) and found.field == "PMID" and found.remedy


class TestJson:
    def test_a_broken_line_is_refused_with_its_number_and_kept_and_the_others_read(self) -> None:
        text = (
            json.dumps(line(1)) + '\n{"id": "https://openalex.org/W2", "title": [1]}\n\n{"id"\n' + json.dumps(line(3))
        )
        found = read("openalex", text)
        assert [item.line for item in found] == [1, 2, 4, 5]
        refused = [item for item in found if isinstance(item, Refused)]
        assert [item.line for item in refused] == [2, 4] and refused[0].raw.startswith('{"id"')

    def test_a_line_of_forty_megabytes_is_refused_and_the_next_read(self) -> None:
        giant = json.dumps(line(1, title="x" * (40 * 2**20)))
        found = read("openalex", json.dumps(line(0)) + "\n" + giant + "\n" + json.dumps(line(2)))
        assert [type(item) for item in found] == [Work, Refused, Work]

    def test_a_title_longer_than_any_is_refused_by_field(self) -> None:
        found = read("openalex", json.dumps(line(1, title="x" * 50_000)))[0]
        assert isinstance(found, Refused) and found.field == "title"

    def test_a_page_cut_short_is_refused_whole(self) -> None:
        page = json.dumps({"meta": {}, "results": [line(1), line(2)]}, indent=1)
        with pytest.raises(ObservatoryError, match="cut short"):
            read("openalex", page[:-40])

    def test_deep_nesting_is_refused(self) -> None:
        found = read("openalex", json.dumps(line(0)) + "\n" + "[" * 100_000)
        assert isinstance(found[1], Refused)

    @pytest.mark.parametrize("places", [[-1], [10**9], [2**62]])
    def test_an_inverted_index_with_impossible_places_costs_nothing(self, places: list[int]) -> None:
        found = works("openalex", json.dumps(line(1, abstract_inverted_index={"word": places, "first": [0]})))
        assert found[0].abstract == "first"

    def test_older_and_looser_forms_are_read(self) -> None:
        old = line(
            1,
            publication_year="2015",
            keywords=["plain"],
            title=None,
            authorships=[
                {"raw_affiliation_string": "Univ A"},
                {"affiliations": [{"raw_affiliation_string": "Univ B"}]},
            ],
        )
        (found,) = works("openalex", json.dumps(old))
        assert found.year == 2015 and found.keywords == ("plain",)
        assert [author.affiliations for author in found.authors] == [("Univ A",), ("Univ B",)]

    def test_a_foreign_id_is_refused(self) -> None:
        found = read("openalex", json.dumps(line(1, id="https://example.org/W1")))
        assert isinstance(found[0], Refused)

    def test_crossref_without_doi_is_refused_by_field(self) -> None:
        found = read("crossref", json.dumps({"DOI": "none", "title": ["T"], "issued": {}}))
        assert isinstance(found[0], Refused) and found[0].field == "DOI"


WOS = "PT\tAU\tTI\tPY\tC1\n"


class TestTables:
    def test_utf_16_with_its_mark_is_read(self) -> None:
        text = WOS + "J\tOne, I\tAn invented title\t2001\tKim Il Sung Univ, Pyongyang, North Korea\n"
        (found,) = works("wos", text.encode("utf-16"))
        assert found.authors[0].affiliations == ("Kim Il Sung Univ, Pyongyang, North Korea",)

    def test_bytes_that_are_no_utf_8_refuse_the_file(self) -> None:
        data = (WOS + "J\tOne, I\tTitle\t2001\t").encode() + b"\xff\xfe\xff\n"
        with pytest.raises(ObservatoryError, match="not UTF-8"):
            read("wos", data)

    def test_mixed_line_ends_are_one_kind(self) -> None:
        text = (
            WOS.replace("\n", "\r\n")
            + "J\tOne, I\tFirst\t2001\t\nJ\tTwo, I\tSecond\t2002\t\r\nJ\tX, I\tThird\t2003\t\r"
        )
        assert [work.title for work in works("wos", text)] == ["First", "Second", "Third"]

    def test_an_open_quote_does_not_swallow_the_file_silently(self) -> None:
        text = 'Authors,Title,Year,EID\nA,Sound,2001,e1\nB,"open,2002,e2\nC,Third,2003,e3\n'
        found = read("scopus", text)
        assert isinstance(found[0], Work)
        assert len(found) == 2 and isinstance(found[1], Refused)

    def test_more_cells_than_headings_are_refused_with_the_line(self) -> None:
        found = read("scopus", "Authors,Title,Year,EID\nA,T,2001,e1,surplus\n")[0]
        assert isinstance(found, Refused) and found.line == 2

    @pytest.mark.parametrize(("year", "sound"), [("2001", True), ("", False), ("next", False), ("99999", False)])
    def test_a_year_is_a_year(self, year: str, sound: bool) -> None:
        found = read("scopus", f"Authors,Title,Year,EID\nA,T,{year},e1\n")[0]
        assert isinstance(found, Work) is sound

    def test_a_nul_and_formulas_are_only_text(self) -> None:
        found = works("scopus", "Authors,Title,Year,EID\n=cmd(),T\x00x,2001,e1\n")
        assert found[0].title == "T x" and found[0].authors[0].name == "=cmd()"

    def test_authors_of_scopus_keep_their_own_addresses(self) -> None:
        heading = "Authors,Title,Year,EID,Affiliations,Authors with affiliations\n"
        row = '"Kim C.; Ri S.",T,2001,e1,"Univ A, Pyongyang, North Korea; Univ B, Dalian, China","Kim C., Univ A, Pyongyang, North Korea; Ri S., Univ B, Dalian, China"\n'
        (found,) = works("scopus", heading + row)
        assert [a.affiliations for a in found.authors] == [
            ("Univ A, Pyongyang, North Korea",),
            ("Univ B, Dalian, China",),
        ]


class TestTagged:
    HEAD = "FN Clarivate Analytics Web of Science\nVR 1.0\n"

    def test_continued_lines_and_records(self) -> None:
        text = self.HEAD + "PT J\nAU One, I\nTI An invented\n   title\nPY 2001\nER\n\nPT J\nTI Open\nPY 2002\n"
        found = read("wos", text)
        assert isinstance(found[0], Work) and found[0].title == "An invented title"
        assert isinstance(found[1], Refused) and "cut short" in found[1].reason and found[1].line == 10

    def test_a_record_inside_another_is_refused(self) -> None:
        found = read("wos", self.HEAD + "PT J\nTI Open\nPT J\nTI Sound\nPY 2001\nER\nEF\n")
        assert [type(item) for item in found] == [Refused, Work]


class TestRis:
    def test_a_record_that_does_not_end_is_refused_and_the_next_read(self) -> None:
        text = "TY  - JOUR\nTI  - Open record without an end\nTY  - JOUR\nTI  - Sound\nPY  - 2001\nER  - \n"
        found = read("ris", text)
        assert [type(item) for item in found] == [Refused, Work] and found[0].line == 1

    def test_a_file_cut_short_tells_so(self) -> None:
        found = read("ris", "TY  - JOUR\nTI  - Cut")
        assert isinstance(found[0], Refused) and "cut short" in found[0].reason

    def test_a_record_of_nothing_is_refused(self) -> None:
        assert isinstance(read("ris", "TY  - JOUR\nER  - \n")[0], Refused)


class TestBibtex:
    def test_an_entry_that_is_not_closed_is_refused(self) -> None:
        found = read("bibtex", "@article{a, title={Sound}, year=2001}\n@article{b, title={Open")
        assert [type(item) for item in found] == [Work, Refused] and found[1].line == 2

    @pytest.mark.parametrize(
        "title", ['{\\"U}ber', "\\alpha {", "\\" * 200, "$x^{2}$ and $", "\\newcommand{\\x}{\\x\\x}\\x"]
    )
    def test_odd_tex_is_read_or_kept_and_never_raises(self, title: str) -> None:
        assert read("bibtex", '@article{a, title = "' + title.replace('"', "{") + '", year = 2001}')

    def test_bytes_of_another_code_page_refuse_the_file(self) -> None:
        with pytest.raises(ObservatoryError, match="not UTF-8"):
            read("bibtex", b"@article{a, title={\xe9t\xe9}, year=2001}")


class TestKorean:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
    def test_code_pages_are_recognised(self, encoding: str) -> None:
        data = "논문명,저자명,소속기관,발행연도\n가나다 연구,저자가,김책공업종합대학,2015\n".encode(encoding)
        assert parser_of("kci").recognise("list.csv", data)
        (found,) = works("kci", data)
        assert found.title == "가나다 연구" and found.authors[0].affiliations == ("김책공업종합대학",)


class TestRecognition:
    @pytest.mark.parametrize(
        ("source", "head"),
        [
            ("bibtex", "\nScopus\nEXPORT DATE: 01 March 2026\n\n@ARTICLE{One2022, author={One}}"),
            ("ris", "Provider: Invented\r\nDatabase: Invented\r\n\r\nTY  - JOUR\r\n"),
            ("openalex", '{"id": "W12", "publication_year": 2020, "authorships": []}'),
            ("wos", "FN Clarivate Analytics Web of Science\r\nVR 1.0\r\nPT J\r\n"),
            ("crossref", '{"status":"ok","message-type":"work-list","message":{"items":[]}}'),
        ],
    )
    def test_beginnings_as_services_write_them(self, source: str, head: str) -> None:
        assert recognise("made", head.encode()) == (source,)

    @pytest.mark.parametrize(
        "head", ["", "hello", "name;value\n1;2\n", '{"a": 1}', "<html></html>", "an@example.org (x)"]
    )
    def test_anything_else_is_nobody_s(self, head: str) -> None:
        assert recognise("made", head.encode()) == ()


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("https://doi.org/10.5555/ABC.1.", "10.5555/abc.1"),
            ("doi:10.1000/x(1)2", "10.1000/x(1)2"),
            ("10.12/x", ""),
            (None, ""),
            ("11.5555/abc", ""),
        ],
    )
    def test_dois(self, text: object, expected: str) -> None:
        assert doi_of(text) == expected

    @pytest.mark.parametrize(("text", "year"), [("2016 Nov-Dec", 2016), ("12016", 0), (1899, 1899), (3, 0), ("", 0)])
    def test_years(self, text: object, year: int) -> None:
        assert year_of(text) == year

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("<p>H<sub>2</sub>O &amp; ice</p>", "H2O & ice"),
            ("a < b and c > d", "a < b and c > d"),
            ("&lt;script&gt;x&lt;/script&gt;", "x"),
            ("a\x00b\nc\t d", "a b c d"),
            (7, ""),
        ],
    )
    def test_texts_become_plain(self, text: object, expected: str) -> None:
        assert plain(text) == expected

    def test_addresses_lose_the_local_part_of_an_e_mail(self) -> None:
        assert address_of("Univ X, one.two@x.example.") == "Univ X, [address]@x.example."
        assert address_of("Electronic address: one@x.example") == ""

    def test_codes_are_two_letters(self) -> None:
        assert codes_of(["kp", "KP", "KOR", None, "한국", "c1"]) == ("KP",)

    def test_a_giant_title_is_a_fault(self) -> None:
        with pytest.raises(RecordFault):
            title_of("x" * 6_000)
