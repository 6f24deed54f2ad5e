"""The languages: Korean holds every text that a page can show, and no page shows a text that goes round the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.console.texts import TEMPLATES, bare, catalogue, wanted
from vedette.doors.pages.catalogue import preferred, translator

_NAMED = re.compile(r"\{[a-z_]+\}")


class TestCatalogue:
    def test_korean_is_complete(self) -> None:
        """A Korean reviewer never meets an English label."""
        assert sorted(wanted() - set(catalogue("ko"))) == []

    def test_nothing_is_left_over(self) -> None:
        assert sorted(set(catalogue("ko")) - wanted()) == []

    def test_every_text_is_written_in_korean(self) -> None:
        same = {"IMO", "LEI"}
        latin = [text for text in catalogue("ko").values() if not re.search("[가-힣]", text) and text not in same]
        assert latin == []

    def test_both_languages_fill_in_the_same_values(self) -> None:
        """A forgotten number in a translation would hide it from its readers."""
        known = catalogue("ko")
        wrong = [text for text in known if sorted(_NAMED.findall(text)) != sorted(_NAMED.findall(known[text]))]
        assert wrong == []

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
    def test_templates_show_only_texts_of_the_catalogue(self, path: Path) -> None:
        assert bare(path) == []


class TestTranslator:
    def test_a_key_reads_as_words_in_english(self) -> None:
        assert translator("en")("tab: audit") == "Audit proofs"

    def test_values_are_filled_in(self) -> None:
        assert translator("ko")("{n} cases", n=3) == "사건 3건"

    def test_an_unknown_text_stays_as_it_is(self) -> None:
        """What a check wrote about a customer is evidence and is shown as recorded."""
        assert translator("ko")("17 sign-ins {odd}") == "17 sign-ins {odd}"

    @pytest.mark.parametrize(
        ("cookie", "accepted", "language"),
        [
            ("ko", "en", "ko"),
            (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
            (None, "fr, ko;q=0.5", "ko"),
            ("xx", "", "en"),
            (None, ";;;,,,", "en"),
        ],
    )
    def test_the_choice_stands_before_the_browser(self, cookie: str | None, accepted: str, language: str) -> None:
        assert preferred(cookie, accepted) == language
