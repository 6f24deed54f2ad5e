"""What is particular to the European, British, Canadian, Japanese, trade.gov and Senzing sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.watchlists.conftest import SOURCES
from vedette.watchlists import ListError, Listing, read, source
from vedette.watchlists.reading import Piece, Reading
from vedette.watchlists.source import Duty, parser_of, sources


def parsed(source_id: str, data: bytes | str) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return parser_of(source_id).parse({"primary": Piece("list", raw)})


def sample(source_id: str, form: str = "") -> bytes:
    folder = SOURCES / source_id / (f"forms/{form}" if form else "")
    (path,) = folder.glob("sample.*")
    return path.read_bytes()


def listings(path: Path) -> dict[str, Listing]:
    (found,) = read([path])
    return {entry.entity_id: entry for entry in found.reading.listings}


class TestRefused:
    @pytest.mark.parametrize(
        ("source_id", "old", "new", "problem"),
        [
            ("eu_fsf_consolidated", b'euReferenceNumber="" logicalId="102"', b"", "lacks its number"),
            ("eu_fsf_consolidated", b'euReferenceNumber=""', b'euReferenceNumber="EU.9001.1"', "stands twice"),
            ("eu_fsf_consolidated", b'wholeName="Sample Trading Corporation"', b"", "has no name"),
            ("eu_fsf_consolidated", b"<export ", b"<!DOCTYPE export><export ", "document type"),
            ("gb_fcdo_sanctions", b"<UniqueID>RUS9002</UniqueID>", b"", "lacks its unique id"),
            ("gb_fcdo_sanctions", b"<Name6>SAMPLE STAR</Name6>", b"", "DPR9003 has no name"),
            ("gb_ofsi_conlist", b"13002", b"", "lacks its Group ID"),
            ("gb_ofsi_conlist", b"SAMPLE TRADING CORPORATION", b"", "group 13002 has no name"),
            ("gb_ofsi_conlist", b",DOB,", b",DOBX,", "lacks the columns DOB"),
            ("us_trade_csl", b"bbbb2", b"aaaa1", "stands twice"),
            ("us_trade_csl", b"SAMPLE STAR", b"", "lacks its id, source or name"),
            ("jp_meti_eul", b"North Korea", b"Nowhere at all", "a country that is known"),
            ("jp_meti_eul", b"2,China,Sample Institute of Technology,,C", b"2,China", "has 2 columns, not 5"),
            (
                "ca_ised_research",
                b"Sample Naval Institute,,Russia",
                b"Sample University of Defence (SUD),,China",
                "twice",
            ),
            ("ca_ised_research", b"Sample Naval Institute", b"", "lacks its name"),
            ("xx_any_senzing", b'"RECORD_ID": "S-2"', b'"RECORD_ID": "S-1"', "stands twice"),
            ("xx_any_senzing", b'"RECORD_ID": "S-2",', b"", "lacks its RECORD_ID"),
            ("xx_any_senzing", b'"NAME_FULL": "Sample Star", ', b"", "record 3 has no name"),
        ],
    )
    def test_with_the_reason(self, source_id: str, old: bytes, new: bytes, problem: str) -> None:
        whole = sample(source_id)
        assert old in whole
        with pytest.raises(ListError, match=problem):
            parsed(source_id, whole.replace(old, new, 1))

    @pytest.mark.parametrize("value", [{}, {"results": 3}, {"results": ["x"]}, {"results": [{"id": "1"}]}])
    def test_other_json_than_the_screening_lists(self, value: object) -> None:
        with pytest.raises(ListError, match="results|lacks its id"):
            parsed("us_trade_csl", json.dumps(value))


class TestForms:
    def test_both_british_forms_give_the_same_parties(self) -> None:
        xml = listings(SOURCES / "gb_fcdo_sanctions" / "sample.xml")
        csv = listings(SOURCES / "gb_fcdo_sanctions" / "forms" / "csv" / "sample.csv")
        for number, entry in xml.items():
            other = csv[number]
            assert (entry.party.names, entry.party.birth_dates) == (other.party.names, other.party.birth_dates)
            assert (entry.programmes, entry.dprk, entry.listed_on) == (other.programmes, other.dprk, other.listed_on)

    def test_an_entry_of_the_screening_list_names_its_member_list_first(self) -> None:
        entries = parsed("us_trade_csl", sample("us_trade_csl")).listings
        assert [entry.programmes[0].partition(" (")[2][:3] for entry in entries] == ["SDN", "EL)", "SDN"]

    def test_a_regulation_and_not_a_country_makes_a_dprk_entry(self) -> None:
        entries = listings(SOURCES / "gb_fcdo_sanctions" / "sample.xml")
        assert {number: entry.dprk for number, entry in entries.items()} == {
            "DPR9001": True,
            "RUS9002": False,
            "DPR9003": True,
        }

    def test_new_words_are_counted_not_guessed(self) -> None:
        odd = sample("gb_fcdo_sanctions").replace(b">Entity<", b">Spacecraft<")
        assert parsed("gb_fcdo_sanctions", odd).ignored == {
            "designation type 'Spacecraft' is new and read as unknown": 1
        }
        odd = sample("eu_fsf_consolidated").replace(b'code="enterprise"', b'code="robot"')
        assert parsed("eu_fsf_consolidated", odd).ignored["subject type 'robot' is new and read as unknown"] == 1

    def test_a_document_known_to_be_false_identifies_nobody(self) -> None:
        found = parsed("eu_fsf_consolidated", sample("eu_fsf_consolidated"))
        assert "00000000" not in repr(found.listings)
        assert found.ignored == {"documents known to be false": 1}

    def test_senzing_records_of_several_origins_are_named_so(self) -> None:
        mixed = sample("xx_any_senzing").replace(b"SAMPLE_LIST", b"OTHER", 1)
        found = parsed("xx_any_senzing", mixed)
        assert found.list_id == "senzing_mixed" and "--as" in found.notes[0]

    def test_deeply_nested_senzing_records_end(self) -> None:
        deep = '{"DATA_SOURCE":"S","RECORD_ID":"1","NAME_FULL":"Sample","A":' + "[{" * 50 + "}]" * 50 + "}"
        deep = deep.replace("[{", '[{"A":').replace('"A":}', "}")
        assert len(parsed("xx_any_senzing", deep).listings) == 1


class TestDuties:
    def test_every_source_has_one_and_the_sentence_agrees(self) -> None:
        assert {item.duty for item in sources()} == set(Duty)
        assert source("us_ofac_sdn").duty is Duty.BLOCK
        assert source("us_bis_entity_list").duty is Duty.LICENCE
        assert source("us_dow_1260h").duty is Duty.INFORM
        assert source("ca_ised_research").duty is Duty.PROHIBIT_COLLABORATION
        for item in sources():
            assert (
                item.duty is not Duty.BLOCK
                or "block" in item.obligation
                or "fund" in item.obligation
                or ("freeze" in item.obligation or "deals in no property" in item.obligation)
            )

    def test_download_addresses_stand_at_the_publishers(self) -> None:
        hosts = {item.id: {file.host for file in item.download} for item in sources() if item.download}
        assert hosts == {
            "ca_gac_sema": {"www.international.gc.ca"},
            "gb_fcdo_sanctions": {"sanctionslist.fcdo.gov.uk"},
            "un_sc_consolidated": {"scsanctions.un.org"},
            "us_ofac_cons": {"sanctionslistservice.ofac.treas.gov"},
            "us_ofac_sdn": {"sanctionslistservice.ofac.treas.gov"},
            "us_trade_csl": {"data.trade.gov"},
        }
