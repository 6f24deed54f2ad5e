"""The workbook of export red flags: each flag with what was seen, how it was resolved, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from vedette.documents import Block, Table
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Material, Report, Scope

# Code, flag, and the families and check names whose findings bear on it. None is decisive alone (EAR-02).
FLAGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("first_large", "First-time buyer of a large volume of compute", ("lifecycle", "workload")),
    ("no_need", "No business need for high-performance computing", ("workload",)),
    ("address", "Address is residential, vague, or shared with others", ("account", "contact")),
    ("thin_presence", "Little presence on the web", ("contact/website_reused", "contact/disposable_mailbox")),
    ("power", "A data centre cannot show power and cooling for the load", ()),
    ("intermediary", "Forwarder or reseller that is unusual in the trade", ("relation", "payment/instrument_across")),
    ("refuses", "Refuses to tell end use or end user", ()),
    ("like_listed", "Party is like, or linked to, a listed one", ("screening", "list", "ownership", "linking")),
    ("headquarters", "Seat or parent in a country of concern", ("presence",)),
    ("masked_use", "End use or place of access is masked", ("network", "device")),
)


def _flags(material: Material) -> tuple[Block, ...]:
    rows = []
    for code, label, bearing in FLAGS:
        found = [item for item in material.findings if _bears(item, bearing)]
        seen = "; ".join(f"{item['summary']} ({item['id']})" for item in found) or "Nothing was found by a check"
        answer = material.entered.get(code)
        resolution = answer.value if answer else "Open" if found else "To be answered by a person"
        rows.append((code, label, seen, resolution, answer.provenance if answer else ""))
    columns = ("Flag", "What it asks", "What was seen", "Resolution", "By whom")
    return (Table(columns, tuple(rows), "", (1.5, 2.1, 3.1, 1.9, 1.4)),)


def _bears(item: Mapping[str, object], bearing: Sequence[str]) -> bool:
    check, family = str(item["check"]), str(item["family"])
    return any(family == word or check.startswith(word) for word in bearing)


def _raised(bearing: Sequence[str]) -> Callable[[Material], bool]:
    return lambda material: any(_bears(item, bearing) for item in material.findings)


def _answers() -> tuple[Ask, ...]:
    """A resolution for each flag; one that was seen must be resolved before anybody agrees (EAR-04)."""
    return tuple(
        Ask(
            key=code,
            label=f"Resolution: {label}",
            find=held.by_hand,
            citation="EAR-04",
            needed_when=_raised(bearing),
        )
        for code, label, bearing in FLAGS
    )


REPORT = Report(
    name="export_red_flags",
    version="1",
    titles={"en": "Workbook of export red flags"},
    caption="Each red flag with what was seen and how a person resolved it before going on.",
    scope=Scope.CASE,
    audience=Audience.OWN,
    routes=("own_file",),
    citation=("EAR-02", "EAR-03", "EAR-04"),
    policy=("us_bis_red_flags", "us_bis_training_guidance"),
    parts=lambda material: {"flags": _flags(material), "evidence": held.evidence(material)},
    asks=(
        Ask(key="accounts", label="Accounts", find=held.accounts, needed=True, citation="EAR-02"),
        Ask(key="purpose", label="Declared end use", find=held.customer("declared_purpose"), citation="EAR-02"),
        Ask(key="place", label="Declared place", find=held.customer("country"), citation="EAR-02"),
        Ask(key="owners", label="Declared owners", find=held.owners, citation="EAR-02"),
        Ask(key="listed", label="List entries cited", find=held.listed, citation="EAR-02"),
        Ask(key="ips", label="Access from", find=held.addresses, citation="EAR-03"),
        *_answers(),
    ),
)
