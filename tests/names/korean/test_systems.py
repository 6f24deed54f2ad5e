"""A Korean name is found however a system writes it, and another name is not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.names.korean.systems import flat, writings
from vedette.names import compare

# Syllables common in family and given names; written here from general knowledge, apart from the room's tables.
FAMILIES = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심노하곽성차주우구민유나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모남탁국은편용".replace(
    "류", "유"
)
GIVEN = "정은민호지현수영진성혁철일남희숙옥순경미선준우재석훈동상용광명학봉길춘국금룡송향화연주원태승규환범기만식웅덕복창근열렬혜윤아인하나리서예채연유"

NAMES = st.builds(
    lambda family, one, two: family + one + two,
    st.sampled_from(FAMILIES),
    st.sampled_from(GIVEN),
    st.sampled_from(GIVEN),
)


def _folded(text: str) -> str:
    return flat(text).lower().replace("-", " ").replace(",", "")


class TestOneName:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(NAMES)
    def test_every_system_alerts_against_the_hangul(self, name: str) -> None:
        assert [text for text in writings(name) if compare(name, text, "person").score < 0.7] == []

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(NAMES, st.data())
    def test_every_system_alerts_against_every_other(self, name: str, data: st.DataObject) -> None:
        left, right = data.draw(st.lists(st.sampled_from(writings(name)), min_size=2, max_size=2))
        assert compare(left, right, "person").score >= 0.7


class TestAnotherName:
    @settings(max_examples=120, deadline=None, derandomize=True)
    @given(NAMES, st.sampled_from(GIVEN), st.sampled_from(GIVEN), st.data())
    def test_two_syllables_apart_does_not(self, name: str, one: str, two: str, data: st.DataObject) -> None:
        assume(one != name[1] and two != name[2] and {one, two} != set(name[1:]))
        text = data.draw(st.sampled_from(writings(name[0] + one + two)))
        assume(_folded(text) not in set(map(_folded, writings(name))))
        assert compare(name, text, "person").score < 0.7


class TestKinds:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("김정은", "Kim Jong Un"),
            ("金正恩", "김정은"),
            ("金正恩", "Kim Jong Un"),
            ("Ким Чен Ын", "김정은"),
            ("Ким Чен Ын", "金正恩"),
            ("张伟", "Zhang Wei"),
            ("張偉", "Chang Wei"),
            ("毛泽东", "Mao Tse-tung"),
            ("周恩来", "Chou En-lai"),
            ("이민호", "Lee Min Ho"),
            ("이민호", "Minho Lee"),
            ("리설주", "Lee Seol-ju"),
            ("노무현", "Roh Moo-hyun"),
            ("박근혜", "Park Geun-hye"),
            ("최룡해", "Choe Ryong Hae"),
            ("최룡해", "Ch'oe Ryong-hae"),
            ("현정리", "Hyeon Jeong Ri"),
            ("양명헌", "Yang Myong Hon"),
            ("김환", "Kim Whan"),
        ],
    )
    def test_alert(self, left: str, right: str) -> None:
        assert compare(left, right, "person").score >= 0.7
