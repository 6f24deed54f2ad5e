"""Weights are read strictly; what ships is in order."""

from __future__ import annotations

from pathlib import Path

import pytest

import vedette.linking
from vedette.base import ContentError
from vedette.linking import weights
from vedette.linking.observe import _TOKENS
from vedette.linking.read import generic_values, read_weights

TEXT = (Path(vedette.linking.__file__).parent / "weights.yml").read_text(encoding="utf-8")


class TestShipped:
    def test_addresses_of_the_network_never_make_candidates(self) -> None:
        kinds = weights().by_name
        assert not any(kinds[name].generates for name in ("ip", "ip_prefix", "burst"))

    @pytest.mark.parametrize(("kind", "cap"), [("device", 20), ("key", 20), ("instrument", 50), ("phone", 20)])
    def test_hard_stops(self, kind: str, cap: int) -> None:
        assert weights().by_name[kind].most_holders == cap

    def test_nothing_about_birthplace_nationality_or_tongue_weighs(self) -> None:
        assert not {"nationality", "birthplace", "language", "locale", "id_document_country", "country"} & set(
            weights().by_name
        )

    def test_every_kind_says_why(self) -> None:
        assert all(len(kind.why) > 20 for kind in weights().kinds)

    def test_generic_values_are_of_known_kinds_and_stand_once(self) -> None:
        rows = generic_values()
        assert len(rows) == len(set(rows))
        assert {kind for kind, _ in rows} <= set(weights().by_name)
        assert set(_TOKENS) <= set(weights().by_name)


class TestStrict:
    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("m: 0.8\n", "m: 1.8\n", "share between 0 and 1"),
            ("explained_by: [kin, reseller, employer]", "explained_by: [friend]", "unknown explanation"),
            ("generates: true", "generate: true", "unknown key 'generate'"),
            ("  - kind: ip\n", "  - kind: device\n", "already taken"),
            ("related: 0.0", "related: 7.0", "must need less"),
            ("mates: 0.25", "mate: 0.25", "missing key 'mates'"),
            ("version: 1", "version: one", "whole number"),
        ],
    )
    def test_refuses(self, old: str, new: str, problem: str) -> None:
        assert old in TEXT
        with pytest.raises(ContentError, match=problem):
            read_weights(TEXT.replace(old, new, 1), "weights.yml")

    def test_any_change_changes_the_digest(self) -> None:
        assert read_weights(TEXT + "\n# x\n", "weights.yml").digest != weights().digest
