"""Pages: every report and where it stands, one report with its fields and steps, and its way from draft to receipt."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette import approvals, reports
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.reports.gather import HOUSE
from vedette.reports.grounds import available
from vedette.reports.grounds import routes as known_routes
from vedette.reports.model import MOVES, Filed, Report, Scope, State
from vedette.reports.shown import LEAVING, fields, opened, taken

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/reports", word("Reports"), web.Permission.READ, "w", 28),)
PANELS = (pages.Panel("case", "report", "/reports/about"),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_APPROVER = Annotated[web.Person, Depends(web.needs_person(web.Permission.APPROVE))]
_REVEALER = Annotated[web.Person, Depends(web.needs_person(web.Permission.REVEAL))]
_SHARER = Annotated[web.Person, Depends(web.needs_person(web.Permission.SHARE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "zip": "application/zip",
}
_ENTRY = "set-"


@router.get("/reports")
def all_reports(request: Request, person: _READER) -> Response:
    """Every report, the one that changed last in front, and the form for a new one."""
    wanted = request.query_params.get("state", "")
    rows = [item for item in reports.all_filed(person.place.store) if wanted in ("", item.state.value)]
    return pages.show(
        request,
        person,
        "reports/reports.html",
        "Reports",
        rows=[_row(item) for item in rows[:500]],
        states=[item.value for item in State],
        state=wanted,
        kinds=[_kind(item, "") for item in reports.kinds().values()],
        about="",
        may=person.may(web.Permission.DECIDE),
    )


@router.get("/reports/about")
def about_case(request: Request, person: _READER, case: str = "") -> Response:
    """The reports of one case, and the kinds that can be made of it; a tab of the case."""
    rows = reports.all_filed(person.place.store, case)
    values: dict[str, Any] = {
        "rows": [_row(item) for item in rows],
        "about": case,
        "kinds": [_kind(item, case) for item in reports.kinds().values() if item.scope is Scope.CASE],
        "may": person.may(web.Permission.DECIDE),
    }
    return pages.whole_or_part(request, person, "reports/about.html", "reports/about_page.html", "Reports", **values)


@router.post("/reports")
def draft(person: _DECIDER, sent: _FORM) -> Response:
    """Make a draft of a kind about a case, an account or the house; where one stands already, lead to it."""
    place = person.place
    made = reports.draft(
        place.store,
        person.principal,
        sent.get("kind", ""),
        sent.get("subject", "").strip() or HOUSE,
        home=place.home,
        clock=place.clock,
        language=sent.get("language") or "en",
        amend=bool(sent.get("amend")),
    )
    return _to(made)


@router.get("/reports/{report_id}")
def one_report(request: Request, person: _READER, report_id: str) -> Response:
    """One report: its fields with their provenance, its ground, every step with its leaf, and what may be done next."""
    return _page(request, person, reports.find(person.place.store, report_id))


@router.post("/reports/{report_id}/open")
def open_report(request: Request, person: _REVEALER, report_id: str) -> Response:
    """Show the paper and the fields' values; the log keeps who looked."""
    place = person.place
    found = reports.find(place.store, report_id)
    values, paper = opened(place.store, person.principal, found, clock=place.clock)
    return _page(request, person, found, values=values, paper=paper)


@router.get("/reports/{report_id}/file.{form}")
def download(person: _REVEALER, report_id: str, form: str) -> Response:
    """The report as a file, as it stands."""
    return _file(person, report_id, form, outgoing=False)


@router.get("/reports/{report_id}/outgoing.{form}")
def outgoing(person: _SHARER, report_id: str, form: str) -> Response:
    """The approved report as the file that leaves the house."""
    return _file(person, report_id, form, outgoing=True)


@router.post("/reports/{report_id}/draft")
def draft_again(person: _DECIDER, report_id: str, sent: _FORM) -> Response:
    """Make the draft anew with what is held now and what was entered by hand."""
    place = person.place
    found = reports.find(place.store, report_id)
    entered = {key.removeprefix(_ENTRY): text for key, text in sent.items() if key.startswith(_ENTRY) and text.strip()}
    made = reports.draft(
        place.store,
        person.principal,
        found.name,
        found.subject,
        home=place.home,
        clock=place.clock,
        language=found.language,
        entered=entered,
    )
    return _to(made)


@router.post("/reports/{report_id}/submit")
def submit(person: _DECIDER, report_id: str, sent: _FORM) -> Response:
    """Hand the draft to a second person, with its route and, for an authority, its ground."""
    place = person.place
    _unchanged(person, report_id, sent)
    made = reports.submit(
        place.store,
        person.principal,
        report_id,
        to=sent.get("to", ""),
        home=place.home,
        clock=place.clock,
        ground=sent.get("ground", ""),
        reference=sent.get("reference", ""),
    )
    return _to(made)


