"""Range lists in every form they are published in, and what is refused."""

from __future__ import annotations

import json

import pytest

from vedette.events.references.compile import compile_list
from vedette.events.references.model import Kind, RangeListError, RangeRows, ReadList
from vedette.events.references.read import class_of, read_content, system_label
from vedette.events.references.unpack import Content


def read(name: str, text: str, kind: str = "") -> list[ReadList]:
    return read_content(Content(name, text.encode()), kind)


def flat(lists: list[ReadList]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (item.kind.value, list(zip(item.rows.starts, item.rows.ends, item.rows.labels, strict=True))) for item in lists
    ]


class TestForms:
    @pytest.mark.parametrize(
        ("name", "text", "kind", "expected"),
        [
            ("geo.csv", "1.0.0.0,1.0.0.255,au\n", "", [("country", [("1.0.0.0", "1.0.0.255", "AU")])]),
            ("geo.csv", "16777216,16777471,AU\n", "", [("country", [("1.0.0.0", "1.0.0.255", "AU")])]),
            (
                "asn.csv",
                '1.0.0.0,1.0.0.255,13335,"Example, Inc."\n',
                "",
                [("asn", [("1.0.0.0", "1.0.0.255", "13335\tExample, Inc.")])],
            ),
            ("my-vpn.csv", "start,end\n1.0.0.0,1.0.0.9\n", "", [("class", [("1.0.0.0", "1.0.0.9", "vpn")])]),
            (
                "list.txt",
                "# note\n1.0.0.0/24 # x\n\n2001:db8::/126\n",
                "tor",
                [("class", [("1.0.0.0", "1.0.0.255", "tor"), ("2001:db8::", "2001:db8::3", "tor")])],
            ),
            (
                "input_datacenter_ASN.txt",
                "AS9009 # someone\nas1 # else\n",
                "",
                [("asn_class", [("9009", "9009", "hosting"), ("1", "1", "hosting")])],
            ),
            (
                "amazon-aws.json",
                json.dumps({"list": ["1.0.0.0/31"], "version": 7}),
                "",
                [("class", [("1.0.0.0", "1.0.0.1", "hosting")])],
            ),
            (
                "vpn-ipv4.json",
                json.dumps({"list": ["1.0.0.0/32"]}),
                "",
                [("class", [("1.0.0.0", "1.0.0.0", "hosting")])],
            ),
        ],
    )
    def test_each_form_gives_its_rows(self, name: str, text: str, kind: str, expected: object) -> None:
        assert flat(read(name, text, kind)) == expected

    def test_a_table_may_tell_country_network_and_class_at_once(self) -> None:
        text = "start,end,country,asn,as_name,class\n240.0.0.0,240.0.0.9,US,4200000000,Hearth,residential\n"
        assert [item.kind for item in read("references.csv", text)] == [Kind.COUNTRY, Kind.ASN, Kind.CLASS]

    @pytest.mark.parametrize("name", ["README.md", "package.json", "geo-num.csv", "LICENSE"])
    def test_files_beside_a_list_are_left_alone(self, name: str) -> None:
        assert read(name, "1.0.0.0,1.0.0.255,AU\n") == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "text", "kind", "reason"),
        [
            ("mystery.txt", "1.0.0.0/24\n", "", "does not say what its ranges are"),
            ("mystery.txt", "1.0.0.0/24\n", "pirates", "does not fit"),
            ("vpn.txt", "# nothing\n", "", "holds no ranges"),
            ("vpn.json", "{", "", "is not JSON"),
            ("vpn.json", "[" * 100_000, "", "is not JSON"),
            ("vpn.json", "[1]", "", "no MISP warning list"),
            ("a.csv", "1,2,3,4,5\n", "", "no header"),
            ("a.csv", "start,stop,country\n1,2,US\n", "", "no columns start and end"),
        ],
    )
    def test_the_reason_is_told(self, name: str, text: str, kind: str, reason: str) -> None:
        with pytest.raises(RangeListError, match=reason):
            read(name, text, kind)

    def test_a_list_of_nonsense_is_refused_whole(self) -> None:
        with pytest.raises(RangeListError, match="2 of 2 rows are no ranges"):
            compile_list(read("vpn.txt", "hello\n1.0.0.0/99\n")[0])

    def test_one_bad_row_in_a_thousand_is_counted_and_left_out(self) -> None:
        rows = RangeRows()
        for number in range(999):
            rows.add(f"1.0.{number // 250}.{number % 250}", f"1.0.{number // 250}.{number % 250}", "vpn")
        rows.add("9.9.9.9", "1.1.1.1", "vpn")
        compiled = compile_list(ReadList("t", Kind.CLASS, rows))
        assert (compiled.rows, compiled.refused) == (999, 1)

    @pytest.mark.parametrize("number", ["0", "x", "-5", "4294967296", "٣", ""])
    def test_what_is_no_as_number_has_no_label(self, number: str) -> None:
        assert system_label(number, "who") == ""

    def test_a_private_relay_is_not_called_a_vpn(self) -> None:
        assert class_of("icloud-private-relay", "", "f") == "relay"
