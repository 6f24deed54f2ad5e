"""What the lake may hold of a customer: plain columns, texts to be made tokens, name parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.derive import TOKEN_KINDS, account, owner, purpose_words
from vedette.accounts.tables import ACCOUNTS, OWNERS

FIELDS = {
    "account_id": "a-1",
    "name": "Anna Maria Smith",
    "email": "Anna.Smith+x@gmail.com",
    "phone": "+1 850 432 0100",
    "country": "US",
    "address": "12 Oak Street, Pensacola",
    "birth_date": "1990-01-02",
    "declared_timezone": "america/chicago",
    "declared_purpose": "Training of speech models for Mrs Secret",
    "signup_user_agent": "Mozilla/5.0 Firefox/146.0",
    "id_document_hash": "ABC",
}
TEXTS = st.dictionaries(
    st.sampled_from(
        [
            "name",
            "name_native",
            "email",
            "phone",
            "recovery_email",
            "recovery_phone",
            "address",
            "website",
            "declared_purpose",
            "country",
        ]
    ),
    st.text(max_size=40),
)


class TestAccount:
    def test_plain_columns_hold_no_direct_identifier(self) -> None:
        drawn = account(FIELDS, 2026)

        shown = repr(drawn.plain)
        for text in ("Anna", "Smith", "432", "Oak", "1990", "Secret", "ABC"):
            assert text not in shown

    def test_columns(self) -> None:
        drawn = account(FIELDS, 2026)

        assert drawn.plain["phone_country"] == "US"
        assert drawn.plain["email_domain"] == "gmail.com"
        assert (drawn.plain["declared_offset_min"], drawn.plain["declared_offset_max"]) == (-360, -300)
        assert drawn.plain["declared_purpose_words"] == "speech training"
        assert drawn.plain["signup_user_agent_family"] == "firefox"
        assert drawn.secret["email_canonical_token"] == "annasmith@gmail.com"
        assert drawn.secret["document_token"] == "abc"
        assert drawn.parts == ("anna", "maria", "smith")

    def test_recovery_contacts_are_tokens_of_the_same_kind_as_contacts(self) -> None:
        drawn = account({**FIELDS, "recovery_email": "annasmith@gmail.com", "recovery_phone": "850 432 0100"}, 2026)

        assert drawn.secret["recovery_email_token"] == drawn.secret["email_canonical_token"]
        assert drawn.secret["recovery_phone_token"] == drawn.secret["phone_token"]
        assert not any(name.startswith("recovery") for name in drawn.plain)

    def test_order_of_a_name_does_not_matter(self) -> None:
        one, other = (account({"account_id": "a", "name": name}, 2026) for name in ("Kim Min-ji", "Min-ji KIM"))

        assert one.secret == other.secret

    @given(TEXTS)
    def test_every_column_stands_in_the_table(self, fields: dict[str, str]) -> None:
        drawn = account({"account_id": "a", **fields}, 2026)

        names = {column.name for column in ACCOUNTS.columns}
        assert set(drawn.plain) | set(drawn.secret) <= names
        assert set(drawn.secret) <= set(TOKEN_KINDS)
        assert all(drawn.secret.values())


class TestOwner:
    def test_columns(self) -> None:
        drawn = owner({"account_id": "a", "owner_id": "o", "owner_name": "Ivan Petrov", "share_min": 25.0})

        assert drawn.secret == {"owner_name_token": "ivan petrov"}
        assert drawn.plain["share_min"] == 25.0
        assert set(drawn.plain) | set(drawn.secret) <= {column.name for column in OWNERS.columns}


class TestPurposeWords:
    def test_only_words_of_the_vocabulary(self) -> None:
        assert purpose_words("Rendering and CFD for Bob") == "rendering simulation"
        assert purpose_words("something else") is None
