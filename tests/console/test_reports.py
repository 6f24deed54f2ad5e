"""Reports on pages: fields with their provenance and no values, a second person who saw this very paper, a ground, a receipt."""

from __future__ import annotations

import re

import pytest

from tests.console.desk import Desk
from vedette import audit

_SHA = re.compile(r'name="sha256" value="([0-9a-f]{64})"')
_HOLDER = "Example <i>Cloud</i> Ltd"


def drafted(desk: Desk, at: int, kind: str = "sar_narrative") -> str:
    """The address of a fresh draft about a case."""
    case, _ = desk.case(at)
    answer = desk.whole("/reports", kind=kind, subject=case)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def shown(desk: Desk, path: str, name: str = "bea") -> str:
    """The hash of the paper on a page."""
    found = _SHA.search(desk.get(path, name).text)
    assert found is not None
    return found[1]


def filled(desk: Desk, path: str) -> None:
    """Enter every needed field that is missing."""
    keys = re.findall(r'name="set-([a-z_]+)"', desk.get(path).text)
    assert desk.whole(f"{path}/draft", **{f"set-{key}": _HOLDER for key in keys}).status_code == 303


def submitted(desk: Desk, path: str, **changes: str) -> int:
    ground = {"to": "fbi_ic3", "ground": "us_disclosure_counsel", "reference": "OPINION-17"}
    return desk.whole(f"{path}/submit", **{"sha256": shown(desk, path), **ground, **changes}).status_code


def acts(desk: Desk) -> list[str]:
    with desk.store.database.reading() as connection:
        return [body.decode() for _, body, _ in audit.store.leaves(connection, 0)]


class TestDraft:
    def test_fields_tell_where_they_come_from_and_not_what_they_hold(self, desk: Desk) -> None:
        """A page that many may open holds no customer data."""
        path = drafted(desk, 0)
        filled(desk, path)
        text = desk.get(path, "vic").text
        assert "entered by person:bea" in text and "Cloud" not in text

    def test_opening_the_paper_is_a_leaf_of_the_log(self, desk: Desk) -> None:
        path = drafted(desk, 0)
        filled(desk, path)
        text = desk.whole(f"{path}/open").text
        assert "Example &lt;i&gt;Cloud" in text and "<i>Cloud" not in text
        assert '"reports.shown"' in acts(desk)[-1]

    def test_who_may_not_reveal_opens_and_takes_nothing(self, desk: Desk) -> None:
        path = drafted(desk, 0)
        assert desk.whole(f"{path}/open", "vic").status_code == 403
        assert desk.get(f"{path}/file.pdf", "vic").status_code == 403

    @pytest.mark.parametrize(("form", "magic"), [("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{"), ("zip", b"PK")])
    def test_every_format_can_be_taken_along(self, desk: Desk, form: str, magic: bytes) -> None:
        path = drafted(desk, 0)
        answer = desk.get(f"{path}/file.{form}")
        assert answer.content.startswith(magic)
        assert answer.headers["content-disposition"].endswith(f'.{form}"')

    @pytest.mark.parametrize("form", ["exe", "md", "..%2fx"])
    def test_no_other_format(self, desk: Desk, form: str) -> None:
        assert desk.get(f"{drafted(desk, 0)}/file.{form}").status_code == 404

    def test_the_case_shows_its_reports(self, desk: Desk) -> None:
        path = drafted(desk, 0)
        case, _ = desk.case(0)
        assert f"/reports/about?case={case}" in desk.get(f"/cases/{case}?tab=report").text
        assert f'href="{path}"' in desk.get(f"/reports/about?case={case}").text
        assert "<!doctype" not in desk.get(f"/reports/about?case={case}", **{"HX-Request": "true"}).text


class TestWay:
    def test_nothing_goes_to_an_authority_without_a_ground(self, desk: Desk) -> None:
        """A customer's records never leave by habit."""
        path = drafted(desk, 1)
        filled(desk, path)
        assert submitted(desk, path, ground="") == 422
        assert submitted(desk, path, reference=" ") == 422
        assert submitted(desk, path, to="customer") == 422

    def test_needed_fields_come_first(self, desk: Desk) -> None:
        path = drafted(desk, 2, "ofac_blocking")
        assert submitted(desk, path, to="ofac") == 422

    def test_from_draft_to_receipt_by_three_people(self, desk: Desk) -> None:
        """Nobody drafts, approves and sends alone; what was approved is what leaves."""
        path = drafted(desk, 3)
        filled(desk, path)
        assert submitted(desk, path) == 303
        paper = shown(desk, path, "carl")
        assert desk.whole(f"{path}/answer", "bea", agree="yes", sha256=paper).status_code == 403
        assert desk.whole(f"{path}/answer", "carl", agree="yes", sha256="0" * 64).status_code == 412
        assert desk.get(f"{path}/outgoing.pdf", "sam").status_code == 422
        assert desk.whole(f"{path}/answer", "carl", agree="yes", sha256=paper).status_code == 303
        assert desk.get(f"{path}/outgoing.pdf", "sam").status_code == 200
        assert desk.whole(f"{path}/sent", "bea", sha256=paper).status_code == 403
        assert desk.whole(f"{path}/sent", "sam", sha256=paper).status_code == 303
        assert desk.whole(f"{path}/received", "sam", receipt="", accepted="yes").status_code == 422
        assert desk.whole(f"{path}/received", "sam", receipt="R-1", accepted="yes").status_code == 303
        text = desk.get(path).text
        assert "acknowledged" in text and "R-1" in text and "Begin a correction" in text

    def test_the_inbox_leads_to_it(self, desk: Desk) -> None:
        path = drafted(desk, 4)
        filled(desk, path)
        submitted(desk, path)
        assert f'href="{path}"' in desk.get("/approvals", "carl").text

    def test_a_report_is_sent_back_or_withdrawn(self, desk: Desk) -> None:
        path = drafted(desk, 5)
        filled(desk, path)
        submitted(desk, path)
        assert desk.whole(f"{path}/answer", "carl", agree="no", sha256=shown(desk, path, "carl")).status_code == 303
        assert 'aria-current="step">draft' in desk.get(path).text
        assert desk.whole(f"{path}/withdraw").status_code == 303
        assert "withdrawn" in desk.get("/reports?state=withdrawn").text
