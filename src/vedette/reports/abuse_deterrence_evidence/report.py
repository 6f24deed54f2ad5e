"""Evidence of a programme that deters abuse: what detects, how well, who decides, who oversees resellers, what is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.documents import Block
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Material, Report, Scope


def _parts(material: Material) -> Mapping[str, Sequence[Block]]:
    house = material.house
    return {
        "rules": held.bars("Rules by family", "Rules that are in the pack.", house.get("rules_by_family", {})),
        "cases": held.bars("Cases by state", "All cases held.", house.get("cases_by_status", {})),
        "ages": held.bars("Waiting cases by age", "Cases that wait for a person.", house.get("waiting_by_age", {})),
    }


def _counted(key: str, label: str, citation: str = "KYC-14", *, needed: bool = False) -> Ask:
    return Ask(key=key, label=label, find=held.house_value(key), needed=needed, citation=citation)


REPORT = Report(
    name="abuse_deterrence_evidence",
    version="1",
    titles={"en": "Evidence of the abuse-deterrence programme"},
    caption="What the provider does against abuse, in figures counted from what is held.",
    scope=Scope.HOUSE,
    audience=Audience.AUTHORITY,
    routes=("bis",),
    citation=("KYC-14",),
    policy=("us_bis_iaas_identification", "us_bis_red_flags"),
    parts=_parts,
    asks=(
        Ask(key="provider", label="Provider, size and services", find=held.by_hand, needed=True, citation="KYC-14"),
        Ask(key="contact", label="Contact person", find=held.by_hand, needed=True, citation="KYC-14"),
        _counted("customers", "Customers held", needed=True),
        _counted("rules_by_family", "Detection rules, by family", needed=True),
        _counted("lists", "Lists in force, with version"),
        _counted("findings_standing", "Findings that stand"),
        _counted("cases_by_status", "Cases, by state"),
        _counted("decisions_by_outcome", "Decisions that stand, by outcome"),
        _counted("load", "Queue against capacity"),
        _counted("agreement", "Agreement between reviewers"),
        _counted("samples", "Weekly blind samples: what was missed"),
        _counted("terms", "Legal terms running, met and overdue"),
        _counted("actors", "Accounts linked as one hand"),
        _counted("resellers", "Resellers and their oversight"),
        _counted("audit", "Audit log: leaves and faults"),
        Ask(key="cooperation", label="Cooperation with authorities", find=held.by_hand, citation="KYC-14"),
        Ask(key="sharing", label="Privacy-preserving sharing", find=held.by_hand, citation="KYC-14"),
    ),
)
