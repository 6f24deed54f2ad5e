"""J1: the sign-up service of a provider hands in a customer and is told clear, review or stop, with reasons."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk
from tests.journeys.terminal import process
from vedette.simulate import Summary


def listed_person(provider: Summary) -> dict[str, str]:
    """One person of the invented list: name, birth date, country."""
    for line in provider.watchlist.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["schema"] == "Person":
            properties = record["properties"]
            return {
                "name": properties["name"][0],
                "birth_date": properties["birthDate"][0],
                "country": properties["country"][0].upper(),
            }
    raise AssertionError("the list holds no person")


def asked(desk: Desk, *customers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers to these customers, by id."""
    handed = "\n".join(json.dumps(customer) for customer in customers).encode()
    return {row["query_id"]: row for row in desk("verify", "-", "--json", stdin=handed).done().rows}


def strengths(answer: dict[str, Any]) -> set[str]:
    return {finding["strength"] for finding in answer["findings"]}


class TestListedCustomer:
    def test_name_and_birth_date_hold_the_customer_for_a_person(self, equipped: Desk, provider: Summary) -> None:
        """A sanctioned party gets no service, yet no machine refuses it: a person must look before the hold lapses."""
        answer = asked(equipped, {"account_id": "q", **listed_person(provider)})["q"]
        assert answer["outcome"] == "stop"
        assert answer["human_required"] is True
        expires = datetime.fromisoformat(answer["hold_expires"])
        assert timedelta(0) < expires - datetime.now(UTC) < timedelta(days=15)

    def test_the_answer_can_be_defended_later(self, equipped: Desk, provider: Summary) -> None:
        """Whoever is held can be told which entry of which version of which list, and which fields agreed."""
        answer = asked(equipped, {"account_id": "q", **listed_person(provider)})["q"]
        (finding,) = [item for item in answer["findings"] if item["strength"] == "stop"]
        (evidence,) = [item for item in finding["evidence"] if item["kind"] == "list_entry"]
        assert answer["list_versions"]["simulated_list"] in json.dumps(evidence)
        assert {field["field"] for field in evidence["fields"]} >= {"name", "birth_date"}
        assert finding["citation"] and finding["blind_spots"]
        assert answer["policy_versions"]
        assert answer["checks_missing"] == []

    @pytest.mark.parametrize(
        "change",
        [{"birth_date": ""}, {"birth_date": "", "country": ""}],
        ids=["name and country", "name only"],
    )
    def test_a_name_alone_asks_a_person_and_never_stops(
        self, equipped: Desk, provider: Summary, change: dict[str, str]
    ) -> None:
        """Somebody who only shares a name with a listed person is looked at, not locked out."""
        answer = asked(equipped, {"account_id": "q", **listed_person(provider), **change})["q"]
        assert answer["outcome"] == "review"
        assert answer["hold_expires"] is None
        assert "stop" not in strengths(answer)

    def test_a_namesake_with_another_birth_date_is_not_stopped(self, equipped: Desk, provider: Summary) -> None:
        """The honest bearer of a listed name, born thirty years later, can open an account."""
        born = f"{int(listed_person(provider)['birth_date'][:4]) + 30}-05-05"
        answer = asked(equipped, {"account_id": "q", **listed_person(provider), "birth_date": born, "country": "US"})[
            "q"
        ]
        assert answer["outcome"] != "stop"
        assert not strengths(answer) & {"stop", "strong"}

    def test_a_listed_owner_of_the_majority_holds_the_firm(self, equipped: Desk, provider: Summary) -> None:
        """A firm is not served in place of the listed person who owns it."""
        listed = listed_person(provider)
        owner = {
            "owner_id": "o1",
            "owner_name": listed["name"],
            "birth_date": listed["birth_date"],
            "country": listed["country"],
            "owner_kind": "person",
            "share_min": 60,
            "share_max": 60,
        }
        firm = {"account_id": "q", "name": "Harbour Loom Works", "kind": "organization", "owners": [owner]}
        assert asked(equipped, firm)["q"]["outcome"] == "stop"


