"""What a blocked-property report asks for, and where each field comes from."""

from __future__ import annotations

from vedette.reports import held
from vedette.reports.model import Ask, Audience, Report, Scope

REPORT = Report(
    name="ofac_blocking",
    version="1",
    titles={"en": "Report of blocked property"},
    caption="Property that a final decision has blocked, for the Office of Foreign Assets Control.",
    scope=Scope.CASE,
    audience=Audience.AUTHORITY,
    routes=("ofac",),
    citation=("OFAC-04", "OFAC-05"),
    policy=("us_ofac_block_reject_report", "us_ofac_dprk_blocking"),
    actions=("block-property",),
    asks=(
        Ask(key="holder", label="Holder of the property", find=held.by_hand, needed=True, citation="OFAC-05"),
        Ask(key="holder_contact", label="Holder's contact person", find=held.by_hand, needed=True, citation="OFAC-05"),
        Ask(
            key="owner",
            label="Owner or party",
            find=held.customer("name", "name_native"),
            needed=True,
            citation="OFAC-05",
        ),
        Ask(key="owner_address", label="Owner's address", find=held.customer("address", "country"), citation="OFAC-05"),
        Ask(key="owners", label="Declared owners of the party", find=held.owners, citation="OFAC-05"),
        Ask(key="target", label="Sanctions target and list entry", find=held.listed, citation="OFAC-05"),
        Ask(key="programme", label="Sanctions programme", find=held.by_hand, needed=True, citation="OFAC-05"),
        Ask(key="property", label="Description of the property", find=held.by_hand, needed=True, citation="OFAC-05"),
        Ask(key="location", label="Where the property lies", find=held.by_hand, citation="OFAC-05"),
        Ask(key="accounts", label="Account or reference number", find=held.accounts, needed=True, citation="OFAC-05"),
        Ask(key="blocked_on", label="Blocked since", find=held.frozen_since, needed=True, citation="OFAC-05"),
        Ask(key="value", label="Value, actual or estimated, with currency", find=held.by_hand, citation="OFAC-05"),
        Ask(key="paid", label="Paid by the party so far", find=held.paid, citation="OFAC-05"),
        Ask(
            key="authority",
            label="Legal authority",
            find=held.authority("us_ofac_dprk_blocking", "us_ofac_ownership"),
            needed=True,
            citation="OFAC-05",
        ),
        Ask(
            key="due",
            label="To be reported by",
            find=held.due("us_ofac_block_reject_report"),
            citation="OFAC-04",
        ),
    ),
    parts=lambda material: {"evidence": held.evidence(material), "transfers": held.transfers(material)},
)
