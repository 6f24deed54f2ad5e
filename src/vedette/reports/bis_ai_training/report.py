"""What a report of a training run of a large model would ask for, from the compute ledger and the customer's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.documents import Block, Figure, Mark, Paragraph
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Material, Report, Scope


def _parts(material: Material) -> Mapping[str, Sequence[Block]]:
    marks = tuple(
        Mark(str(row["id"]), row["flop_p50"], row.get("flop_p5"), row.get("flop_p95"))
        for row in material.compute
        if row.get("flop_p50")
    )
    drawn = Figure("bar", "Estimated operations", "Median with the interval from 5 to 95 percent.", marks, "operations")
    none = Paragraph("No compute is held for these accounts; this is not evidence that there was none.")
    return {"compute": (drawn,) if marks else (none,), "sign_ins": held.sign_ins(material)}


REPORT = Report(
    name="bis_ai_training",
    version="1",
    titles={"en": "Report of a training run of a large model"},
    caption="A customer's compute, its amount with uncertainty, and its use, as a proposed rule would ask for them.",
    scope=Scope.CASE,
    audience=Audience.AUTHORITY,
    routes=("bis",),
    citation=("KYC-16", "KYC-17"),
    policy=("us_bis_iaas_training_report",),
    parts=_parts,
    asks=(
        Ask(key="provider", label="Provider", find=held.by_hand, needed=True, citation="KYC-17"),
        Ask(
            key="name",
            label="Customer's name",
            find=held.customer("name", "name_native"),
            needed=True,
            citation="KYC-17",
        ),
        Ask(
            key="address",
            label="Customer's address",
            find=held.customer("address", "country"),
            needed=True,
            citation="KYC-17",
        ),
        Ask(key="payment", label="Means and source of payment", find=held.means_of_payment, citation="KYC-17"),
        Ask(key="email", label="E-mail", find=held.customer("email"), citation="KYC-17"),
        Ask(key="phone", label="Telephone", find=held.customer("phone"), citation="KYC-17"),
        Ask(key="ips", label="Addresses used, with times", find=held.addresses, citation="KYC-17"),
        Ask(
            key="run",
            label="Existence of the run, and how it became known",
            find=held.by_hand,
            needed=True,
            citation="KYC-16",
        ),
        Ask(
            key="operations",
            label="Estimated operations, median (5 to 95 percent)",
            find=held.operations,
            needed=True,
            citation="KYC-17",
        ),
        Ask(key="start", label="First compute held", find=held.span("from"), citation="KYC-17"),
        Ask(key="end", label="Expected end", find=held.by_hand, citation="KYC-17"),
        Ask(key="purpose", label="Declared purpose", find=held.customer("declared_purpose"), citation="KYC-17"),
        Ask(key="practices", label="Training practices", find=held.by_hand, citation="KYC-17"),
        Ask(key="accelerators", label="Primary accelerators", find=held.accelerators, citation="KYC-17"),
        Ask(key="weights", label="How the weights are protected", find=held.by_hand, citation="KYC-17"),
        Ask(
            key="due",
            label="Term kept voluntarily",
            find=held.due("us_bis_iaas_training_report"),
            citation="KYC-16",
        ),
    ),
)
