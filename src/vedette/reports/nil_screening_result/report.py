"""A screening that found nothing to hold: against which lists, what was compared, and what that does not mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.documents import Block, Paragraph, Table
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Held, Material, Report, Scope


def _result(material: Material) -> Held | None:
    screened = material.screened
    if not screened.get("lists"):
        return None
    waiting = int(screened["waiting"])
    text = "Nil: no entry calls for a person" if not waiting else f"NOT nil: {waiting} entries call for a person"
    return Held(text, f"screening at {material.made_at}, lists as named")


def _compared(material: Material) -> Held | None:
    found = ", ".join(material.screened.get("compared", ()))
    return Held(found, "customer record and declared owners") if found else None


def _nearest(material: Material) -> Sequence[Block]:
    rows = tuple(
        (str(row["party"]), str(row["list"]), str(row["entity_id"]), f"{row['score']:.2f}", str(row["why"]))
        for row in material.screened.get("nearest", ())
    )
    if not rows:
        return (Paragraph("No entry came near enough to be shown."),)
    return (Table(("Party", "List", "Entry", "Score", "Why it does not call for a person, or does"), rows, "", ()),)


def _parts(material: Material) -> Mapping[str, Sequence[Block]]:
    return {"lists": held.lists_used(material), "nearest": _nearest(material)}


REPORT = Report(
    name="nil_screening_result",
    version="1",
    titles={"en": "Result of a screening"},
    caption="One account screened against every list in force, with what was compared and what came nearest.",
    scope=Scope.ACCOUNT,
    audience=Audience.OWN,
    routes=("own_file",),
    citation=("OFAC-10", "EAR-05"),
    policy=("us_ofac_ownership", "own_screening_noise"),
    parts=_parts,
    asks=(
        Ask(key="account", label="Account", find=held.accounts, needed=True, citation="EAR-05"),
        Ask(key="party", label="Party", find=held.customer("name", "name_native"), citation="EAR-05"),
        Ask(key="owners", label="Declared owners", find=held.owners, citation="EAR-06"),
        Ask(key="result", label="Result", find=_result, needed=True, citation="EAR-05"),
        Ask(key="compared", label="What was compared", find=_compared, needed=True, citation="OFAC-10"),
        Ask(key="asked_by", label="Who asked for it, and why", find=held.by_hand, citation="EAR-05"),
    ),
)
