"""Ties told and untold: what counts, what does not, and that nobody's name, language or country field is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conference.conftest import bundle, lens, registry, submission
from vedette.conference.model import Action, Author, Paper, Passage, Profile, Service, Statement, Stay, TextKind
from vedette.conference.screen import screen
from vedette.conference.ties import Bundle, Tie, ties

HOME = "University of Lethbridge, Lethbridge, Canada"
NANJING = "https://ror.org/0nju"
HARBIN = "https://ror.org/0hit"


def paper(text: str, kind: TextKind = TextKind.FOOTNOTE) -> Paper:
    return Paper(stem="1", passages=(Passage(kind, text, "page 1"),), file="1.pdf")


def untold(made: Bundle) -> set[str]:
    return {tie.institution_id for tie in ties(made, registry(), 2026) if not tie.disclosed}


class TestPaper:
    @pytest.mark.parametrize(
        "text",
        [
            "A. Author is also with Nanjing University, China.",
            "* Nanjing University, Nanjing, China",
            "The second author holds a joint appointment at Nanjing University.",
            "1 Also affiliated with Nanjing University.",
        ],
    )
    def test_an_affiliation_in_a_note_that_the_form_does_not_name(self, text: str) -> None:
        assert untold(replace(bundle(HOME), papers=(paper(text),))) == {NANJING}

    @pytest.mark.parametrize(
        "text",
        [
            "A. Author was formerly with Nanjing University.",
            "A. Author received the Ph.D. degree from Nanjing University in 2014.",
            "Work done during an internship at Nanjing University.",
            "The dataset was collected by Nanjing University.",
            "We thank W. Li of Nanjing University for helpful discussions.",
            "This note compares with the system of Nanjing University.",
            "Corresponding author.",
        ],
    )
    def test_what_is_no_present_tie_is_none(self, text: str) -> None:
        """Alumni, guests, colleagues who are thanked and users of data are not asked."""
        assert untold(replace(bundle(HOME), papers=(paper(text),))) == set()

    def test_support_counts_where_a_statement_was_given_and_leaves_it_out(self) -> None:
        thanks = paper("This work was supported by Nanjing University.", TextKind.ACKNOWLEDGEMENT)
        asked = bundle(HOME, statement=Statement(funders=("Sutter Health",)))
        told = bundle(HOME, statement=Statement(funders=("Nanjing University",)))
        never_asked = bundle(HOME)
        assert untold(replace(asked, papers=(thanks,))) == {NANJING}
        assert untold(replace(told, papers=(thanks,))) == set()
        assert untold(replace(never_asked, papers=(thanks,))) == set()

    def test_a_part_of_what_was_told_is_told(self) -> None:
        """HIT Shenzhen on the paper, HIT on the form, and the other way round: nobody is asked."""
        whole, part = "Harbin Institute of Technology", "Harbin Institute of Technology, Shenzhen"
        for form, text in ((whole, part), (part, whole)):
            note = paper(f"* {text}, China")
            assert HARBIN + "sz" not in untold(replace(bundle(form), papers=(note,)))
            assert HARBIN not in untold(replace(bundle(form), papers=(note,)))

    @pytest.mark.parametrize("form", ["Nanjing Univ.", "NANJING UNIVERSITY", "University, Nanjing"])
    def test_another_spelling_is_told(self, form: str) -> None:
        assert untold(replace(bundle(form), papers=(paper("* Nanjing University, China"),))) == set()

    @pytest.mark.parametrize("form", ["Nanjing University", "Tianjin University"])
    def test_a_longer_name_is_another_institution(self, form: str) -> None:
        note = paper("* Nanjing University of Aeronautics and Astronautics, China")
        assert untold(replace(bundle(form), papers=(note,))) == {"https://ror.org/0nuaa"}


class TestMailAndProfiles:
    def authored(self, **author: str) -> Bundle:
        return Bundle(submission(authors=(Author(name="A", affiliation=HOME, **author),)))

    @pytest.mark.parametrize(
        ("email", "found"),
        [
            ("a@nju.edu.cn", {NANJING}),
            ("a@cs.nju.edu.cn", {NANJING}),
            ("a@alumni.nju.edu.cn", set()),
            ("a@gmail.com", set()),
            ("a@notnju.edu.cn", set()),
            ("a@nju.edu.cn.evil.example", set()),
        ],
    )
    def test_a_mail_domain(self, email: str, found: set[str]) -> None:
        assert untold(self.authored(email=email)) == found

    @pytest.mark.parametrize(
        ("start", "end", "asked"),
        [(2020, None, True), (2020, 2027, True), (2020, 2026, True), (2015, 2024, False), (2027, None, False)],
    )
    def test_a_profile_counts_while_it_lasts(self, start: int, end: int | None, asked: bool) -> None:
        stay = Stay(institution="Nanjing University", domain="nju.edu.cn", start=start, end=end)
        home = Stay(institution="University of Lethbridge", start=2019)
        made = replace(self.authored(profile_id="~A1"), profiles=(Profile(profile_id="~A1", history=(home, stay)),))
        assert (untold(made) == {NANJING}) is asked

    def test_an_address_at_a_former_place_is_known_from_the_profile(self) -> None:
        stay = Stay(institution="Nanjing University", domain="nju.edu.cn", start=2010, end=2020)
        made = self.authored(profile_id="~A1", email="a@nju.edu.cn")
        assert untold(replace(made, profiles=(Profile(profile_id="~A1", history=(stay,)),))) == set()

    def test_without_a_form_the_profile_is_the_disclosure(self) -> None:
        stay = Stay(institution="Nanjing University", start=2020)
        made = Bundle(
            submission(authors=(Author(name="A", profile_id="~A1"),)),
            profiles=(Profile(profile_id="~A1", history=(stay,)),),
        )
        assert [tie.disclosed for tie in ties(made, registry(), 2026)] == [True]


def country(text: str) -> set[str | None]:
    return {tie.country for tie in ties(bundle(text), registry(), 2026)}


class TestDprk:
    @pytest.mark.parametrize(
        "text",
        [
            "Kim Chaek University of Technology, Pyongyang, DPR Korea",
            "Kim Il Sung University, Pyongyang, North Korea",
            "Institute of Lasers, Pyongyang, DPRK",
            "김일성종합대학",
        ],
    )
    def test_an_address_or_institution_tells(self, text: str) -> None:
        assert country(text) == {"KP"}

    @pytest.mark.parametrize(
        "text",
        [
            "Seoul National University, Seoul, Korea",
            "Hanbit Research, Korea",
            "National University, Vientiane, Lao PDR",
        ],
    )
    def test_korea_and_other_people_s_republics_do_not(self, text: str) -> None:
        assert "KP" not in country(text)

    def test_the_form_s_country_alone_tells_nothing(self) -> None:
        """A refugee who writes where they come from is not touched."""
        made = Bundle(
            submission(authors=(Author(name="Kim Chaek", affiliation="Independent researcher", country="North Korea"),))
        )
        assert not screen(made, lens()).touched

    def test_services_are_asked_about_one_by_one_and_the_paper_goes_on(self) -> None:
        found = screen(bundle("Kim Chaek University of Technology, Pyongyang"), lens())
        asked = {row.service: row.action for row in found.rows}
        assert asked[Service.PAPER] is Action.INFORM and Service.REVIEW not in asked
        assert asked[Service.ATTENDANCE] is Action.COUNSEL and asked[Service.COMPUTE] is Action.STOP
        assert {row.disclosed for row in found.rows} == {True}
        assert {item["duty"] for row in found.rows for item in row.law} >= {
            "un_2321_cooperation",
            "us_ofac_dprk",
            "eu_dprk",
        }

    def test_a_contradiction_between_address_and_institution_is_asked_about(self) -> None:
        found = screen(bundle("Kim Il Sung University, Toronto, Canada"), lens())
        assert found.strictest is Action.ASK


class TestLists:
    def test_a_disclosed_tie_to_a_listed_institution_is_told_and_asks_nothing(self) -> None:
        found = screen(bundle("Harbin Institute of Technology, China"), lens())
        (row,) = found.rows
        assert row.action is Action.NONE and {item["list"] for item in row.lists} == {
            "us_dow_1286",
            "us_bis_entity_list",
        }
        assert not found.touched

    def test_an_undisclosed_one_gets_the_question_that_everybody_gets(self) -> None:
        """The list adds nothing: the same row without it asks the same."""
        listed = screen(replace(bundle(HOME), papers=(paper("* Harbin Institute of Technology, China"),)), lens())
        other = screen(replace(bundle(HOME), papers=(paper("* Nanjing University, China"),)), lens())
        assert [row.action for row in listed.rows] == [row.action for row in other.rows] == [Action.ASK]


class TestUse:
    @pytest.mark.parametrize(
        ("statement", "action"),
        [
            (None, Action.ASK),
            (Statement(intended_use="civilian"), Action.ASK),
            (Statement(intended_use=""), Action.ASK),
            (Statement(intended_use="military research for national defence"), Action.NONE),
            (Statement(intended_use="dual use"), Action.NONE),
        ],
    )
    def test_phrases_without_a_fitting_use_are_a_question_and_never_more(
        self, statement: Statement | None, action: Action
    ) -> None:
        found = screen(bundle(HOME, title="Warhead Guidance", statement=statement), lens())
        assert found.strictest is action
        assert {row.service for row in found.rows} == {Service.PAPER}

    def test_a_paper_without_anything_has_one_quiet_row(self) -> None:
        (row,) = screen(bundle(HOME), lens()).rows
        told = row.as_json()
        assert told["action"] == "none" and told["institution_id"] is None and told["disclosed"] is None
        wanted = (
            "submission_id institution_id disclosed lists potential phrases declared_use service action evidence law"
        )
        assert set(wanted.split()) <= set(told)


class TestGate:
    def test_after_the_announcement_no_paper_is_touched_and_services_still_are(self) -> None:
        made = replace(
            bundle("Kim Chaek University of Technology, Pyongyang", title="Warhead"),
            papers=(paper("* Nanjing University"),),
        )
        before, after = screen(made, lens()), screen(made, lens(gated=True))
        assert before.strictest is Action.STOP
        kept = [row for row in after.rows if row.service in (Service.PAPER, Service.REVIEW)]
        assert all(row.action.rank <= Action.INFORM.rank for row in kept)
        assert any("announced" in reason for row in kept for reason in row.reasons)
        assert any(row.service is Service.COMPUTE and row.action is Action.STOP for row in after.rows)


NAMES = st.sampled_from(
    ["Kim Jong", "Wei Zhang", "Ali Reza", "Anna Smith", "Nanjing University", "김책", "王伟", "Pyongyang Lee"]
)
COUNTRIES = st.sampled_from(["North Korea", "KP", "China", "Iran", "Norway", "", "Korea"])


class TestCounterfactual:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        names=st.tuples(NAMES, NAMES),
        countries=st.tuples(COUNTRIES, COUNTRIES),
        home=st.sampled_from([HOME, "Kim Chaek University of Technology, Pyongyang", "Acme Robots", "Korea"]),
        note=st.sampled_from(["is also with Nanjing University", "Corresponding author", "* Tianjin University"]),
    )
    def test_no_answer_moves_with_a_name_or_the_form_s_country(
        self, names: tuple[str, str], countries: tuple[str, str], home: str, note: str
    ) -> None:
        """Two scholars who differ in name and passport alone are treated alike."""

        def made(place: int) -> Bundle:
            author = Author(name=names[place], country=countries[place], affiliation=home)
            return Bundle(submission(authors=(author,)), (paper(f"The first author {note}."),))

        answers = [
            [(row.institution_id, row.service, row.action) for row in screen(made(place), lens()).rows]
            for place in (0, 1)
        ]
        assert answers[0] == answers[1]


class TestEvidence:
    def test_each_tie_says_where_it_was_read(self) -> None:
        found: tuple[Tie, ...] = ties(replace(bundle(HOME), papers=(paper("* Nanjing University"),)), registry(), 2026)
        assert all(tie.evidence and tie.evidence[0].ref for tie in found)

    def test_no_person_s_name_is_in_the_evidence(self) -> None:
        made = replace(bundle(HOME), papers=(paper("Author 1 is also with Nanjing University"),))
        assert "Author 1" not in str([row.as_json() for row in screen(made, lens()).rows])


class TestSharedDomains:
    def test_a_domain_of_several_belongs_to_the_one_above_them_or_to_nobody(self) -> None:
        """A laboratory with a mail domain of its society is not asked about the society's other laboratories."""
        from tests.institutions.conftest import organisation
        from vedette.conference.desk import Registry
        from vedette.institutions import Desk
        from vedette.institutions.index import build
        from vedette.institutions.judge import shipped_judge
        from vedette.institutions.listed import Listed

        top = organisation("0top", "Society Above", domains=("above.example",), children=("https://ror.org/0a",))
        part = organisation("0a", "First Part", domains=("above.example",), parents=("https://ror.org/0top",))
        others = [organisation(f"0o{n}", f"Other {n}", domains=("shared.example",)) for n in (1, 2)]
        desk = Registry(Desk(build([top, part, *others]), Listed(), shipped_judge()))
        found = desk.of_domain("mail.above.example")
        assert found is not None and found.id == "https://ror.org/0top"
        assert desk.of_domain("shared.example") is None and desk.of_domain("example") is None


class TestSentences:
    @pytest.mark.parametrize(
        "text",
        [
            "We appreciate the advice of E. Moreau, a professor at Nanjing University.",
            "A. Author was supported by our institute during a stay at Nanjing University.",
            "At the time of the experiments A. Author was employed by Nanjing University; this has ended.",
            "Photographs by Nanjing University, reproduced with permission.",
        ],
    )
    def test_initials_end_no_sentence_and_stays_pay_nothing(self, text: str) -> None:
        thanks = paper(text, TextKind.ACKNOWLEDGEMENT)
        assert untold(replace(bundle(HOME, statement=Statement()), papers=(thanks,))) == set()
