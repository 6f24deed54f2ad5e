"""The fairness lint: nobody is weighed by birth, look, sex or tongue, nor by a country that a rule chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import SQL, rule
from vedette.base import Place
from vedette.detections import lint


class TestColumns:
    @pytest.mark.parametrize(
        "name", ["locale", "nationality", "name_native", "name_native_token", "id_document_country", "v_gender"]
    )
    def test_forbidden_columns_are_refused_wherever_they_stand(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(lint.ForbiddenFeature) as caught:
            rule(tmp_path, SQL.replace("outcome = 'failure'", f"{name} = 'x'"))
        assert caught.value.place.line == 3

    def test_an_alias_or_a_need_is_no_way_around(self, tmp_path: Path) -> None:
        with pytest.raises(lint.ForbiddenFeature):
            rule(tmp_path / "a", SQL.replace("AS v_countries", "AS v_ethnicity"))
        with pytest.raises(lint.ForbiddenFeature):
            rule(tmp_path / "b", needs="[accounts.id_document_country]")

    def test_ordinary_columns_pass(self) -> None:
        lint.check_columns([("country", Place()), ("birth_date_token", Place()), ("timezone_offset_minutes", Place())])


class TestLiterals:
    def test_no_rule_names_a_country(self, tmp_path: Path) -> None:
        with pytest.raises(lint.ForbiddenFeature, match="written into the rule"):
            rule(tmp_path, SQL.replace("outcome = 'failure'", "ip_country = 'CN'"))

    def test_other_words_pass(self) -> None:
        lint.check_literals([("vpn", Place()), ("success", Place()), ("GetObject", Place())])


class TestTexts:
    @pytest.mark.parametrize(
        "text",
        [
            "speaks another language",
            "an accent",
            "their Nationality",
            "ethnically",
            "born in",
            "a foreign-sounding name",
            "race",
            "Citizenship",
        ],
    )
    def test_reasons_must_not_lean_on_them(self, text: str) -> None:
        with pytest.raises(lint.ForbiddenFeature):
            lint.check_texts([("why", text, Place("f", 1, "why"))])

    @pytest.mark.parametrize(
        "text", ["The address is in North Korean address space", "traced", "two names differ", "the declared country"]
    )
    def test_places_and_differences_may_be_named(self, text: str) -> None:
        assert list(lint.forbidden_words(text)) == []
