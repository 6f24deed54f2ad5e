"""What a report of a rejected transaction asks for, and where each field comes from."""

from __future__ import annotations

from vedette.reports import held
from vedette.reports.model import Ask, Audience, Report, Scope

REPORT = Report(
    name="ofac_reject",
    version="1",
    titles={"en": "Report of a rejected transaction"},
    caption="A transaction that a final decision has rejected without blocking, for the Office of Foreign Assets Control.",
    scope=Scope.CASE,
    audience=Audience.AUTHORITY,
    routes=("ofac",),
    citation=("OFAC-04", "OFAC-06"),
    policy=("us_ofac_block_reject_report", "us_ofac_dprk_services"),
    actions=("reject",),
    asks=(
        Ask(key="submitter", label="Submitter", find=held.by_hand, needed=True, citation="OFAC-06"),
        Ask(key="submitter_contact", label="Submitter's contact person", find=held.by_hand, citation="OFAC-06"),
        Ask(key="description", label="Description of the transaction", find=held.by_hand, citation="OFAC-06"),
        Ask(key="parties", label="Parties", find=held.customer("name", "name_native"), citation="OFAC-06"),
        Ask(
            key="party_address",
            label="Parties' addresses",
            find=held.customer("address", "country"),
            citation="OFAC-06",
        ),
        Ask(key="institutions", label="Financial institutions", find=held.by_hand, citation="OFAC-06"),
        Ask(
            key="rejected_on",
            label="Date rejected",
            find=held.decided("reject"),
            needed=True,
            citation="OFAC-06",
        ),
        Ask(key="property", label="Property or service concerned", find=held.by_hand, citation="OFAC-06"),
        Ask(key="accounts", label="Account or reference number", find=held.accounts, citation="OFAC-06"),
        Ask(key="target", label="Associated sanctions target", find=held.listed, citation="OFAC-06"),
        Ask(key="value", label="Value, known or estimated, with currency", find=held.by_hand, citation="OFAC-06"),
        Ask(
            key="authority",
            label="Legal authority relied on",
            find=held.authority("us_ofac_dprk_services"),
            needed=True,
            citation="OFAC-06",
        ),
        Ask(
            key="documents",
            label="Documents that are enclosed",
            find=held.by_hand,
            needed=True,
            citation="OFAC-06",
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
