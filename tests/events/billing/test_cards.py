"""Card numbers are taken out of texts however they are written, and ordinary ids stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.billing.cards import REMOVED, holds_card, without_cards

DIGITS = st.text(alphabet="0123456789", min_size=13, max_size=19)


class TestCards:
    @pytest.mark.parametrize(
        "written",
        [
            "4242424242424242",
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
            "4242.4242.4242.4242",
            "378282246310005",
            "6011 0000 0000 0000 004",
            "x4242_4242_4242_4242y",
        ],
    )
    def test_a_number_is_taken_out(self, written: str) -> None:
        assert holds_card(written)
        assert without_cards(f"card {written}, thanks").count(REMOVED) == 1
        assert "4242" not in without_cards(written)

    @pytest.mark.parametrize(
        "kept", ["ch_3NNv9CDLFJuEW2E70EvQe1Nz", "cus_OAFerBnNHoqxyK", "acc-20260105", "123456789012"]
    )
    def test_an_id_stays(self, kept: str) -> None:
        assert without_cards(kept) == kept

    @given(DIGITS, st.sampled_from(["", " ", "-"]))
    def test_no_run_of_digits_survives(self, digits: str, separator: str) -> None:
        assert not any(letter.isdigit() for letter in without_cards(separator.join(digits)))
