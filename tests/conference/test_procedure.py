"""The procedure: sealed until opened, asked before decided, two people where adverse, appeal, gate, and deletion in time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conference.conftest import ANNA, BERT
from vedette import audit
from vedette.approvals import NotAllowed, waiting
from vedette.base import ContentError, FixedClock, Principal, PrincipalKind
from vedette.conference import brief, decide, export, gather, page, questions, run
from vedette.conference.decide import Outcome
from vedette.conference.dry_run import Rate, dry_run, sentences
from vedette.conference.intake import Intake, take
from vedette.conference.model import Action, ConferenceError, Service
from vedette.conference.policy import default_policy
from vedette.conference.potential import MILITARY, Potential, shipped_classifier
from vedette.conference.procedure import procedure
from vedette.conference.run import Office
from vedette.conference.store import answers, held
from vedette.documents import docx, markdown, pdf, svg

KP = "Kim Chaek University of Technology, Pyongyang, DPR Korea"


def given(office: Office, tmp_path: Path, *affiliations: str) -> None:
    """Papers of these institutions, imported and screened."""
    papers = [
        {"pid": n, "title": "Sorting", "authors": [{"name": "Secret Person", "affiliation": text}]}
        for n, text in enumerate(affiliations, 1)
    ]
    path = tmp_path / "papers.json"
    path.write_text(json.dumps(papers), encoding="utf-8")
    results = list(take(Intake(office.store, office.principal, office.clock, office.venue, default_policy()), [path]))
    assert sum(each.stored for each in results) == len(papers)
    list(run.screen_all(office, run.lens(office), "test"))


def asked_and_answered(office: Office) -> None:
    found = questions.ask(office, "1", Service.ATTENDANCE)
    questions.answer(office, found.question_id, "We hold a licence.")


def later(office: Office, days: int) -> Office:
    return replace(office, clock=FixedClock(office.clock.now() + timedelta(days=days)))


class TestSeal:
    def test_rows_are_opened_for_a_purpose_that_the_log_keeps(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        with pytest.raises(ConferenceError, match="purpose"):
            run.results(empty, "  ")
        rows = run.results(empty, "answer arrived", "1")
        assert {row["action"] for row in rows} == {"inform", "counsel", "stop"}
        with empty.store.database.reading() as connection:
            bodies = [json.loads(body) for _, body, _ in audit_leaves(connection)]
        assert [body["facts"]["purpose"] for body in bodies if body["act"] == "conference.open"] == ["answer arrived"]

    def test_nothing_personal_lies_open(self, empty: Office, tmp_path: Path) -> None:
        """Names, affiliations and rows are sealed; the log holds counts and numbers of papers only."""
        given(empty, tmp_path, KP)
        (row,) = answers.screenings(empty.store, "main")
        assert b"Chaek" not in bytes(row["sealed"])
        with empty.store.database.reading() as connection:
            bodies = b"".join(body for _, body, _ in audit_leaves(connection))
        assert b"Secret" not in bodies and b"Chaek" not in bodies
        assert audit.verify(empty.store).holds

    def test_reviewers_get_no_author_and_no_screening(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        data, count = export.written(empty.store, "main", "hotcrp", blind=True)
        assert count == 1 and b"Secret" not in data and b"counsel" not in data and b"Pyongyang" not in data
        whole, _ = export.written(empty.store, "main", "hotcrp", blind=False)
        assert b"Secret Person" in whole and b"counsel" not in whole


def audit_leaves(connection: object) -> list[tuple[int, bytes, bytes]]:
    from vedette.audit.store import leaves

    return list(leaves(connection))  # type: ignore[arg-type]  # a connection of the store


class TestImport:
    def test_the_same_file_again_is_known(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP, "Alder University")
        intake = Intake(empty.store, ANNA, empty.clock, "main", default_policy())
        (again,) = take(intake, [tmp_path / "papers.json"])
        assert (again.read, again.stored, again.duplicates) == (2, 0, 2)

    def test_a_hostile_file_is_refused_and_the_rest_goes_on(self, empty: Office, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        (folder / "a.json").write_text('[{"pid":1,"title":"A"},{"pid":2')
        (folder / "b.csv").write_text("Paper ID,Title\n5,B\n")
        (folder / "c.bin").write_bytes(b"\x7fELF")
        (folder / "d.csv").write_bytes(b"")
        (folder / "link.csv").symlink_to("/etc/passwd")
        (folder / ".hidden.csv").write_text("Paper ID\n9\n")
        results = list(take(Intake(empty.store, ANNA, empty.clock, "main", default_policy()), [folder]))
        assert [bool(each.problem) for each in results] == [True, False, True, True]
        assert all(each.remedy for each in results if each.problem)
        assert [item.submission_id for item in held.submissions(empty.store, "main")] == ["5"]

    def test_a_paper_s_file_finds_its_submission(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, "Alder University")
        tex = tmp_path / "submission001.tex"
        tex.write_text(r"\documentclass{a}\thanks{is also with Brunham Institute}")
        list(take(Intake(empty.store, ANNA, empty.clock, "main", default_policy()), [tex]))
        (bundle,) = gather.of_venue(empty.store, "main")
        assert bundle.submission.submission_id == "1" and bundle.papers[0].stem == "submission001"


class TestQuestions:
    def test_each_gap_is_asked_once_in_neutral_words(self, office: Office) -> None:
        list(run.screen_all(office, run.lens(office), "test"))
        first = questions.draft(office)
        assert first and questions.draft(office) == first
        assert all("every paper" in item.text for item in first if item.form == "tie")
        for word in ("suspect", "violat", "China", "North Korea", "nationality"):
            assert not any(word in item.text for item in first)

    def test_a_phrase_is_told_once_whatever_its_letters(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, "Alder University")

        def classify(title: str, abstract: str) -> Potential:
            return Potential(MILITARY, ("Missile guidance", "missile guidance", "MISSILE  GUIDANCE", "warhead"))

        (found,) = run.screen_all(empty, run.lens(empty, classify=classify), "test")
        assert found.rows[-1].phrases == ("Missile guidance", "warhead")
        (question,) = questions.draft(empty)
        assert question.text.casefold().count("missile guidance") == 1
        told = shipped_classifier()("Missile guidance", "We study missile guidance and Missile Guidance.").phrases
        assert len(told) == len({phrase.casefold() for phrase in told})

    def test_no_form_speaks_of_people_s_origin(self) -> None:
        words = " ".join(form.text for form in procedure().forms.values()).casefold()
        assert not any(word in words for word in ("nationality", "citizen", "passport", "ethnic", "born", "suspicio"))

    def test_a_value_cannot_ask_for_more(self, empty: Office) -> None:
        assert (
            questions._filled("names {institution}", {"institution": "{0.__class__} {due}"})
            == "names {0.__class__} {due}"
        )

    def test_the_answer_is_sealed(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        (item,) = questions.listed(empty)
        assert (item.state, item.answer) == ("answered", "We hold a licence.")
        (row,) = answers.all_of(empty.store, answers.QUESTION)
        assert b"licence" not in bytes(row["sealed"])


class TestDecisions:
    def test_giving_needs_one_person_and_a_reason(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        made = decide.decide(empty, "1", Service.PAPER, Outcome.GIVEN, reason="information_exempt")
        assert made.state == "effective" and not made.request_id

    def test_withholding_waits_for_the_authors_and_for_a_second_person(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        with pytest.raises(ConferenceError, match="not asked yet"):
            self.withhold(empty)
        questions.ask(empty, "1", Service.ATTENDANCE)
        with pytest.raises(ConferenceError, match="may still answer"):
            self.withhold(empty)
        questions.answer(empty, questions.listed(empty)[0].question_id, "no")
        made = self.withhold(empty)
        assert made.state == "waiting"
        with pytest.raises(NotAllowed):
            decide.approve(empty, made.decision_id)
        assert decide.approve(replace(empty, principal=BERT), made.decision_id).state == "effective"

    def withhold(self, office: Office) -> decide.Decision:
        return decide.decide(office, "1", Service.COMPUTE, Outcome.WITHHELD, reason="licence_needed")

    def test_silence_until_the_day_is_enough_to_go_on_and_no_reason_by_itself(
        self, empty: Office, tmp_path: Path
    ) -> None:
        given(empty, tmp_path, KP)
        questions.ask(empty, "1", Service.ATTENDANCE)
        assert self.withhold(later(empty, 15)).state == "waiting"
        assert "no_answer" not in procedure().reasons

    @pytest.mark.parametrize("reason", ["nationality", "name", "ethnicity", "language", "made_up", "tie_explained"])
    def test_what_is_never_a_reason(self, empty: Office, tmp_path: Path, reason: str) -> None:
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        with pytest.raises(ConferenceError):
            decide.decide(empty, "1", Service.COMPUTE, Outcome.WITHHELD, reason=reason)

    def test_a_machine_decides_nothing(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        robot = replace(empty, principal=Principal(PrincipalKind.JOB, "nightly"))
        with pytest.raises(ConferenceError, match="person"):
            decide.decide(robot, "1", Service.PAPER, Outcome.GIVEN, reason="no_law_applies")

    def test_after_the_announcement_no_paper_is_taken_away(self, empty: Office, tmp_path: Path) -> None:
        """Nobody is rejected after acceptance for where they work."""
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        run.announce(empty)
        for service in (Service.PAPER, Service.REVIEW):
            with pytest.raises(ConferenceError, match="announced"):
                decide.decide(empty, "1", service, Outcome.WITHHELD, reason="cited_law")
        assert self.withhold(empty).state == "waiting"
        again = list(run.screen_all(empty, run.lens(empty), "test"))
        assert all(row.action.rank <= Action.INFORM.rank for row in again[0].rows if row.service is Service.PAPER)

    def test_an_appeal_is_answered_by_somebody_else_and_undoes_the_decision(
        self, empty: Office, tmp_path: Path
    ) -> None:
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        made = self.withhold(empty)
        decide.approve(replace(empty, principal=BERT), made.decision_id)
        filed = decide.appeal(empty, made.decision_id, "We are exempt.")
        appeal_id = str(filed["appeal_id"])
        with pytest.raises(ConferenceError, match="open"):
            decide.appeal(empty, made.decision_id, "Again.")
        with pytest.raises(ConferenceError, match="who decided"):
            decide.answer_appeal(empty, appeal_id, overturn=True, text="")
        answered = decide.answer_appeal(replace(empty, principal=BERT), appeal_id, overturn=True, text="Right.")
        assert answered["state"] == "overturned"
        assert [item.state for item in decide.decisions(empty)] == ["overturned"]

    @pytest.mark.parametrize(
        ("outcome", "reason"), [(Outcome.GIVEN, "tie_explained"), (Outcome.WITHHELD, "licence_needed")]
    )
    def test_what_is_not_held_is_not_decided(
        self, empty: Office, tmp_path: Path, outcome: Outcome, reason: str
    ) -> None:
        given(empty, tmp_path, KP)
        for place, submission in ((empty, "999"), (empty, ""), (replace(empty, venue="other"), "1")):
            with pytest.raises(ConferenceError, match="no such submission") as fault:
                decide.decide(place, submission, Service.PAPER, outcome, reason=reason)
            assert fault.value.remedy
        assert decide.decisions(empty) == []

    def test_unknown_ids_are_refused_everywhere(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        with pytest.raises(ConferenceError, match="no such submission"):
            questions.ask(empty, "999", Service.MONEY)
        with pytest.raises(ConferenceError, match="no question"):
            questions.answer(empty, "cqu_none", "text")
        with pytest.raises(ConferenceError, match="no decision"):
            decide.appeal(empty, "cde_none", "text")
        with pytest.raises(ConferenceError, match="no decision"):
            decide.approve(empty, "cde_none")
        with pytest.raises(ConferenceError, match="no open appeal"):
            decide.answer_appeal(empty, "cap_none", overturn=True, text="")
        with pytest.raises(ConferenceError, match="not screened"):
            run.results(empty, "notification", "999")


class TestAppealBeforeTheSecondPerson:
    """The authors are heard before anything takes effect; in doubt the decision waits."""

    def appealed(self, office: Office, tmp_path: Path) -> tuple[str, str]:
        given(office, tmp_path, KP)
        asked_and_answered(office)
        made = decide.decide(office, "1", Service.COMPUTE, Outcome.WITHHELD, reason="licence_needed")
        return made.decision_id, str(decide.appeal(office, made.decision_id, "We are exempt.")["appeal_id"])

    def test_nobody_agrees_while_an_appeal_is_open(self, empty: Office, tmp_path: Path) -> None:
        decision, appeal = self.appealed(empty, tmp_path)
        bert = replace(empty, principal=BERT)
        with pytest.raises(ConferenceError, match="is open") as fault:
            decide.approve(bert, decision)
        assert "Answer it first" in fault.value.remedy
        assert [item.state for item in decide.decisions(empty)] == ["waiting"]
        decide.answer_appeal(bert, appeal, overturn=False, text="No licence was shown.")
        assert decide.approve(bert, decision).state == "effective"

    def test_overturning_ends_the_decision_and_its_request(self, empty: Office, tmp_path: Path) -> None:
        decision, appeal = self.appealed(empty, tmp_path)
        bert = replace(empty, principal=BERT)
        decide.answer_appeal(bert, appeal, overturn=True, text="Right.")
        assert [item.state for item in decide.decisions(empty)] == ["overturned"]
        assert not waiting(empty.store)
        with pytest.raises(ConferenceError, match="overturned"):
            decide.approve(bert, decision)

    def test_disagreeing_ends_the_appeal_for_the_authors(self, empty: Office, tmp_path: Path) -> None:
        decision, _ = self.appealed(empty, tmp_path)
        assert decide.approve(replace(empty, principal=BERT), decision, agree=False).state == "rejected"
        assert [item["state"] for item in decide.appeals(empty)] == ["overturned"]
        with pytest.raises(ConferenceError, match="nothing to appeal|is rejected"):
            decide.appeal(empty, decision, "Again.")


class TestRetention:
    def test_personal_data_goes_when_its_day_has_come(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        decide.decide(empty, "1", Service.PAPER, Outcome.GIVEN, reason="information_exempt", note="seen")
        assert decide.purge(later(empty, 179)) == {}
        gone = decide.purge(later(empty, 181))
        assert gone == {"conference_submission": 1, "conference_screening": 1, "conference_question": 1}
        assert not list(gather.of_venue(empty.store, "main"))
        assert [item.note for item in decide.decisions(empty)] == ["seen"]
        assert decide.purge(later(empty, 1_830)) == {"conference_decision": 1}
        assert audit.verify(empty.store).holds

    def test_an_open_matter_keeps_what_it_needs(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        asked_and_answered(empty)
        decide.decide(empty, "1", Service.COMPUTE, Outcome.WITHHELD, reason="licence_needed")
        assert decide.purge(later(empty, 181)) == {}


class TestAdoption:
    TEXT = default_policy().text.replace("id: default", "id: ours")

    def test_a_policy_is_tried_before_it_is_adopted(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP, "Alder University")
        with pytest.raises(ConferenceError, match="not tried"):
            run.adopt(empty, self.TEXT, "ours.yml")
        from vedette.conference.policy import read_policy

        wanted = read_policy(self.TEXT, "ours.yml")
        report = dry_run(gather.of_venue(empty.store, "main"), run.lens(empty, wanted))
        run.tried(empty, wanted, report.papers, report.touched)
        assert (report.papers, report.touched) == (2, 1)
        assert run.adopt(empty, self.TEXT, "ours.yml").id == run.policy_in_force(empty).id == "ours"
        with pytest.raises(ConferenceError, match="in this wording"):
            run.adopt(empty, self.TEXT + "# changed\n", "ours.yml")

    def test_a_wrong_policy_does_not_load(self, empty: Office) -> None:
        with pytest.raises(ContentError, match="stops papers"):
            run.adopt(empty, self.TEXT.replace("paper: inform", "paper: stop"), "wrong.yml")


class TestDryRun:
    def test_the_report_counts_by_country_list_and_service(self, office: Office) -> None:
        report = dry_run(gather.of_venue(office.store, "main"), run.lens(office))
        assert report.papers == 240
        assert report.overall.papers == 240 and 0 < report.overall.share < 0.2
        assert report.listed.get("invented_research_list", 0) > report.touched_by_list.get("invented_research_list", 0)
        assert "240 papers" in sentences(report)[0]
        assert "<svg" in svg.write(report.figure())

    @pytest.mark.parametrize(("touched", "papers"), [(0, 0), (0, 10), (10, 10), (3, 1000)])
    def test_the_interval_holds_the_share(self, touched: int, papers: int) -> None:
        rate = Rate(touched, papers)
        low, high = rate.interval
        assert 0 <= low <= rate.share + 1e-12 and rate.share <= high + 1e-12 and high <= 1

    def test_a_policy_that_falls_on_one_country_says_so(self, office: Office) -> None:
        """A blanket list is shown for what it is before anybody adopts it."""
        from vedette.conference.policy import read_policy

        text = default_policy().text.replace(
            "    lists: [us_ofac_sdn]\n    services: {paper: none", "    list_types: [block]\n    services: {paper: ask"
        )
        report = dry_run(gather.of_venue(office.store, "main"), run.lens(office, read_policy(text, "x.yml")))
        assert report.policy_version != default_policy().version


class TestBriefs:
    def scene(self, office: Office) -> brief.Scene:
        policy = default_policy()
        report = dry_run(gather.of_venue(office.store, "main"), run.lens(office))
        rows = run.results(office, "brief")
        gated = run.lens(office).gated
        return brief.Scene("main", policy, rows, questions.listed(office), report, None, "2026-03-01T12:00:00Z", gated)

    def test_after_the_announcement_one_page_has_one_count(self, empty: Office, tmp_path: Path) -> None:
        """Rows sealed before the announcement are counted as they stand after it, like the paragraph on evenness."""
        given(empty, tmp_path, "Kim Il Sung University, Toronto, Canada", KP, "Alder University")
        before = markdown.write(brief.for_chairs(self.scene(empty)))
        assert "2 of 3 submissions" in before and "of 3 papers (2;" in before and "sealed screening (" not in before
        run.announce(empty)
        after = markdown.write(brief.for_chairs(self.scene(empty)))
        assert "1 of 3 submissions" in after and "of 3 papers (1;" in after and "sealed screening (" not in after
        assert "Decisions were announced" in after and "Decide before" not in after

    def test_other_counts_are_told_apart(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        late = tmp_path / "late.csv"
        late.write_text("Paper ID,Title\n77,Late\n", encoding="utf-8")
        list(take(Intake(empty.store, ANNA, empty.clock, "main", default_policy()), [late]))
        text = markdown.write(brief.for_chairs(self.scene(empty)))
        assert "1 of 1 submissions" in text and "sealed screening (1 of 1)" in text and "of 2 papers" in text

    def test_chairs_learn_counts_law_and_what_was_not_checked_and_no_name(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP, "Alder University")
        document = brief.for_chairs(self.scene(empty))
        text = markdown.write(document)
        assert "1 of 2 submissions" in text and "2321" in text and "What was not checked" in text
        assert "Secret" not in text and "Kim Chaek" not in text
        assert pdf.write(document)[:5] == b"%PDF-" and docx.write(document)[:2] == b"PK"

    def test_a_page_shows_hostile_text_as_text(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, KP)
        question = replace(questions.ask(empty, "1", Service.MONEY), text="<script>alert(1)</script>")
        written = page.write(brief.for_authors("<b>venue</b>", question, 180, "2026-03-01T12:00:00Z"))
        assert "<script" not in written and "&lt;script&gt;" in written and "<b>venue" not in written

    @pytest.mark.parametrize(
        ("field", "word"), [("medical", "does not suspend"), ("listed", "case by"), ("other", "notifies")]
    )
    def test_the_notification_is_a_draft_with_its_branch(
        self, empty: Office, tmp_path: Path, field: str, word: str
    ) -> None:
        given(empty, tmp_path, KP)
        rows = run.results(empty, "draft", "1")
        text = markdown.write(brief.notification("main", "1", rows, field, Service.ATTENDANCE, "2026-03-01T12:00:00Z"))
        assert word in text and "DRAFT" in text and "Promise no approval" in text.replace("\n", " ")

    def test_no_notification_about_a_paper_that_it_does_not_speak_of(self, empty: Office, tmp_path: Path) -> None:
        given(empty, tmp_path, "Alder University")
        with pytest.raises(ConferenceError, match="does not speak"):
            brief.notification("main", "1", run.results(empty, "x"), "other", Service.MONEY, "2026-03-01T12:00:00Z")
