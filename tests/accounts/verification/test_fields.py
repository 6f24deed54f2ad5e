"""Which asked fields are held, by kind of customer."""

from __future__ import annotations

from datetime import timedelta

from tests.accounts.verification.made import FILLED, NOON, TODAY, evidence, record
from vedette.accounts.verification import FieldState, State, completeness
from vedette.accounts.verification.fields import fields


class TestContent:
    def test_every_field_names_its_requirement_and_where_it_would_stand(self) -> None:
        from vedette.accounts.forms import ACCOUNTS

        columns = {field.name for field in ACCOUNTS.fields}
        for item in fields():
            assert item.requirement.startswith("KYC-0")
            for source in item.sources:
                assert source in columns or source.partition(".")[0] in ("payments", "signins", "extra", "owners"), (
                    source
                )


class TestCompleteness:
    def test_a_person_with_every_field_is_complete(self) -> None:
        held = completeness(record(), TODAY)
        assert held.missing == ()
        assert "owners" not in held.states

    def test_an_organisation_is_asked_for_more(self) -> None:
        held = completeness(record(kind="organization", country="DE"), TODAY)
        assert held.missing == ("trade_names", "formation", "places_of_use", "owners")

    def test_extra_columns_of_an_export_count(self) -> None:
        filled = FILLED | {"extra.trade_names", "registration_number", "extra.places_of_use", "owners"}
        assert completeness(record(kind="organization", filled=filled), TODAY).missing == ()

    def test_without_a_kind_everything_is_asked(self) -> None:
        assert "owners" in completeness(record(kind=""), TODAY).missing

    def test_a_document_runs_out_and_a_newer_one_renews_it(self) -> None:
        old = evidence(expires=TODAY - timedelta(days=1))
        new = evidence(event_id="e-2", done_at=NOON + timedelta(days=1), expires=TODAY + timedelta(days=900))
        filled = FILLED | {"id_document_hash"}
        states = [
            completeness(record(State.VERIFIED, *items, filled=filled), TODAY).states["identity_document"]
            for items in ((), (old,), (old, new))
        ]
        assert states == [FieldState.PRESENT, FieldState.EXPIRED, FieldState.PRESENT]
