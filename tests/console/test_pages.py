"""Pages over HTTP, without a browser: who may see and do what, what stays masked, and what hostile input cannot do."""

from __future__ import annotations

import re

import pytest

from tests.console.desk import CASE as _CASE
from tests.console.desk import Desk


def decision(version: str, **changes: str) -> dict[str, str]:
    made = {"version": version, "outcome": "false", "action": "none", "reason": "namesake", "note": "Other birth date."}
    return {**made, **changes}


class TestAccess:
    @pytest.mark.parametrize(
        "path", ["/", "/queue", "/lists", "/rules", "/customers", "/screening", "/audit", "/admin"]
    )
    def test_nobody_sees_a_page_without_signing_in(self, desk: Desk, path: str) -> None:
        answer = desk.get(path, None)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")

    @pytest.mark.parametrize(("path", "name"), [("/audit", "bea"), ("/admin", "bea"), ("/audit", "vic")])
    def test_a_page_outside_one_s_roles_says_so(self, desk: Desk, path: str, name: str) -> None:
        answer = desk.get(path, name)
        assert answer.status_code == 403
        assert "<h1>" in answer.text

    def test_who_only_looks_is_offered_no_decision_and_makes_none(self, desk: Desk) -> None:
        case, version = desk.case(0)
        assert 'id="decide"' not in desk.get(f"/cases/{case}", "vic").text
        assert desk.post(f"/cases/{case}/decisions", "vic", **decision(version)).status_code == 403

    def test_a_forged_form_decides_nothing(self, desk: Desk) -> None:
        case, version = desk.case(0)
        answer = desk.post(f"/cases/{case}/decisions", csrf="guess", **decision(version))
        assert answer.status_code == 403
        assert desk.case(0) == (case, version)

    def test_navigation_leads_only_where_one_may_go(self, desk: Desk) -> None:
        assert 'href="/admin"' not in desk.get("/").text
        assert 'href="/admin"' in desk.get("/", "carl").text


class TestDecision:
    def test_a_decision_goes_on_to_the_next_case(self, desk: Desk) -> None:
        (case, version), (onward, _) = desk.case(3), desk.case(4)
        answer = desk.post(f"/cases/{case}/decisions", next=onward, **decision(version))
        assert answer.status_code == 200
        found = _CASE.search(answer.text)
        assert found is not None and found[1] == onward
        assert f"/cases/{case}/undo" in answer.text

    def test_a_stale_decision_is_refused_and_says_where_to_look(self, desk: Desk) -> None:
        """Nobody decides on what they have not seen."""
        case, _ = desk.case(0)
        answer = desk.post(f"/cases/{case}/decisions", **decision("7"))
        assert (answer.status_code, answer.headers["hx-retarget"]) == (412, "#notice")
        assert f'href="/cases/{case}"' in answer.text

    @pytest.mark.parametrize(
        "changes",
        [{"note": " "}, {"outcome": "maybe"}, {"action": ""}, {"reason": "because"}, {"action": "suspend"}],
    )
    def test_an_incomplete_decision_is_refused(self, desk: Desk, changes: dict[str, str]) -> None:
        case, version = desk.case(0)
        assert desk.post(f"/cases/{case}/decisions", **decision(version, **changes)).status_code == 422
        assert desk.case(0) == (case, version)

    def test_harm_waits_for_a_second_person_who_is_another(self, desk: Desk) -> None:
        """One person alone never takes a customer's service away."""
        case, version = desk.case(5)
        harm = decision(version, outcome="true", action="suspend", reason="false_identity")
        assert "Waits for a second person" in desk.post(f"/cases/{case}/decisions", **harm).text
        seen = _CASE.search(desk.get(f"/cases/{case}", "carl").text)
        assert seen is not None
        assert desk.post(f"/cases/{case}/answer", "carl", agree="yes", version="1").status_code == 412
        done = desk.post(f"/cases/{case}/answer", "carl", agree="yes", version=seen[2])
        assert done.status_code == 200 and "final" in done.text


class TestMasking:
    def test_notes_open_only_with_a_leaf_of_the_log(self, desk: Desk) -> None:
        case, _ = desk.case(6)
        desk.post(f"/cases/{case}/notes", note="The reseller is Orla Fynn.")
        assert "Orla Fynn" not in desk.get(f"/cases/{case}?tab=notes").text
        assert "Orla Fynn" in desk.post(f"/cases/{case}/reveal").text
        assert "customer data or notes shown" in desk.get(f"/cases/{case}?tab=audit").text

    def test_who_may_not_reveal_cannot(self, desk: Desk) -> None:
        case, _ = desk.case(6)
        assert desk.post(f"/cases/{case}/reveal", "vic").status_code == 403