SIGNS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("ordinary", {"country": "US"}, "clear"),
    ("floridian", {"country": "US", "phone": "+1 850 555 0142"}, "clear"),
    ("floridian without plus", {"country": "US", "phone": "850 555 0142"}, "clear"),
    ("korean calling code", {"country": "CN", "phone": "+850 2 381 4410"}, "review"),
    ("present statement", {"country": "KP"}, "stop"),
    ("present statement in words", {"country": "North Korea"}, "stop"),
    ("south korean", {"country": "KR", "phone": "+82 2 312 3456"}, "clear"),
    ("refugee", {"country": "KR", "id_document_country": "KP"}, "review"),
    ("refugee's past address", {"country": "KR", "address": "Seoul; formerly of Chongjin, North Korea"}, "review"),
)


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the service is told of each of these customers, asked all at once."""
    desk = Desk(scene.equipped(tmp_path_factory.getbasetemp()))
    return asked(desk, *({"account_id": who, "name": "Tovah Quillfeather", **fields} for who, fields, _ in SIGNS))


class TestSignsOfTheDprk:
    @pytest.mark.parametrize(("who", "outcome"), [(who, outcome) for who, _, outcome in SIGNS])
    def test_who_is_held_who_is_asked_and_who_goes_on(
        self, signs: dict[str, dict[str, Any]], who: str, outcome: str
    ) -> None:
        """A refugee and a Floridian keep their service; a present statement of being in the DPRK waits for a person."""
        answer = signs[who]
        assert answer["outcome"] == outcome, answer["findings"]
        assert (answer["hold_expires"] is not None) == (outcome == "stop")
        assert answer["human_required"] == (outcome != "clear")


class TestWhatCannotBeChecked:
    def test_without_a_list_nobody_is_clear(self, bare: Desk) -> None:
        """A provider that forgot to load lists is told so for each customer; silence is never taken for a clean record."""
        answer = asked(bare, {"account_id": "q", "name": "Ann Example", "country": "US"})["q"]
        assert answer["outcome"] == "review"
        (missing,) = answer["checks_missing"]
        assert missing["check"] == "screening" and "lists load" in missing["why"]
        assert set(answer["list_versions"]) <= {"references"}

    def test_a_customer_without_a_name_is_not_clear(self, equipped: Desk) -> None:
        """Nobody passes by leaving the name blank."""
        answer = asked(equipped, {"account_id": "q", "country": "US"})["q"]
        assert answer["outcome"] == "review"
        assert [item["check"] for item in answer["checks_missing"]] == ["screening"]

    @pytest.mark.parametrize("handed", [b"", b"\xff\xfe\x00bad", b'{"account_id": "q"\n', b"account_id,name\n1,2,3\n"])
    def test_unreadable_input_is_one_line_and_exit_1(self, equipped: Desk, handed: bytes) -> None:
        """The caller sees at once that nobody was decided, rather than an empty answer that looks like no objection."""
        answer = equipped("verify", "-", "--json", stdin=handed)
        assert (answer.code, answer.out) == (1, "")
        assert len(answer.err.strip().splitlines()) == 1

    def test_a_file_that_is_not_there_is_one_line_and_exit_1(self, equipped: Desk, tmp_path: Path) -> None:
        """A mistyped path is said, not guessed."""
        answer = equipped("verify", tmp_path / "nobody.csv")
        assert answer.code == 1
        assert "nobody.csv" in answer.err and len(answer.err.strip().splitlines()) == 1


class TestProcess:
    def test_a_pipe_gives_one_answer_a_customer_in_order(self, equipped: Desk) -> None:
        """The sign-up service can pair answers with questions by position as well as by id."""
        handed = b"account_id,name,country\nq1,Ann Example,US\nq2,Bo Sample,KP\nq3,Cy Instance,US\n"
        answer = process("-w", equipped.root, "verify", "-", "--json", stdin=handed).done()
        assert [(row["query_id"], row["outcome"]) for row in answer.rows] == [
            ("q1", "clear"),
            ("q2", "stop"),
            ("q3", "clear"),
        ]
