"""The forms of this room's export files: which columns DESIGN section 4 names, of which kind, and what to do when one is wrong.

Countries are read as texts here: what is no country's name is still searched for a statement of being in the DPRK.
"""

from __future__ import annotations

from vedette.store.intake import Field, Form

_DAY = "Write the day as 1990-12-31, or leave it blank"
_TIME = "Write the time with its zone, for example 2026-01-31T09:00:00Z"
_SHARE = "Write percent, 0 to 100, or leave it blank"

ACCOUNTS = Form(
    name="accounts",
    fields=(
        Field("account_id", "text", required=True, remedy="Give every account its id"),
        Field("opened_at", "time", remedy=_TIME),
        Field("closed_at", "time", remedy=_TIME),
        Field("status", "text"),
        Field("kind", "choice", choices=("person", "organization"), remedy="Write person or organization"),
        Field("name", "text"),
        Field("name_native", "text"),
        Field("email", "text"),
        Field("phone", "text"),
        Field("recovery_email", "text"),
        Field("recovery_phone", "text"),
        Field("country", "text"),
        Field("address", "text"),
        Field("birth_date", "day", remedy=_DAY),
        Field("registration_number", "text"),
        Field("website", "text"),
        Field("declared_purpose", "text"),
        Field("declared_timezone", "text"),
        Field("signup_ip", "ip", remedy="Write one IPv4 or IPv6 address, or leave it blank"),
        Field("signup_device_id", "text"),
        Field("signup_user_agent", "text"),
        Field("referrer_account_id", "text"),
        Field("reseller_id", "text"),
        Field("id_document_type", "text"),
        Field("id_document_country", "text"),
        Field("id_document_hash", "text"),
        Field("verification_status", "text"),
    ),
    key=("account_id",),
)

OWNERS = Form(
    name="owners",
    fields=(
        Field("account_id", "text", required=True, remedy="Name the account that is owned"),
        Field("owner_id", "text", required=True, remedy="Give every owner an id"),
        Field("parent_owner_id", "text"),
        Field("owner_name", "text"),
        Field("owner_name_native", "text"),
        Field("owner_kind", "choice", choices=("person", "organization"), remedy="Write person or organization"),
        Field("country", "text"),
        Field("birth_date", "day", remedy=_DAY),
        Field("share_min", "number", minimum=0, maximum=100, remedy=_SHARE),
        Field("share_max", "number", minimum=0, maximum=100, remedy=_SHARE),
        Field("control", "text"),
    ),
    key=("account_id", "owner_id"),
)

IDENTITIES = Form(
    name="identities",
    fields=(
        Field("account_id", "text", required=True, remedy="Name the account"),
        Field("product", "text", required=True, remedy="Name the product whose logs use it, such as cloudtrail"),
        Field(
            "kind",
            "choice",
            required=True,
            choices=("principal", "tenant", "project", "subscription", "email"),
            remedy="Write principal, tenant, project, subscription or email",
        ),
        Field("external_id", "text", required=True, remedy="Write the id exactly as the log writes it"),
        Field("valid_from", "time", remedy=_TIME),
        Field("valid_to", "time", remedy=_TIME),
    ),
    key=("product", "kind", "external_id", "account_id"),
)

FORMS = (ACCOUNTS, OWNERS, IDENTITIES)
