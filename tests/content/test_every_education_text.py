"""Every text of the education kit, in every language: complete, plain, in its own script, and without law in its prose."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from vedette import policy
from vedette.conference import education
from vedette.conference.education import content, reading, standing
from vedette.conference.education.content import declarations, fingerprint, languages
from vedette.conference.education.model import Made, Rules, Topics
from vedette.conference.education.render import Ground, field, render
from vedette.documents import Bullets, Heading, Paragraph, Table

HOME = Path(education.__file__).parent
CODES = tuple(languages())
DOCUMENTS = tuple(each.id for each in declarations())
GROUND = Ground(moment=datetime(2026, 3, 1, tzinfo=UTC), register={rule.id: rule for rule in policy.rules()})
CITED = sorted({id for each in declarations() for id in each.rules})

SCRIPTS = {"ko": r"[가-힣]", "zh": r"[一-鿿]", "ru": r"[а-яёА-ЯЁ]", "ja": r"[ぁ-んァ-ヶー一-鿿]"}
OWN_SHARE = 0.9
LETTER = re.compile(r"[^\W\d_]")
# What a law is called or dated by: it belongs to the policy data, or it would be wrong in five languages one day.
LAW = re.compile(
    r"\b(?:UNSCR|OFAC|BIS|EAR|CFR|CFSP|ECJU|OFSI|1286|1260H|MIEU)\b|\b(?:19|20)\d\d\b|(?:2270|2321|1718|2371|2375|2397)"
)
# Proxies for people rather than for conduct: they may be named only where the text forbids them.
BLAMES = re.compile(r"\b(?:suspicious|illegal|criminal|spy|spies|enemy|hostile)\b", re.IGNORECASE)


@cache
def made(document: str, code: str) -> Made:
    declaration = next(each for each in declarations() if each.id == document)
    return render(declaration, languages()[code], GROUND)


def shape(document: Made) -> list[str]:
    """The kinds of parts in order: what a translation must share with its original."""
    found = []
    for part in document.parts:
        name = type(part).__name__
        if isinstance(part, Heading):
            name += str(part.level)
        if isinstance(part, Bullets):
            name += " ".join(field(item)[0] for item in part.items)
        if isinstance(part, Table):
            name += f"{len(part.columns)}x{len(part.rows)}"
        found.append(name)
    return found


def texts(document: Made) -> list[str]:
    """Everything written by us, without rules and topics, which come from data."""
    found = [document.title]
    for part in document.parts:
        if isinstance(part, Heading | Paragraph):
            found.append(part.text)
        elif isinstance(part, Bullets):
            found += [field(item)[1] for item in part.items]
        elif isinstance(part, Table):
            found += [*part.columns, *(cell for row in part.rows for cell in row)]
    return found


def own_share(code: str, text: str) -> float:
    letters = LETTER.findall(text)
    return sum(bool(re.match(SCRIPTS[code], letter)) for letter in letters) / max(1, len(letters))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("document", DOCUMENTS)
class TestEveryText:
    def test_it_has_the_parts_of_the_english_one(self, document: str, code: str) -> None:
        assert shape(made(document, code)) == shape(made(document, "en"))

    def test_it_is_plain(self, document: str, code: str) -> None:
        language = languages()[code]
        assert reading.measure(language, reading.prose(made(document, code))) <= language.level.limit

    def test_it_is_in_its_own_script(self, document: str, code: str) -> None:
        if code == "en":
            assert all(text.isascii() for text in texts(made(document, "en")))
        else:
            for text in texts(made(document, code)):
                assert own_share(code, text) >= OWN_SHARE or "(ITT)" in text or "（ITT）" in text, text

    def test_no_law_stands_in_its_prose(self, document: str, code: str) -> None:
        source = re.sub(r"\{\{.*?\}\}", "", content.source(document, code))
        assert LAW.findall(source) == []

    def test_its_rules_and_topics_are_rendered(self, document: str, code: str) -> None:
        for part in made(document, code).parts:
            if isinstance(part, Rules):
                assert [item.rule.id for item in part.items if item.foreign] == []
            if isinstance(part, Topics):
                assert not part.foreign


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_accuses_nobody(document: str) -> None:
    assert BLAMES.findall(" ".join(texts(made(document, "en")))) == []


def test_the_author_brief_is_easier_than_tenth_grade() -> None:
    assert reading.grade(reading.prose(made("author_brief", "en"))) <= 10


def test_every_folder_is_a_document_in_every_language() -> None:
    wanted = {"document.yml", *(f"{code}.md.j2" for code in CODES)}
    for folder in (HOME / "texts").iterdir():
        assert {item.name for item in folder.iterdir()} == wanted


def test_orders_are_unlike() -> None:
    assert len({each.order for each in declarations()}) == len(DOCUMENTS)


@pytest.mark.parametrize("code", CODES)
class TestEveryLanguage:
    def test_it_has_the_words_of_english_with_the_same_values(self, code: str) -> None:
        def values(text: str) -> set[str]:
            return set(re.findall(r"\{(\w+)\}", text))

        own, english = languages()[code].words, languages()["en"].words
        assert list(own) == list(english)
        assert {key: values(text) for key, text in own.items()} == {key: values(text) for key, text in english.items()}

    def test_its_words_are_in_its_own_script(self, code: str) -> None:
        if code == "en":
            return
        loose = {"format_md", "format_docx", "format_pdf", "licence"}
        held = {key: re.sub(r"\{\w+\}", "", text) for key, text in languages()[code].words.items() if key not in loose}
        assert [key for key, text in held.items() if own_share(code, text) < OWN_SHARE] == []

    def test_it_renders_every_cited_rule_as_it_reads_today(self, code: str) -> None:
        """A rendering made from an older wording is to be read again by someone who knows both languages."""
        glosses = languages()[code].glosses
        assert set(CITED) <= set(glosses)
        old = [id for id, gloss in glosses.items() if gloss.made_from != fingerprint(policy.rule(id).effect)]
        assert old == []

    def test_it_names_every_category_of_the_control_lists(self, code: str) -> None:
        for control, (_, category) in standing._categories().items():
            assert not standing.topics(control, languages()[code]).foreign, (control, category.label[0])

    def test_its_names_of_categories_belong_to_categories(self, code: str) -> None:
        assert set(languages()[code].topics) <= set(standing._categories())

    def test_its_renderings_name_no_day_and_no_paragraph(self, code: str) -> None:
        for id, gloss in languages()[code].glosses.items():
            assert LAW.findall(f"{gloss.title} {gloss.effect}") == [], id

    def test_its_renderings_call_no_proposal_required(self, code: str) -> None:
        for id, gloss in languages()[code].glosses.items():
            if policy.rule(id).status in (policy.Status.PROPOSED, policy.Status.BILL):
                assert not re.search(r"\bmust\b|\bshall\b|\brequired?\b|должн|必须|하여야|しなければ", gloss.effect), id


@pytest.mark.parametrize("code", CODES)
class TestEveryQuiz:
    def test_twelve_questions_or_more_with_reasons(self, code: str) -> None:
        quiz = content.quiz(code)
        assert len(quiz.questions) >= 12
        assert all(len(question.why) > 20 for question in quiz.questions)
        assert all([letter for letter, _ in question.choices] == ["a", "b", "c"] for question in quiz.questions)

    def test_the_right_answer_is_not_given_away_by_its_place(self, code: str) -> None:
        places = [question.answer for question in content.quiz(code).questions]
        assert max(places.count(letter) for letter in "abc") <= len(places) / 2

    def test_it_is_in_its_own_script_and_without_law(self, code: str) -> None:
        for question in content.quiz(code).questions:
            for text in (question.text, question.why, *(choice for _, choice in question.choices)):
                assert LAW.findall(text) == []
                assert code == "en" or own_share(code, text) >= OWN_SHARE, text

    def test_it_is_plain(self, code: str) -> None:
        language = languages()[code]
        whys = "\n".join(question.why for question in content.quiz(code).questions)
        assert reading.measure(language, whys) <= language.level.limit
