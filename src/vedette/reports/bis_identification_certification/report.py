"""What a certification of the identification programme would ask for, counted from the customers held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.documents import Block
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Material, Report, Scope


def _parts(material: Material) -> Mapping[str, Sequence[Block]]:
    counted = material.house.get("certification", {})
    return {
        "places": held.bars(
            "Foreign customers by declared place",
            "Customers who are presumed foreign, by the country they declare.",
            counted.get("foreign_customers_by_place", {}),
        ),
        "ages": held.bars(
            "Foreign accounts not verified, by age",
            "Days since the account was opened.",
            counted.get("unverified_by_age_days", {}),
        ),
    }


def _counted(key: str, label: str, *, needed: bool = False) -> Ask:
    return Ask(key=key, label=label, find=held.house_value("certification", key), needed=needed, citation="KYC-12")


REPORT = Report(
    name="bis_identification_certification",
    version="1",
    titles={"en": "Certification of the customer identification programme"},
    caption="Numbers and places of customers, owners and resellers, as a proposed rule would ask for them.",
    scope=Scope.HOUSE,
    audience=Audience.AUTHORITY,
    routes=("bis",),
    citation=("KYC-11", "KYC-12"),
    policy=("us_bis_kyc_certification", "us_bis_iaas_identification"),
    parts=_parts,
    asks=(
        Ask(key="provider", label="Provider", find=held.by_hand, needed=True, citation="KYC-12"),
        Ask(key="contact", label="Contact person", find=held.by_hand, needed=True, citation="KYC-12"),
        Ask(key="methods", label="Verification methods and tools", find=held.by_hand, citation="KYC-12"),
        _counted("verified_by_method", "Customers verified, by method"),
        _counted("abuse_detection", "What detects abuse"),
        Ask(key="oversight", label="Reseller oversight procedure", find=held.by_hand, citation="KYC-12"),
        _counted("customers", "Customers", needed=True),
        _counted("customers_by_place", "Customers by declared place"),
        _counted("foreign_customers", "Customers presumed foreign"),
        _counted("foreign_customers_by_place", "Customers presumed foreign, by place"),
        _counted("foreign_beneficial_owners_by_place", "Foreign beneficial owners, by place"),
        _counted("resellers", "Resellers"),
        _counted("foreign_accounts_unverified", "Foreign accounts not verified", needed=True),
        _counted("unverified_by_age_days", "Foreign accounts not verified, by age in days"),
        _counted("unverifiable_cases", "Cases that could not be verified, and their resolution"),
        Ask(
            key="attested",
            label="Attestation: reviewed, updated for services and threats, and followed",
            find=held.by_hand,
            needed=True,
            citation="KYC-12",
        ),
    ),
)
