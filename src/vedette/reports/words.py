"""The standing words that every paper shares, in each language in which papers are written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Standing words of one language. ``proposed`` takes the rule's title."""

    absent: str
    missing: str
    complete: str
    must: str
    proposed: str
    columns: tuple[str, str, str]


_ENGLISH = Words(
    absent="(not held)",
    missing="Fields that are not held",
    complete="Every field asked for is held.",
    must=" (must be there before review)",
    proposed="Modelled on a proposed rule: {rule}. Nothing requires this paper.",
    columns=("Field", "Held", "Where it comes from"),
)
_KOREAN = Words(
    absent="(보유하지 않음)",
    missing="보유하지 않은 항목",
    complete="요구되는 항목을 모두 보유하고 있습니다.",
    must=" (검토 전에 반드시 필요)",
    proposed="제안된 규칙을 본뜬 문서입니다: {rule}. 이 문서를 요구하는 규정은 없습니다.",
    columns=("항목", "내용", "출처"),
)


def words(language: str) -> Words:
    """The words of a language: ``ko``, else English."""
    return _KOREAN if language == "ko" else _ENGLISH
