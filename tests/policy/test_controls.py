"""The loader of control lists refuses what would silently do nothing, and says where and what to do."""

from __future__ import annotations

import pytest

from vedette.base import ContentError
from vedette.policy.controls import assemble, dictionary, read_scheme, read_topic

SCHEME = """\
id: own_list
title: "Own list"
caption: Headings.
status: guidance
citation: [UN-01]
source: "A list"
source_address: https://lists.example/
checked_on: 2026-11-25
verified: false
caveat: Text to be verified.
categories:
  - {id: one, label: {en: One, ko: 하나, zh: 一}, paragraph: para 1, summary: The first.}
"""
TOPIC = """\
id: arms
label: {en: Arms, ko: 무장, zh: 武装}
caption: Arms.
controls: [own_list/one]
citation: [UN-01]
phrases:
  weapon:
    en: [guided missile]
  arms:
    en: [missile]
senses:
  - phrase: missile
    unless: [game]
    fires: A missile flies
    quiet: A missile game
examples:
  fires: [A guided missile]
  quiet: [A submission]
"""


class TestScheme:
    def test_a_sound_one_is_read(self) -> None:
        scheme = read_scheme(SCHEME, "own_list.yml")

        assert scheme.categories[0].label == ("One", "하나", "一")

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("citation: [UN-01]", "citation: []", "empty list"),
            ("title:", "titel:", "missing key 'title'"),
            ("caveat: Text to be verified.", "caveat: Fine.", "was not read"),
            ("https://", "ftp://", "no https address"),
            ("id: own_list", "id: other", "not the file's name"),
            ("summary: The first.", "summary: The first., extra: 1", "unknown key 'extra'"),
            ("zh: 一", "jp: 一", "missing key 'zh'"),
            ("status: guidance", "status: rumour", "'status' is 'rumour'"),
        ],
    )
    def test_a_fault_is_named(self, old: str, new: str, told: str) -> None:
        with pytest.raises(ContentError, match=told):
            read_scheme(SCHEME.replace(old, new, 1), "own_list.yml")


class TestTopic:
    def test_a_sound_one_is_read(self) -> None:
        topic = read_topic(TOPIC, "arms.yml")

        assert [phrase.text for phrase in topic.phrases] == ["guided missile", "missile"]
        assert topic.senses[0].language == "en"

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("citation: [UN-01]", "citation: []", "empty list"),
            (
                "  weapon:\n    en: [guided missile]\n  arms:\n    en: [missile]",
                "  {}",
                "without phrases|must be a mapping",
            ),
            ("    unless: [game]\n", "", "without a condition"),
            ("    quiet: A missile game\n", "", "missing key 'quiet'"),
            ("  - phrase: missile", "  - phrase: rocket", "no phrase of this topic"),
            ("    en: [missile]", "    en: [missile, bomb]", "may mean other things"),
            ("controls: [own_list/one]\n", "", "without the list"),
            ("caption: Arms.", "caption: Arms.\nnotes: x", "unknown key 'notes'"),
            ("    en: [guided missile]", "    fr: [missile guidé]", "unknown key 'fr'"),
            ("  fires: [A guided missile]\n", "", "missing key 'fires'"),
        ],
    )
    def test_a_fault_is_named(self, old: str, new: str, told: str) -> None:
        assert old in TOPIC
        with pytest.raises(ContentError, match=told):
            read_topic(TOPIC.replace(old, new, 1), "arms.yml")


class TestTogether:
    def test_controls_must_exist(self) -> None:
        topic = read_topic(TOPIC.replace("own_list/one", "own_list/two"), "arms.yml")
        with pytest.raises(ContentError, match="no category 'own_list/two'"):
            assemble((read_scheme(SCHEME, "own_list.yml"),), (topic,), "v")

    def test_a_category_without_phrases_is_refused(self) -> None:
        more = SCHEME + "  - {id: two, label: {en: Two, ko: 둘, zh: 二}, paragraph: para 2, summary: The second.}\n"
        with pytest.raises(ContentError, match="'own_list/two' has no phrases"):
            assemble((read_scheme(more, "own_list.yml"),), (read_topic(TOPIC, "arms.yml"),), "v")

    def test_a_phrase_has_one_home(self) -> None:
        other = read_topic(TOPIC.replace("id: arms", "id: other"), "other.yml")
        with pytest.raises(ContentError, match="already taken"):
            assemble((read_scheme(SCHEME, "own_list.yml"),), (read_topic(TOPIC, "arms.yml"), other), "v")

    def test_the_shipped_one_is_read_and_found(self) -> None:
        held = dictionary()

        assert len(held.version) == 16
        assert "para 17" in held.paragraph("un_dprk_disciplines/computer_simulation")
        with pytest.raises(KeyError):
            held.find("un_dprk_disciplines/nothing")
