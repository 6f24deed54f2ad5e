"""A narrative of suspicion: who, what, when, where, why and how, in facts and their order."""

from __future__ import annotations

from vedette.reports import held
from vedette.reports.model import Ask, Audience, Report, Scope

REPORT = Report(
    name="sar_narrative",
    version="1",
    titles={"en": "Narrative of suspicious activity"},
    caption="Who, what, when, where, why and how, in order of time and without conclusions beyond the evidence.",
    scope=Scope.CASE,
    audience=Audience.AUTHORITY,
    routes=("fbi_ic3", "ofac", "bis", "uk_nca", "uk_ofsi", "kr_police", "kr_nis", "eu_competent"),
    citation=("FIN-01", "FIN-02", "FIN-03", "FIN-04"),
    policy=("us_disclosure_silence",),
    asks=(
        Ask(
            key="who",
            label="Who: customers",
            find=held.customer("name", "name_native", "country"),
            needed=True,
            citation="FIN-01",
        ),
        Ask(key="owners", label="Who: declared owners", find=held.owners, citation="FIN-01"),
        Ask(key="accounts", label="Who: accounts", find=held.accounts, needed=True, citation="FIN-01"),
        Ask(key="contacts", label="Who: contacts", find=held.customer("email", "phone", "website"), citation="FIN-02"),
        Ask(key="what", label="What happened", find=held.case_value("summary"), needed=True, citation="FIN-01"),
        Ask(key="amount", label="What was paid", find=held.paid, citation="FIN-01"),
        Ask(key="where", label="Where: addresses with times", find=held.addresses, citation="FIN-02"),
        Ask(key="devices", label="Where: devices", find=held.devices, citation="FIN-02"),
        Ask(key="wallets", label="Where: wallets", find=held.wallets, citation="FIN-02"),
        Ask(
            key="why",
            label="Why it is suspicious, in the reviewer's words",
            find=held.by_hand,
            needed=True,
            citation="FIN-01",
        ),
        Ask(key="how", label="How it was done", find=held.by_hand, needed=True, citation="FIN-01"),
        Ask(key="losses", label="Losses known", find=held.by_hand, citation="FIN-01"),
        Ask(key="contact", label="Whom to ask at the provider", find=held.by_hand, needed=True, citation="FIN-01"),
    ),
    parts=lambda material: {
        "evidence": held.evidence(material),
        "chronology": held.chronology(material),
        "sign_ins": held.sign_ins(material),
        "blind": held.blind_spots(material),
    },
)
