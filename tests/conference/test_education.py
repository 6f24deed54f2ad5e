"""The kit as a whole: what it says follows the policy data, it is the same twice, and it overwrites nobody's work."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vedette import policy
from vedette.base import ContentError, FixedClock
from vedette.conference.education import Kit, KitError, content, page, standing
from vedette.conference.education.build import build, summary
from vedette.conference.education.content import chosen, declarations, languages, read_declaration, read_language
from vedette.conference.education.render import Ground, colophon, field, render
from vedette.conference.education.write import _put, write
from vedette.documents import Bullets, Paragraph, markdown
from vedette.policy import Period, PeriodState, Rule, Status

CLOCK = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
ON = date(2026, 3, 1)
REGISTER = {rule.id: rule for rule in policy.rules()}
CODES = tuple(languages())
HASHES = {"index.html": hashlib.sha256(b"old").hexdigest()}


def ground(register: Mapping[str, Rule] = REGISTER, topic: str = "") -> Ground:
    return Ground(moment=CLOCK.now(), register=register, topic=topic)


def text(document: str, code: str, at: Ground | None = None) -> str:
    """A document as Markdown, for looking into."""
    declaration = next(each for each in declarations() if each.id == document)
    return markdown.write(render(declaration, languages()[code], at or ground()).paper)


@pytest.fixture(scope="module")
def english() -> Kit:
    return build(chosen("en"), clock=CLOCK)


class TestBuild:
    def test_every_document_is_there_in_every_format(self, english: Kit) -> None:
        for declaration in declarations():
            for ending in ("html", "md", "docx", "pdf"):
                assert english.files[f"en/{declaration.id}.{ending}"]
        assert {"index.html", "en/index.html", "en/kit.js"} <= set(english.files)
        assert {f"en/quiz.{ending}" for ending in ("html", "md", "docx", "pdf")} <= set(english.files)

    def test_equal_content_on_an_equal_moment_gives_equal_bytes(self, english: Kit) -> None:
        assert build(chosen("en"), clock=CLOCK).files == english.files

    def test_the_manifest_names_every_file_and_what_it_rests_on(self, english: Kit) -> None:
        assert set(english.manifest["files"]) == set(english.files)  # type: ignore[call-overload]  # a mapping of names
        assert english.manifest["licence"] == "CC-BY-4.0"
        rules = english.manifest["rules"]
        assert isinstance(rules, dict)
        assert rules["un_2321_cooperation"] == REGISTER["un_2321_cooperation"].version

    def test_no_page_loads_anything_from_elsewhere(self, english: Kit) -> None:
        for name, data in english.files.items():
            if name.endswith(".html"):
                shown = data.decode()
                assert not re.search(r"<(?:link|img|iframe|script)[^>]+(?:https?:)?//", shown)
                assert re.findall(r'src="([^"]+)"', shown) in ([], ["kit.js"])
                assert "default-src 'none'" in shown
                assert " style=" not in shown and " onclick" not in shown

    def test_no_page_gives_one_id_twice(self, english: Kit) -> None:
        for name, data in english.files.items():
            ids = re.findall(r' id="([^"]+)"', data.decode()) if name.endswith(".html") else []
            assert len(set(ids)) == len(ids), name

    def test_without_a_face_cyrillic_has_no_pdf_and_this_is_said(self) -> None:
        kit = build(chosen("ru"), clock=CLOCK, faces=())
        assert not [name for name in kit.files if name.endswith(".pdf")]
        assert "PDF" in kit.notes[0]
        assert ".pdf" not in kit.files["ru/author_brief.html"].decode()

    def test_the_summary_has_one_row_a_language(self, english: Kit) -> None:
        (row,) = summary(english)
        assert row["documents"] == len(declarations())
        assert row["value"] <= row["limit"]


class TestRulesComeFromData:
    @pytest.mark.parametrize("code", CODES)
    def test_a_changed_date_changes_every_language(self, code: str) -> None:
        language = languages()[code]
        began = replace(REGISTER["un_2321_cooperation"], effective_from=date(2019, 7, 4))
        changed = {**REGISTER, "un_2321_cooperation": began}
        day = language.say("in_force", day=language.write_day(date(2019, 7, 4)))
        assert markdown.escape(day) not in text("author_brief", code)
        assert markdown.escape(day) in text("author_brief", code, ground(changed))

    @pytest.mark.parametrize("code", CODES)
    @pytest.mark.parametrize("status", [Status.PROPOSED, Status.BILL])
    def test_a_proposal_binds_nobody_and_stands_last(self, code: str, status: Status) -> None:
        """Nobody may act against a person on a rule that is not law."""
        language = languages()[code]
        proposed = replace(REGISTER["un_2321_cooperation"], status=status, effective_from=None)
        items = standing.standings(
            ["un_2321_cooperation", "un_2270_training"], language, ON, {**REGISTER, proposed.id: proposed}
        )
        assert [item.binding for item in items] == [True, False]
        assert items[1].status == language.say(status.value)

    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"effective_from": None}, "in_force_undated"),
            ({"effective_from": date(2020, 1, 2)}, "in_force"),
            ({"effective_from": date(2030, 1, 2)}, "not_yet"),
            ({"effective_from": date(2020, 1, 2), "effective_to": date(2021, 1, 2)}, "expired"),
            ({"status": Status.SUSPENDED}, "suspended_undated"),
            ({"status": Status.SUSPENDED, "effective_from": date(2020, 1, 2)}, "suspended"),
        ],
    )
    def test_each_standing_has_its_words(self, changes: dict[str, object], key: str) -> None:
        rule = replace(REGISTER["un_2321_cooperation"], **changes)  # type: ignore[arg-type]  # a table of fields
        language = languages()["en"]
        days = {"not_yet": date(2030, 1, 2), "expired": date(2021, 1, 2)}
        day = language.write_day(days.get(key, date(2020, 1, 2)))
        assert standing.status(rule, language, ON) == language.say(key, day=day)

    def test_a_rule_expected_back_is_to_be_verified(self) -> None:
        period = Period(since=date(2026, 1, 1), until=None, state=PeriodState.EXPECTED, note="Back.")
        rule = replace(REGISTER["un_2321_cooperation"], effective_from=date(2020, 1, 1), periods=(period,))
        assert "verify" in standing.status(rule, languages()["en"], ON)

    def test_guidance_is_not_called_law(self) -> None:
        told = standing.status(REGISTER["us_bis_training_guidance"], languages()["en"], ON)
        assert told.endswith("This is guidance, not law.")

    def test_a_rendering_of_an_older_wording_gives_way_to_the_register(self) -> None:
        rule = replace(REGISTER["un_2321_cooperation"], effect="Something else entirely.")
        (item,) = standing.standings([rule.id], languages()["ko"], ON, {rule.id: rule})
        assert item.foreign
        assert item.effect == "Something else entirely."

    def test_an_unknown_rule_is_refused(self) -> None:
        with pytest.raises(KitError, match="no policy rule 'nothing'"):
            standing.standings(["nothing"], languages()["en"], ON, REGISTER)


class TestTopics:
    def test_without_a_topic_the_general_headings_are_shown(self) -> None:
        assert len(standing.topics("", languages()["en"]).items) >= 10

    @pytest.mark.parametrize("wanted", ["computer_simulation", "un_dprk_disciplines/computer_simulation"])
    def test_a_category_shows_its_paragraph_alone(self, wanted: str) -> None:
        (item,) = standing.topics(wanted, languages()["ko"]).items
        assert item.label == "고급 컴퓨터 모의 및 관련 컴퓨터 과학"
        assert "17" in item.paragraph

    def test_the_briefs_bear_the_topic(self) -> None:
        assert "Geospatial" in text("chair_brief", "en")
        assert "Geospatial" not in text("chair_brief", "en", ground(topic="computer_simulation"))

    @pytest.mark.parametrize(
        ("status", "words"),
        [(Status.LAW, ""), (Status.GUIDANCE, "guidance, not law"), (Status.PROPOSED, "Nobody is bound")],
    )
    def test_a_list_that_is_no_law_says_so(self, status: Status, words: str) -> None:
        scheme = replace(standing.topics("computer_simulation", languages()["en"]).schemes[0], status=status)
        told = standing.scheme_status(scheme, languages()["en"])
        assert words in told
        assert told.endswith(f"Last checked on {languages()['en'].write_day(scheme.checked_on)}")

    def test_an_unknown_category_is_refused_with_near_ones(self) -> None:
        with pytest.raises(KitError, match="computer_simulation"):
            standing.topics("computer_simulations", languages()["en"])

    def test_without_control_lists_the_kit_is_built_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(standing, "_categories", dict)
        assert languages()["ja"].say("topics_none") in text("author_brief", "ja")
        with pytest.raises(KitError, match="none is shipped"):
            standing.topics("x", languages()["en"])


class TestFields:
    @pytest.mark.parametrize(
        ("item", "kind", "label"),
        [
            ("[_] Day", "line", "Day"),
            ("[=] Why", "area", "Why"),
            ("[ ] Yes", "box", "Yes"),
            ("( ) No", "one", "No"),
            ("[14] days", "text", "[14] days"),
        ],
    )
    def test_marks(self, item: str, kind: str, label: str) -> None:
        assert field(item) == (kind, label)

    def test_a_form_has_a_label_for_every_input(self, english: Kit) -> None:
        shown = english.files["en/disclosure_form.html"].decode()
        inputs = re.findall(r'<(?:input|textarea) id="([^"]+)"', shown)
        assert len(inputs) > 15
        assert len(set(inputs)) == len(inputs)
        assert set(inputs) == set(re.findall(r'<label[^>]* for="([^"]+)"', shown))

    def test_paper_forms_have_lines_to_write_on(self) -> None:
        declaration = next(each for each in declarations() if each.id == "disclosure_form")
        paper = render(declaration, languages()["en"], ground()).paper
        assert Paragraph("_" * 72) in paper.blocks
        assert not any(isinstance(block, Bullets) for block in paper.blocks)


class TestPages:
    def test_markup_in_a_policy_text_stays_text(self) -> None:
        evil = replace(REGISTER["un_2321_cooperation"], effect="<script>alert(1)</script>", source_address="none")
        declaration = next(each for each in declarations() if each.id == "author_brief")
        made = render(declaration, languages()["en"], ground({**REGISTER, evil.id: evil}))
        shown = page.document_page(made, [], ["html"], "today").decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown

    def test_the_licence_stands_in_every_page_and_paper(self, english: Kit) -> None:
        for name, data in english.files.items():
            if name.endswith((".html", ".md")):
                assert "CC BY 4.0" in data.decode(), name
        assert "CC BY 4.0" in str(colophon(languages()["ru"], CLOCK.now()))

    def test_the_other_languages_are_one_step_away(self) -> None:
        declaration = declarations()[0]
        made = render(declaration, languages()["en"], ground())
        shown = page.document_page(made, chosen("en,ko"), ["html"], "today").decode()
        assert f'<a href="../ko/{declaration.id}.html" lang="ko"' in shown

    def test_the_quiz_hands_its_answers_to_the_script_only_as_data(self) -> None:
        shown = page.quiz_page(content.quiz("zh"), languages()["zh"], [], ["html", "pdf"], "today").decode()
        assert shown.count("<fieldset") == 14
        assert content.quiz_version() in shown


class TestWrite:
    def test_a_second_kit_takes_the_first_one_s_place(self, english: Kit, tmp_path: Path) -> None:
        write(english, tmp_path)
        fewer = Kit(files={"index.html": b"new"}, manifest={**english.manifest, "files": {}}, notes=())
        assert write(fewer, tmp_path) == 1
        assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["index.html", "manifest.json"]

    def test_a_stranger_s_file_is_left_alone(self, english: Kit, tmp_path: Path) -> None:
        (tmp_path / "index.html").write_text("mine")
        with pytest.raises(KitError, match="was not written by the kit"):
            write(english, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["index.html"]

    def test_an_edited_file_is_not_overwritten(self, english: Kit, tmp_path: Path) -> None:
        write(english, tmp_path)
        (tmp_path / "en" / "author_brief.md").write_text("my own words")
        with pytest.raises(KitError, match="was edited"):
            write(english, tmp_path)
        assert (tmp_path / "en" / "author_brief.md").read_text() == "my own words"

    def test_a_writing_cut_short_is_taken_up_again(
        self, english: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(Kit(files={"index.html": b"old"}, manifest={**english.manifest, "files": HASHES}, notes=()), tmp_path)
        puts = iter(range(3))

        def put(path: Path, data: bytes) -> None:
            next(puts)  # raises StopIteration at the fourth file
            _put(path, data)

        with monkeypatch.context() as patch, pytest.raises(StopIteration):
            patch.setattr("vedette.conference.education.write._put", put)
            write(english, tmp_path)
        assert write(english, tmp_path) == len(english.files)
        assert "replaced" not in json.loads((tmp_path / "manifest.json").read_text())

    def test_the_folder_itself_may_be_a_link(self, english: Kit, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "kit").symlink_to(tmp_path / "real")
        assert write(english, tmp_path / "kit") == len(english.files)

    def test_a_link_is_not_followed(self, english: Kit, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        kit = tmp_path / "kit"
        kit.mkdir()
        (kit / "en").symlink_to(outside)
        with pytest.raises(KitError, match="is a link"):
            write(english, kit)
        assert not list(outside.iterdir())

    @pytest.mark.parametrize(
        "held",
        [
            "[]",
            "{",
            '{"kind": "other"}',
            '{"kind": "vedette-education-kit"}',
            '{"kind": "vedette-education-kit", "files": {}, "replaced": 1}',
        ],
    )
    def test_another_s_manifest_is_refused(self, english: Kit, tmp_path: Path, held: str) -> None:
        (tmp_path / "manifest.json").write_text(held)
        with pytest.raises(KitError, match="no manifest of this kit"):
            write(english, tmp_path)

    def test_a_manifest_cannot_name_a_file_outside(self, english: Kit, tmp_path: Path) -> None:
        precious = tmp_path / "precious.md"
        precious.write_text("keep")
        kit = tmp_path / "kit"
        kit.mkdir()
        files = {"../precious.md": "6ca2a8b1", "/etc/passwd": ""}
        (kit / "manifest.json").write_text(json.dumps({"kind": "vedette-education-kit", "files": files}))
        write(english, kit)
        assert precious.read_text() == "keep"


class TestContent:
    def test_languages_are_offered_in_their_order(self) -> None:
        assert CODES == ("en", "ko", "zh", "ru", "ja")
        assert [language.code for language in chosen("zh, en")] == ["en", "zh"]

    def test_an_unknown_language_is_refused(self) -> None:
        with pytest.raises(KitError, match="not written in 'xx'"):
            chosen("xx")

    def test_days_are_written_as_each_language_does(self) -> None:
        day = date(2026, 3, 1)
        assert [language.write_day(day) for language in languages().values()] == [
            "1 March 2026",
            "2026년 3월 1일",
            "2026年3月1日",
            "1 марта 2026 года",
            "2026年3月1日",
        ]

    def test_an_unknown_word_is_named(self) -> None:
        with pytest.raises(KitError, match="no words for 'nothing'"):
            languages()["en"].say("nothing")

    @pytest.mark.parametrize(
        ("text", "file", "problem"),
        [
            ("id: a\norder: 1\naudience: author\nminutes: 1\nkind: brief\nrulez: [x]\n", "a/document.yml", "rulez"),
            ("id: b\norder: 1\naudience: author\nminutes: 1\nkind: brief\n", "a/document.yml", "folder's name"),
            ("id: a\norder: 1\naudience: king\nminutes: 1\nkind: brief\n", "a/document.yml", "audience"),
        ],
    )
    def test_a_faulty_declaration_is_refused(self, text: str, file: str, problem: str) -> None:
        with pytest.raises(ContentError, match=problem):
            read_declaration(text, file)

    def test_a_language_must_bear_its_file_s_name(self) -> None:
        held = "code: en\nname: E\ntag: en\nday: '{day}'\nlevel: {measure: grade, limit: 9}\nwords: {a: b}\nrules: []\n"
        with pytest.raises(ContentError, match="not the file's name"):
            read_language(held, "ko.yml")

    def test_a_document_that_is_not_written_is_named(self) -> None:
        with pytest.raises(KitError, match="not written in 'xx'"):
            content.source("author_brief", "xx")
