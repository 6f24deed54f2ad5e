"""The lake's tables of this room: accounts, their owners, name parts as tokens, and what logs call an account."""

from __future__ import annotations

from collections.abc import Iterable

from vedette.store import Column, ColumnType, LakeTable, Sensitivity

_TYPES = {
    "text": ColumnType.TEXT,
    "whole": ColumnType.WHOLE,
    "number": ColumnType.NUMBER,
    "flag": ColumnType.FLAG,
}
_ARRIVAL = ("received_us:whole", "ordinal:whole", "row_hash")


def _columns(words: Iterable[str]) -> tuple[Column, ...]:
    """Columns from ``name[:type][!]``; an exclamation mark says personal."""
    found = []
    for word in words:
        name, _, kind = word.rstrip("!").partition(":")
        sensitivity = Sensitivity.PERSONAL if word.endswith("!") else Sensitivity.PUBLIC
        found.append(Column(name, _TYPES[kind or "text"], sensitivity))
    return tuple(found)


ACCOUNTS = LakeTable(
    name="accounts",
    room="accounts",
    columns=_columns(
        (
            "account_id",
            *_ARRIVAL,
            "opened_us:whole",
            "closed_us:whole",
            "status",
            "kind",
            "country",
            "declared_timezone",
            "declared_offset_min:whole",
            "declared_offset_max:whole",
            "signup_ip!",
            "signup_ip_country",
            "signup_ip_asn:whole",
            "signup_ip_class",
            "signup_ip_dprk",
            "refs_version",
            "signup_device_id!",
            "signup_user_agent!",
            "signup_user_agent_family",
            "referrer_account_id",
            "reseller_id",
            "id_document_type",
            "id_document_country",
            "verification_status",
            "name_token",
            "name_native_token",
            "email_token",
            "email_canonical_token",
            "email_domain",
            "email_stem_token",
            "email_trailing_number:whole",
            "phone_token",
            "phone_country",
            "recovery_email_token",
            "recovery_phone_token",
            "address_token",
            "birth_date_token",
            "document_token",
            "registration_token",
            "website_token",
            "website_host",
            "declared_purpose_words",
        )
    ),
    key=("account_id",),
    current=True,
    dated=False,
)

OWNERS = LakeTable(
    name="owners",
    room="accounts",
    columns=_columns(
        (
            "account_id",
            "owner_id",
            *_ARRIVAL,
            "parent_owner_id",
            "owner_kind",
            "country",
            "share_min:number",
            "share_max:number",
            "control",
            "owner_name_token",
            "owner_name_native_token",
            "birth_date_token",
        )
    ),
    key=("account_id", "owner_id"),
    current=True,
    dated=False,
)

IDENTITIES = LakeTable(
    name="identities",
    room="accounts",
    columns=_columns(
        (
            "account_id",
            "product",
            "kind",
            "external_id!",
            *_ARRIVAL,
            "valid_from_us:whole",
            "valid_to_us:whole",
        )
    ),
    key=("product", "kind", "external_id", "account_id"),
    current=True,
    dated=False,
)

NAME_PARTS = LakeTable(
    name="account_name_parts",
    room="accounts",
    columns=_columns(("account_id", "role", "owner_id", "part_token", "received_us:whole", "ordinal:whole")),
    key=("account_id", "role", "owner_id", "part_token"),
    current=True,
    dated=False,
)

TABLES: tuple[LakeTable, ...] = (ACCOUNTS, OWNERS, IDENTITIES, NAME_PARTS)
