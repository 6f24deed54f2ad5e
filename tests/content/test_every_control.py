"""Every control list and every phrase keeps its promises: cited, dated, in three languages, and tried on examples."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from vedette.observatory.topics import Found, classify
from vedette.observatory.topics.lookup import lookup
from vedette.observatory.topics.tokens import tokens
from vedette.policy.controls import CONTROLLED, LANGUAGES, PhraseKind, Scheme, Sense, Topic, dictionary

HELD = dictionary()
SENSES = [(topic, sense) for topic in HELD.topics for sense in topic.senses]
_FORBIDDEN = re.compile(r"ethnic|nationality of|surname of|birthplace|native of", re.IGNORECASE)


def found(text: str) -> list[Found]:
    answer = classify(text)
    assert answer.dictionary == HELD.version
    return list(lookup().find(text))


@pytest.mark.parametrize("scheme", HELD.schemes, ids=lambda scheme: scheme.id)
class TestEveryScheme:
    def test_is_sourced_dated_and_honest_about_what_was_read(self, scheme: Scheme) -> None:
        assert scheme.checked_on >= date(2026, 1, 1)
        assert all(re.fullmatch(r"[A-Z]{1,4}-\d{1,2}", each) for each in scheme.citation)
        assert scheme.verified or "to be verified" in scheme.caveat

    def test_every_category_is_labelled_in_three_languages(self, scheme: Scheme) -> None:
        for category in scheme.categories:
            assert len(set(category.label)) == len(LANGUAGES)
            assert re.search(r"[가-힣]", category.label[1]), category.id
            assert re.search(r"[一-鿿]", category.label[2]), category.id


@pytest.mark.parametrize("topic", HELD.topics, ids=lambda topic: topic.id)
class TestEveryTopic:
    def test_its_examples_fire(self, topic: Topic) -> None:
        for example in topic.fires:
            assert topic.id in {each.topic for each in found(example)}, example

    def test_its_counterexamples_stay_quiet(self, topic: Topic) -> None:
        for example in topic.quiet:
            assert topic.id not in {each.topic for each in found(example)}, example

    def test_it_knows_three_languages(self, topic: Topic) -> None:
        assert {phrase.language for phrase in topic.phrases} == set(LANGUAGES)

    def test_every_phrase_is_found_in_itself(self, topic: Topic) -> None:
        conditional = {(sense.language, sense.phrase) for sense in topic.senses}
        for phrase in topic.phrases:
            if (phrase.language, phrase.text) not in conditional:
                assert topic.id in {each.topic for each in found(phrase.text)}, phrase.text

    def test_speaks_of_no_person_by_origin(self, topic: Topic) -> None:
        assert not any(_FORBIDDEN.search(phrase.text) for phrase in topic.phrases)


@pytest.mark.parametrize(
    ("topic", "sense"), SENSES, ids=[f"{topic.id}-{sense.language}-{sense.phrase}" for topic, sense in SENSES]
)
class TestEverySense:
    def test_counts_where_it_is_meant(self, topic: Topic, sense: Sense) -> None:
        assert topic.id in {each.topic for each in found(sense.fires) if each.kind in CONTROLLED}

    def test_stays_quiet_where_another_is_meant(self, topic: Topic, sense: Sense) -> None:
        same = [each for each in found(sense.quiet) if each.topic == topic.id and each.kind in CONTROLLED]

        assert [each.phrase for each in same if _alike(each.phrase, sense.phrase)] == []


def _alike(shown: str, phrase: str) -> bool:
    return re.sub(r"\W|s\b", "", shown.casefold()) == re.sub(r"\W|s\b", "", phrase.casefold())


def test_no_military_answer_to_a_counterexample() -> None:
    for topic, sense in SENSES:
        held = classify(sense.quiet)
        assert not any(each.kind is PhraseKind.WEAPON and each.topic == topic.id for each in held.phrases), sense.quiet


def test_every_file_is_read() -> None:
    folder = Path(__file__).resolve().parents[2] / "src" / "vedette" / "policy" / "controls"
    assert {path.stem for path in (folder / "phrases").iterdir()} == {topic.id for topic in HELD.topics}
    assert {path.stem for path in (folder / "schemes").iterdir()} == {scheme.id for scheme in HELD.schemes}


def test_no_two_phrases_are_read_alike() -> None:
    homes: dict[tuple[str, ...], str] = {}
    for topic in HELD.topics:
        for phrase in (*topic.phrases, *topic.other_senses):
            read = tuple(token.plain for token in tokens(phrase.text))
            assert read not in homes, f"{phrase.text} of {topic.id} is read like one of {homes[read]}"
            homes[read] = topic.id
