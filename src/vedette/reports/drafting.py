"""Drafting: makes a report of what is held now, keeps what people entered by hand, and writes over nobody's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vedette.audit import writing
from vedette.base import Clock, Json, Principal, stable_id
from vedette.documents.model import field_json
from vedette.reports import store as state
from vedette.reports.gather import HOUSE, Wish, gather
from vedette.reports.model import MOVES, Filed, Held, Material, Report, ReportError, Scope, State
from vedette.reports.paper import Paper, build
from vedette.reports.scan import kind
from vedette.store import Store

_ENTRY_MOST = 20_000


def draft(
    store: Store,
    principal: Principal,
    name: str,
    subject: str = HOUSE,
    *,
    home: str,
    clock: Clock,
    language: str = "en",
    entered: Mapping[str, str] | None = None,
    amend: bool = False,
) -> Filed:
    """Make a report, or make its draft anew with what is held now; what was entered by hand before is kept.

    A report beyond draft is given as it stands. ``amend`` makes a new draft that will replace one that was sent.
    Raises ReportError.
    """
    report = kind(name)
    if report.scope is not Scope.HOUSE and subject == HOUSE:
        raise ReportError(f"{name} is about one {report.scope.value}", remedy="Name it: vedette report NAME CASE")
    wish = Wish(report, HOUSE if report.scope is Scope.HOUSE else subject, language, {})
    with store.database.reading() as connection:
        rows = state.of_subject(connection, name, _subject(store, wish))
    latest = rows[-1] if rows else None
    if latest is not None and latest.state not in (State.DRAFT, State.WITHDRAWN, State.AMENDED) and not amend:
        _takes_nothing(latest, entered)
        return latest
    place = _place(rows, amend=amend)
    earlier = place.redrawn.report_id if place.redrawn else place.amends
    by_hand = _entered(report, _before(store, earlier), entered or {}, str(principal), clock)
    material = gather(store, principal, replace(wish, entered=by_hand), home=home, clock=clock)
    paper = build(report, material, language)
    made = _filed(report, material, paper, place, str(principal))
    return _keep(store, principal, material, paper, made, place, clock)


def _takes_nothing(latest: Filed, entered: Mapping[str, str] | None) -> None:
    if entered:
        raise ReportError(
            f"the report is already {latest.state.value}",
            remedy=f"Return {latest.report_id} to draft, or use --amend where it was sent",
        )


def _subject(store: Store, wish: Wish) -> str:
    if wish.report.scope is not Scope.CASE:
        return wish.subject
    from vedette.cases import find

    return find(store, wish.subject).case_id


def _before(store: Store, report_id: str | None) -> dict[str, Held]:
    """What people entered by hand into the report before."""
    if report_id is None:
        return {}
    kept = state.content(store, report_id)["entered"]
    return {key: Held(item["value"], item["provenance"]) for key, item in kept.items()}


def _entered(
    report: Report, before: Mapping[str, Held], new: Mapping[str, str], who: str, clock: Clock
) -> dict[str, Held]:
    keys = {ask.key for ask in report.asks}
    unknown = sorted(set(new) - keys)
    if unknown:
        raise ReportError(f"{report.name} has no field {unknown[0]!r}", remedy=f"One of: {', '.join(sorted(keys))}")
    if any(len(text) > _ENTRY_MOST for text in new.values()):
        raise ReportError(f"a field is longer than {_ENTRY_MOST} characters", remedy="Shorten it")
    source = f"entered by {who} on {clock.now().date().isoformat()}"
    return {**before, **{key: Held(text.strip(), source) for key, text in new.items()}}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a draft stands in the row of its kind: the latest report when it was begun, and the one it will replace."""

    latest: Filed | None
    amends: str | None

    @property
    def redrawn(self) -> Filed | None:
        """The draft that is made anew, if there is one."""
        return self.latest if self.latest is not None and self.latest.state is State.DRAFT else None


def _place(rows: Sequence[Filed], *, amend: bool) -> _Place:
    latest = rows[-1] if rows else None
    if latest is not None and latest.state is State.DRAFT:
        return _Place(latest, latest.amends)
    if not amend:
        return _Place(latest, None)
    left = next((row for row in reversed(rows) if State.AMENDED in MOVES[row.state]), None)
    if left is None or (latest is not None and latest.state not in (left.state, State.WITHDRAWN)):
        raise ReportError("there is nothing to amend", remedy="Only a report that was sent can be amended")
    return _Place(latest, left.report_id)


def _keep(
    store: Store, principal: Principal, material: Material, paper: Paper, made: Filed, place: _Place, clock: Clock
) -> Filed:
    with writing(store, principal, "reports.draft", clock=clock) as act:
        rows = state.of_subject(act.connection, made.name, made.subject)
        # Two people who draft at once do not write over each other, nor over one that was submitted meanwhile.
        if (rows[-1] if rows else None) != place.latest:
            raise ReportError("somebody has changed this report meanwhile", remedy="Look again: vedette report states")
        made = replace(made, changed_at=act.moment)
        state.keep_content(act, store, made.report_id, _content(paper, material))
        state.note(act, made, "drafted", {"sha256": made.sha256, "missing": len(made.missing)})
    return made


def _filed(report: Report, material: Material, paper: Paper, place: _Place, who: str) -> Filed:
    again, latest = place.redrawn, place.latest
    number = again.number if again else latest.number + 1 if latest else 1
    return Filed(
        report_id=again.report_id if again else stable_id("rep", report.name, material.subject, str(number)),
        name=report.name,
        subject=material.subject,
        number=number,
        language=paper.document.language,
        state=State.DRAFT,
        sha256=paper.document.sha256,
        missing=paper.missing,
        made_by=who,
        made_at=material.made_at,
        changed_at=material.made_at,
        case_version=material.case.get("version"),
        decision_id=material.decision.get("decision_id"),
        amends=place.amends,
    )


def _content(paper: Paper, material: Material) -> dict[str, Json]:
    return {
        "document": paper.document.as_json(),
        "fields": [field_json(item) for item in paper.fields],
        "entered": {
            key: {"value": item.value, "provenance": item.provenance} for key, item in material.entered.items()
        },
    }