@router.post("/reports/{report_id}/answer")
def answer(person: _APPROVER, report_id: str, sent: _FORM) -> Response:
    """Agree as a second person with the paper that was shown, or send it back to draft."""
    place = person.place
    _unchanged(person, report_id, sent)
    verb = reports.approve if sent.get("agree") == "yes" else reports.give_back
    return _to(verb(place.store, person.principal, report_id, clock=place.clock))


@router.post("/reports/{report_id}/withdraw")
def withdraw(person: _DECIDER, report_id: str) -> Response:
    """Give the report up before it leaves."""
    return _to(reports.withdraw(person.place.store, person.principal, report_id, clock=person.place.clock))


@router.post("/reports/{report_id}/sent")
def sent_out(person: _SHARER, report_id: str, sent: _FORM) -> Response:
    """Note that the approved report has left; refused where its ground no longer holds today."""
    place = person.place
    _unchanged(person, report_id, sent)
    return _to(reports.sent(place.store, person.principal, report_id, home=place.home, clock=place.clock))


@router.post("/reports/{report_id}/received")
def received(person: _SHARER, report_id: str, sent: _FORM) -> Response:
    """Note the receiver's answer under its number."""
    place, accepted = person.place, sent.get("accepted") == "yes"
    made = reports.received(
        place.store, person.principal, report_id, sent.get("receipt", ""), clock=place.clock, accepted=accepted
    )
    return _to(made)


def _unchanged(person: web.Person, report_id: str, sent: web.Form) -> None:
    """Refuse an answer about another paper than the one that was shown."""
    if reports.find(person.place.store, report_id).sha256 != sent.get("sha256"):
        detail = word("This report has changed since you opened it, so nothing was done")
        raise web.Problem(412, "changed", detail, remedy=word("Look at it as it is now"))


def _to(made: Filed) -> Response:
    return RedirectResponse(f"/reports/{made.report_id}", 303)


def _file(person: web.Person, report_id: str, form: str, *, outgoing: bool) -> Response:
    place = person.place
    found = reports.find(place.store, report_id)
    if form not in _FORMS:
        raise web.Problem(404, "no-format", word("There is no such format"), remedy=word("Use the links of the page"))
    data = taken(place.store, person.principal, found, form, clock=place.clock, outgoing=outgoing)
    headers = {"Content-Disposition": f'attachment; filename="{found.report_id}.{form}"'}
    return Response(data, headers=headers, media_type=_FORMS[form])


def _page(
    request: Request,
    person: web.Person,
    found: Filed,
    *,
    values: dict[str, str] | None = None,
    paper: str = "",
) -> Response:
    store = person.place.store
    known = reports.kind(found.name)
    may = {item.name.lower(): person.may(item) for item in web.Permission}
    return pages.show(
        request,
        person,
        "reports/report.html",
        "Report",
        filed=found,
        kind=_kind(known, ""),
        fields=fields(store, found),
        steps=[step.as_json() for step in reports.steps(store, found.report_id)],
        values=values or {},
        paper=paper,
        may=may,
        may_become={item.value for item in MOVES[found.state]},
        leaves=found.state in LEAVING,
        forms=tuple(_FORMS),
        own=_is_own(store, person, found),
        routes=[known_routes()[name] for name in known.routes],
        grounds=_grounds(person) if found.state is State.DRAFT else [],
    )


def _is_own(store: Any, person: web.Person, found: Filed) -> bool:
    """Whether the reader drafted or submitted the report, and so is no second person."""
    me = person.principal.id.casefold()
    makers = {found.made_by.partition(":")[2].casefold()}
    if found.request_id is not None:
        makers.add(approvals.get(store, found.request_id).requested_by.partition(":")[2].casefold())
    return me in makers


def _grounds(person: web.Person) -> list[dict[str, str]]:
    """On what grounds records may go to an authority from this house today."""
    found = available(person.place.home, person.place.clock.now().date())
    return [
        {"kind": kind, "id": rule.id, "title": rule.title, "effect": rule.effect, "caveat": rule.caveat}
        for kind, rules in found.items()
        for rule in rules
    ]


def _row(item: Filed) -> dict[str, Any]:
    known = reports.kinds().get(item.name)
    return {
        "id": item.report_id,
        "name": item.name,
        "titles": known.titles if known else {"en": item.name},
        "subject": "" if item.subject == HOUSE else item.subject,
        "number": item.number,
        "state": item.state.value,
        "missing": len(item.missing),
        "route": item.route or "",
        "changed_at": item.changed_at,
    }


def _kind(item: Report, case: str) -> dict[str, Any]:
    return {
        "name": item.name,
        "titles": item.titles,
        "caption": item.caption,
        "scope": item.scope.value,
        "audience": item.audience.value,
        "languages": sorted(item.titles),
        "actions": item.actions,
        "citation": item.citation,
        "case": case,
    }
