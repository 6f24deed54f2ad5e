"""The lake's tables of this room: sign-ins, payments with payers' name parts, keys, and raw logs in OCSF's words.

Columns have short names without dots, because dotted names must be quoted in every rule; ``OCSF_PATHS`` says which OCSF
attribute each column of ``logs`` and ``signins`` is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vedette.store import Column, ColumnType, LakeTable, Sensitivity

_TYPES = {"": ColumnType.TEXT, "whole": ColumnType.WHOLE, "number": ColumnType.NUMBER, "flag": ColumnType.FLAG}
_MARKS = {"!": Sensitivity.PERSONAL, "?": Sensitivity.SECRET}

_DATED = ("time_us:whole", "day", "received_us:whole")
_ADDRESS = ("ip!", "ip_country", "ip_asn:whole", "ip_as_org", "ip_class", "ip_dprk")


def _columns(words: Iterable[str]) -> tuple[Column, ...]:
    """Columns from ``name[:type][mark]``: ``!`` says personal, ``?`` secret."""
    found = []
    for word in words:
        name, _, kind = word.rstrip("!?").partition(":")
        found.append(Column(name, _TYPES[kind], _MARKS.get(word[-1], Sensitivity.PUBLIC)))
    return tuple(found)


SIGNINS = LakeTable(
    name="signins",
    room="events",
    columns=_columns(
        (
            "event_id",
            *_DATED,
            "account_id",
            "user_id!",
            *_ADDRESS,
            "user_agent!",
            "ua_family",
            "device_id!",
            "outcome",
            "mfa:flag",
            "timezone_offset_minutes:whole",
            "channel",
            "refs_version",
            "extra!",
        )
    ),
    key=("event_id",),
)

PAYMENTS = LakeTable(
    name="payments",
    room="events",
    columns=_columns(
        (
            "payment_id",
            *_DATED,
            "account_id",
            "instrument_id!",
            "instrument_kind",
            "payer_name_token",
            "payer_country",
            "amount:number",
            "currency",
            "wallet!",
            "extra!",
        )
    ),
    key=("payment_id",),
)

PAYER_NAME_PARTS = LakeTable(
    name="payer_name_parts",
    room="events",
    columns=_columns(("payment_id", "account_id", "part_token", "received_us:whole")),
    key=("payment_id", "part_token"),
    dated=False,
)

KEYS = LakeTable(
    name="keys",
    room="events",
    columns=_columns(("key_id", *_DATED, "account_id", "kind", "fingerprint!", "extra!")),
    key=("key_id",),
)

LOGS = LakeTable(
    name="logs",
    room="events",
    columns=_columns(
        (
            "event_id",
            *_DATED,
            "product",
            "account_id",
            "class_uid:whole",
            "class_name",
            "category_uid:whole",
            "activity_id:whole",
            "activity",
            "operation",
            "service",
            "outcome",
            "outcome_code",
            "principal_id!",
            "principal_name!",
            "principal_type",
            "principal_issuer!",
            "principal_email_token",
            "session_id!",
            "mfa:flag",
            "invoked_by",
            "target_id!",
            "target_name!",
            "tenant_id",
            "region",
            *_ADDRESS,
            "source_name",
            "user_agent!",
            "ua_family",
            "resource",
            "resource_type",
            "request_id",
            "refs_version",
            "extra!",
            "raw?",
        )
    ),
    key=("product", "event_id"),
)

TABLES: tuple[LakeTable, ...] = (SIGNINS, PAYMENTS, PAYER_NAME_PARTS, KEYS, LOGS)

#: Column -> attribute of OCSF 1.8. What is absent here is Vedette's own (``extra`` is OCSF's ``unmapped``).
OCSF_PATHS: Mapping[str, str] = {
    "event_id": "metadata.uid",
    "time_us": "time",
    "received_us": "metadata.logged_time",
    "product": "metadata.product.name",
    "class_uid": "class_uid",
    "class_name": "class_name",
    "category_uid": "category_uid",
    "activity_id": "activity_id",
    "activity": "activity_name",
    "operation": "api.operation",
    "service": "api.service.name",
    "outcome": "status",
    "outcome_code": "status_code",
    "principal_id": "actor.user.uid",
    "principal_name": "actor.user.name",
    "principal_type": "actor.user.type",
    "principal_issuer": "actor.session.issuer",
    "principal_email_token": "actor.user.email_addr",
    "session_id": "actor.session.uid",
    "mfa": "actor.session.is_mfa",
    "invoked_by": "actor.invoked_by",
    "user_id": "actor.user.uid",
    "target_id": "user.uid",
    "target_name": "user.name",
    "tenant_id": "cloud.account.uid",
    "region": "cloud.region",
    "ip": "src_endpoint.ip",
    "ip_country": "src_endpoint.location.country",
    "ip_asn": "src_endpoint.autonomous_system.number",
    "ip_as_org": "src_endpoint.autonomous_system.name",
    "source_name": "src_endpoint.name",
    "device_id": "device.uid",
    "user_agent": "http_request.user_agent",
    "resource": "resources.uid",
    "resource_type": "resources.type",
    "request_id": "api.request.uid",
    "extra": "unmapped",
    "raw": "raw_data",
}
