"""The means of invention: fresh contacts, truthful defaults, and nothing shared by accident."""

from __future__ import annotations

import phonenumbers
import pytest

from vedette.base import parse_time
from vedette.simulate.model import Plan
from vedette.simulate.places import place, places
from vedette.simulate.world import DAY, World


@pytest.fixture
def world() -> World:
    return World(Plan(accounts=400))


class TestContacts:
    def test_mail_addresses_are_fresh_and_reserved(self, world: World) -> None:
        found = [world.mail("José Peña") for _ in range(50)]

        assert len(set(found)) == 50
        assert all(mail.endswith(".example") and mail.isascii() for mail in found)

    def test_a_name_without_latin_letters_still_gets_a_mailbox(self, world: World) -> None:
        assert world.mail("김 민준").startswith("user")

    @pytest.mark.parametrize("country", ["US", "CA"])
    def test_north_american_numbers_are_those_kept_for_fiction(self, world: World, country: str) -> None:
        found = [world.phone(place(country)) for _ in range(300)]

        assert len(set(found)) == 300
        assert all(phone[5:10] == "55501" for phone in found)

    def test_area_code_of_florida_is_not_the_dialling_code_of_the_dprk(self, world: World) -> None:
        parsed = phonenumbers.parse(world.phone(place("US"), "850"))

        assert parsed.country_code == 1
        assert str(parsed.national_number).startswith("850")

    @pytest.mark.parametrize("country", [each.country for each in places()])
    def test_numbers_parse_to_their_country(self, world: World, country: str) -> None:
        parsed = phonenumbers.parse(world.phone(place(country)))

        assert str(parsed.country_code) == place(country).dial

    def test_address_stays_one_csv_cell(self, world: World) -> None:
        assert "," not in world.address(place("FR"))


class TestJoin:
    def test_numbers_are_never_given_twice_nor_in_order(self, world: World) -> None:
        ids = [world.join("ordinary").id for _ in range(400)]

        assert len(set(ids)) == 400
        assert ids != sorted(ids)

    def test_facts_override_what_is_drawn(self, world: World) -> None:
        member = world.join("namesake", place("FR"), name="Jean Exemple", birth_date="", opened=world.start)

        assert (member.row["name"], member.row["birth_date"], member.row["country"]) == ("Jean Exemple", "", "FR")
        assert parse_time(member.row["opened_at"]).date() == world.plan.start

    def test_firms_have_a_number_and_no_birth_date(self, world: World) -> None:
        row = world.join("ordinary", kind="organization").row

        assert row["registration_number"]
        assert row["website"].startswith("https://")
        assert row["birth_date"] == row["id_document_hash"] == ""

    def test_an_account_acts_from_its_opening(self, world: World) -> None:
        member = world.join("ordinary", opened=world.start + 10 * DAY)

        assert world.act(member, ("240.0.0.1",)).start == member.opened

    def test_closed_accounts_stop(self, world: World) -> None:
        closed = [each for each in (world.join("ordinary") for _ in range(400)) if each.row["closed_at"]]

        assert closed
        for member in closed:
            assert world.act(member, ("240.0.0.1",)).end == member.ends < world.end
            assert member.row["status"] == "closed"


class TestPay:
    def test_defaults_follow_the_member(self, world: World) -> None:
        member = world.join("ordinary", place("PL"))
        funding = world.pay(member, kind="card", payer="Anna Nowak")

        assert (funding.country, funding.currency, funding.wallet) == ("PL", "PLN", "")

    def test_only_crypto_has_a_wallet(self, world: World) -> None:
        member = world.join("ordinary")

        assert world.pay(member, kind="crypto").wallet.startswith("0x")
        assert world.pay(member, kind="bank").wallet == ""


class TestOwn:
    def test_owners_have_ids_of_their_own(self, world: World) -> None:
        member = world.join("ordinary", kind="organization")
        above = world.own(member, "Silverpine Foods Ltd", owner_kind="organization")
        world.own(member, "Anna Nowak", parent_owner_id=above)

        assert [row["owner_id"] for row in world.owners] == ["o-000001", "o-000002"]
        assert world.owners[1]["parent_owner_id"] == "o-000001"


class TestPerson:
    def test_names_come_from_no_single_place(self, world: World) -> None:
        found = {world.person(place("US")) for _ in range(500)}

        assert len(found) > 350
        assert len({name.split()[-1] for name in found}) > 60
