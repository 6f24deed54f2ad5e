"""Importing Sigma files: folders that pass their own examples, whose rule it is, and what is refused with which reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.detections.sigma.made import correlation, sigma, text
from vedette import detections
from vedette.detections.read import read_rule
from vedette.detections.sigma import Brought, RefusedSigma, bring

SELECT = {"sel": {"eventName": ["DeleteTrail", "StopLogging"]}, "condition": "sel"}


def brought(tmp_path: Path, *rules: dict[str, Any], name: str = "rules.yml") -> tuple[Brought, ...]:
    file = tmp_path / name
    file.write_text(text(*rules), "utf-8")
    return bring([file], tmp_path / "into", check=detections.trial)


class TestBrought:
    @pytest.mark.parametrize(
        "detection",
        [
            SELECT,
            {"sel": {"eventName|contains": "Key", "userAgent|startswith": "aws-cli"}, "condition": "sel"},
            {
                "sel": {"eventName": "GetObject"},
                "f": {"sourceIPAddress|cidr": "10.0.0.0/8"},
                "condition": "sel and not f",
            },
            {"sel": {"eventName|contains|all": ["Put", "Policy"]}, "condition": "sel"},
            {"a": {"eventSource": "iam.amazonaws.com"}, "b": {"errorCode": None}, "condition": "a and b"},
            {"a": {"errorCode|exists": True}, "condition": "a"},
            {"sel": {"eventName|cased": "ConsoleLogin"}, "condition": "sel"},
            {"sel": [{"eventName": "A*"}, {"awsRegion": "?s-east-1"}], "condition": "sel"},
            {"sel": {"sourceIPAddress": "cloudformation.internal"}, "condition": "sel"},
        ],
    )
    def test_a_rule_becomes_a_folder_that_passes_its_own_examples(
        self, tmp_path: Path, detection: dict[str, Any]
    ) -> None:
        (item,) = brought(tmp_path, sigma(detection))
        assert item.reason == ""
        made = read_rule(Path(item.folder))
        assert detections.trial(made) == ()

    @pytest.mark.parametrize("kind", ["event_count", "value_count", "temporal", "temporal_ordered"])
    def test_correlations_keep_their_span(self, tmp_path: Path, kind: str) -> None:
        rules = [
            sigma(SELECT, title="First", name="first", id="4b1c2d3e-0000-4000-8000-000000000001"),
            sigma(
                {"s": {"eventName": "PutKeyPolicy"}, "condition": "s"},
                title="Second",
                name="second",
                id="4b1c2d3e-0000-4000-8000-000000000002",
            ),
        ]
        counted = {"event_count": {"gte": 4}, "value_count": {"gte": 3, "field": "awsRegion"}}
        more = {"condition": counted[kind]} if kind in counted else {}
        names = ["first"] if kind in counted else ["first", "second"]
        found = brought(tmp_path, *rules, correlation(kind, names, **more))
        joined = next(item for item in found if item.title.startswith("Correlated"))
        assert joined.reason == ""
        made = read_rule(Path(joined.folder))
        assert "300000000" in made.sql
        assert detections.trial(made) == ()
        assert {item.title for item in found} == {"Second", joined.title} if kind in counted else {joined.title}

    def test_author_and_licence_stay_with_the_rule(self, tmp_path: Path) -> None:
        (item,) = brought(tmp_path, sigma(SELECT, references=["https://example.org/x"], date="2025-03-01"))
        made = read_rule(Path(item.folder))
        assert made.origin is not None
        assert (made.origin.author, made.origin.licence, made.origin.status) == (
            "An Author",
            "Example Licence 1.0",
            "imported",
        )
        assert made.origin.id == "4b1c2d3e-0000-4000-8000-00000000000a"
        assert (made.strength.value, made.citation) == ("strong", ())
        assert made.sources == ("https://example.org/x, named by the rule of 2025-03-01",)

    def test_no_imported_rule_stops_anybody(self, tmp_path: Path) -> None:
        (item,) = brought(tmp_path, sigma(SELECT, level="critical"))
        assert read_rule(Path(item.folder)).strength.value == "strong"

    def test_a_second_import_overwrites_nothing(self, tmp_path: Path) -> None:
        brought(tmp_path, sigma(SELECT))
        (again,) = brought(tmp_path, sigma(SELECT))
        (third,) = brought(tmp_path, sigma(SELECT))
        assert Path(again.folder).name.endswith("_4b1c2d3e")
        assert "lies in" in third.reason


class TestRefused:
    @pytest.mark.parametrize(
        ("detection", "words"),
        [
            ({"k": ["a keyword"], "condition": "k"}, "keywords"),
            ({"s": {"eventName|re": "Get.*"}, "condition": "s"}, "regularexpression"),
            ({"s": {"eventName|base64": "x"}, "condition": "s"}, "base64"),
            ({"s": {"eventName|base64offset|contains": "x"}, "condition": "s"}, "base64offset"),
            ({"s": {"eventName|wide|base64": "x"}, "condition": "s"}, "encodings"),
            ({"s": {"eventName|windash": "-x"}, "condition": "s"}, "windash"),
            ({"s": {"requestParameters.name": "x"}, "condition": "s"}, "no column"),
            ({"s": {"errorCode|gt": 5}, "condition": "s"}, "asked by"),
            ({"s": {"sourceIPAddress|cidr": "2001:db8::/32"}, "condition": "s"}, "IPv6"),
            ({"s": {"userAgent|cidr": "10.0.0.0/8"}, "condition": "s"}, "no address"),
            ({"s": {"eventName": ""}, "condition": "s"}, "empty text"),
            ({"s": {"eventName": "ÄB"}, "condition": "s"}, "ASCII"),
            ({"s": {"eventName": "a{b}"}, "condition": "s"}, "braces"),
            ({"s": {"userIdentity.type": "ann@example.org"}, "condition": "s"}, "mail address"),
            ({"s": {"eventSource": "iam"}, "condition": "s"}, "does not end so"),
            ({"s": {"eventSource|contains": "amazonaws"}, "condition": "s"}, "does not end so"),
            ({"s": {"eventName|expand": "%list%"}, "condition": "s"}, "expand"),
            ({"s": {"eventName": "A"}, "condition": "s and not s"}, "no event was found"),
            ({"s": {"eventName": "A"}, "condition": "s or not s"}, "every event"),
            ({"s": {"eventName": "A"}, "condition": "no_such"}, ""),
            ({"s": {"eventName": "A"}}, ""),
            ({"condition": "s"}, ""),
        ],
    )
    def test_what_cannot_be_said_exactly(self, tmp_path: Path, detection: dict[str, Any], words: str) -> None:
        (item,) = brought(tmp_path, sigma(detection))
        assert item.refused and words in item.reason
        assert not any((tmp_path / "into").rglob("rule.yml"))

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ({"product": "windows", "service": "security"}, "no adapter"),
            ({"category": "process_creation", "product": "linux"}, "category"),
        ],
    )
    def test_log_sources_that_nobody_reads(self, tmp_path: Path, source: dict[str, str], words: str) -> None:
        (item,) = brought(tmp_path, sigma(SELECT, logsource=source))
        assert words in item.reason

    @pytest.mark.parametrize(
        ("kind", "more", "words"),
        [
            ("event_count", {"condition": {"lt": 3}}, "few events"),
            ("event_count", {"condition": {"eq": 3}}, "few events"),
            ("event_count", {"condition": {"gte": 3}, "timespan": "1M"}, "no fixed length"),
            ("event_count", {"condition": {"gte": 3}, "group-by": None}, ""),
            ("event_count", {"condition": {"gte": 3}, "group-by": ["requestParameters.x"]}, "no column"),
            ("value_count", {"condition": {"gte": 3}}, ""),
            ("value_sum", {"condition": {"gte": 3, "field": "errorCode"}}, "no exact counterpart"),
            ("temporal", {"condition": "first and not first"}, ""),
        ],
    )
    def test_correlations(self, tmp_path: Path, kind: str, more: dict[str, Any], words: str) -> None:
        found = brought(tmp_path, sigma(SELECT, title="First", name="first"), correlation(kind, ["first"], **more))
        assert any(item.refused and words in item.reason for item in found)
        assert not any("Correlated" in path.read_text() for path in (tmp_path / "into").rglob("rule.yml"))

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\xff\xfe",
            b"- 1",
            b"title: [",
            b"a: &a [*a]",
            b"title: x\n",
            b"!!python/object:os.system {}",
            b"[" * 5000,
            b"x: y\n---\n3",
        ],
    )
    def test_files_that_are_no_rules(self, tmp_path: Path, data: bytes) -> None:
        file = tmp_path / "x.yml"
        file.write_bytes(data)
        assert all(item.refused for item in bring([file], tmp_path / "into"))

    def test_unfair_words_are_refused_as_in_rules_of_our_own(self, tmp_path: Path) -> None:
        (item,) = brought(tmp_path, sigma(SELECT, title="Odd nationality", description="Looks at gender."))
        assert item.refused

    def test_hostile_titles_stay_inside_the_folder(self, tmp_path: Path) -> None:
        (item,) = brought(tmp_path, sigma(SELECT, title="../../../etc/{passwd}\n'; DROP"))
        assert Path(item.folder).parent == tmp_path / "into" / "behaviour"
        assert yaml.safe_load((Path(item.folder) / "rule.yml").read_text())["family"] == "behaviour"

    def test_without_pysigma_it_says_what_to_install(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vedette.detections.sigma.importing.find_spec", lambda _name: None)
        with pytest.raises(RefusedSigma, match="pySigma is not installed"):
            bring([tmp_path], tmp_path)
