"""The score: 0.7 is the alert, 1.0 is kept for identical forms, more evidence never scores less."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vedette.names.calibration import evidence, korean_score, mandarin_score, words_score
from vedette.names.korean.model import syllable_model
from vedette.names.korean.reading import Reading
from vedette.names.korean.scoring import Agreement

_BITS = st.floats(-9, 12)


def _agreement(family: float, given_bits: tuple[float, ...]) -> Agreement:
    left = right = Reading("lkim", ("ljong", "lun"), 0.0)
    return Agreement(left, right, family + sum(given_bits), family, given_bits, (family, *given_bits))


class TestKoreanScore:
    @given(_BITS, _BITS, _BITS)
    def test_stays_below_one(self, family: float, one: float, two: float) -> None:
        assert 0.0 < korean_score(_agreement(family, (one, two))) < 1.0

    @given(_BITS, _BITS, _BITS, st.floats(0, 5))
    def test_more_bits_never_score_less(self, family: float, one: float, two: float, more: float) -> None:
        low, high = _agreement(family, (one, two)), _agreement(family, (one + more, two))
        assert korean_score(high) >= korean_score(low)

    @given(_BITS, _BITS, _BITS)
    def test_the_order_of_evidence_is_the_order_of_scores(self, family: float, one: float, two: float) -> None:
        low, high = _agreement(family, (one, two)), _agreement(family, (one, two + 1.0))
        assert (korean_score(high) > korean_score(low)) or evidence(high) - evidence(low) < 1e-9

    def test_rare_names_that_agree_do_not_tie(self) -> None:
        assert len({korean_score(_agreement(10.0, (bits, bits))) for bits in (6.0, 7.0, 8.0, 9.0, 10.0)}) == 5

    def test_a_syllable_that_may_be_another_one_weighs_less_than_a_sure_one(self) -> None:
        model = syllable_model()
        doubtful, sure = model.agreement("h정", "ljong"), model.agreement("h수", "lsoo")
        assert doubtful.odds - doubtful.bits < 1.0 < sure.odds - sure.bits

    def test_a_rare_family_name_does_not_outweigh_a_clash(self) -> None:
        assert korean_score(_agreement(13.0, (6.0, -7.0))) < 0.7

    def test_the_weakest_syllable_counts_twice(self) -> None:
        assert evidence(_agreement(3.0, (3.0, 3.0))) > evidence(_agreement(3.0, (5.0, 1.0)))


class TestOtherScores:
    def test_mandarin_needs_every_syllable(self) -> None:
        assert mandarin_score(10.0, 2, across=True) > 0.7 > mandarin_score(2.0, 2, across=True)

    @given(st.floats(0, 1), st.floats(-20, 60), st.booleans(), st.booleans())
    def test_words_stay_in_bounds(self, score: float, bits: float, across: bool, partial: bool) -> None:
        assert 0.0 <= words_score(score, bits, across=across, partial=partial) <= 0.99

    def test_rarity_breaks_ties(self) -> None:
        assert words_score(1.0, 35.0, across=False) > words_score(1.0, 12.0, across=False)
