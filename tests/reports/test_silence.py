"""What a customer may never be told is found in any dress, and what is only alike is not."""

from __future__ import annotations

import pytest

from vedette import policy
from vedette.base import ContentError
from vedette.documents import Document, Paragraph
from vedette.reports.silence import breaches, read_silences, silences


def told(text: str, *, own: tuple[str, ...] = ()) -> list[str]:
    return breaches(Document(title="T", made_at="2026-03-01T12:00:00Z", blocks=(Paragraph(text),)), own=own)


@pytest.mark.parametrize(
    "text",
    [
        "We filed a Suspicious Activity Report.",
        "a suspicious-activity\nreport",
        "ＦＩＮＣＥＮ has been told.",
        "We received a grand-jury subpoena.",
        "See our SAR of May.",
        "금융정보분석원에 알렸습니다.",
        "의심 거래 보고를 하였습니다.",
        "수사기관이 요청했습니다.",
        "압수 수색",
        "The finding id is fnd_3k5v.",
    ],
)
def test_it_is_found(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    "text",
    ["Sarah Strong wrote.", "안내사항을 확인해 주십시오.", "운영 장소가 바뀌었습니다.", "We report back to you.", ""],
)
def test_what_is_only_alike_is_not(text: str) -> None:
    assert told(text) == []


def test_a_customer_of_such_a_name_is_still_answered() -> None:
    assert told("To SAR Technologies, about a-1.", own=("SAR Technologies",)) == []
    assert told("To SAR Technologies: a SAR was filed.", own=("SAR Technologies",))


def test_every_topic_names_its_law() -> None:
    assert all(item.rules and item.terms for item in silences())
    assert all("silence:report" in policy.rule(rule).applies_to for item in silences() for rule in item.rules)


def test_content_is_read_strictly() -> None:
    text = "caption: x\nwhy: x\nchecked_on: 2026-01-01\nnever:\n  - {topic: t, rules: [no_such_rule], terms: [x]}\n"
    with pytest.raises(ContentError, match="no policy rule"):
        read_silences(text, "silence.yml")