class TestHostileInput:
    def test_every_page_carries_a_strict_policy(self, desk: Desk) -> None:
        policy = desk.get("/queue").headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy

    @pytest.mark.parametrize("path", ["/queue", "/", "/rules", "/customers", "/screening", "/lists"])
    def test_no_page_holds_inline_script_or_style(self, desk: Desk, path: str) -> None:
        text = desk.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", text)

    @pytest.mark.parametrize(
        "name", ["../serve.py", "..%2fpages%2fserve.py", "vendor/../../pages/route.py", "", "x.css"]
    )
    def test_only_packed_files_are_served(self, desk: Desk, name: str) -> None:
        assert desk.get(f"/static/{name}").status_code == 404

    @pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
    def test_a_choice_of_theme_leads_nowhere_else(self, desk: Desk, back: str) -> None:
        answer = desk.post(f"/preferences?back={back}", theme="dark")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")

    @pytest.mark.parametrize("query", ["nosuch=1", "priority_min=high", "status=x", "at=%3Cscript%3E&page=99999999"])
    def test_a_strange_address_is_told_as_a_page(self, desk: Desk, query: str) -> None:
        answer = desk.get(f"/queue?{query}")
        assert answer.status_code in (200, 422)
        assert "<script>" not in answer.text

    def test_markup_of_a_finding_is_text(self, desk: Desk) -> None:
        assert "<b>markup" not in desk.get("/queue").text

    def test_an_unknown_case_is_told_as_a_page(self, desk: Desk) -> None:
        answer = desk.get("/cases/case_nosuch")
        assert answer.status_code == 422 and "<h1>" in answer.text


class TestViews:
    def test_csv_and_json_are_exactly_the_filtered_view(self, desk: Desk) -> None:
        listed = desk.get("/queue.json?priority_min=99").json()["cases"]
        assert listed == []
        rows = desk.get("/queue.csv").text.splitlines()
        assert len(rows) - 1 == len(desk.get("/queue.json").json()["cases"]) > 5

    def test_a_filter_is_saved_for_oneself(self, desk: Desk) -> None:
        desk.whole("/queue/filters", name="held ones", query="hold=yes")
        assert "held ones" in desk.get("/queue").text
        assert "held ones" not in desk.get("/queue", "bo").text

    def test_a_nil_result_names_the_lists_and_never_says_clean(self, desk: Desk) -> None:
        text = desk.whole("/screening", name="Zyxwv Qponml", kind="person").text
        assert "Not found on these lists" in text and "sample" in text

    def test_a_listed_name_is_found_with_its_reasons(self, desk: Desk) -> None:
        text = desk.whole("/screening", name="Bartholomew Volkonskayev", kind="person").text
        assert "NK-volk" in text and "name only" in text

    @pytest.mark.parametrize(("birth", "name"), [("yesterday", "Ann"), ("", "")])
    def test_what_cannot_be_screened_is_refused(self, desk: Desk, birth: str, name: str) -> None:
        assert desk.whole("/screening", name=name, birth_date=birth).status_code == 422

    @pytest.mark.parametrize("tab", ["overview", "evidence", "screening", "actor", "activity", "notes", "audit", "x"])
    def test_every_tab_of_every_kind_of_case(self, desk: Desk, tab: str) -> None:
        for row in desk.get("/queue.json?status=open").json()["cases"][:4]:
            assert desk.get(f"/cases/{row['case_id']}?tab={tab}").status_code == 200

    def test_proofs_of_a_case_hold(self, desk: Desk) -> None:
        case, _ = desk.case(1)
        text = desk.get(f"/cases/{case}?tab=audit").text
        assert "holds, " in text and "does not hold" not in text

    @pytest.mark.parametrize("path", ["/audit", "/admin", "/rules/network/console_from_dprk", "/lists"])
    def test_pages_of_administrators(self, desk: Desk, path: str) -> None:
        assert desk.get(path, "carl").status_code == 200

    def test_the_log_verifies_from_its_page(self, desk: Desk) -> None:
        assert "agree with the signed root" in desk.whole("/audit/verify", "carl").text

    def test_korean_is_spoken_to_who_asks_for_it(self, desk: Desk) -> None:
        assert "대기열" in desk.get("/queue", **{"Accept-Language": "ko"}).text
