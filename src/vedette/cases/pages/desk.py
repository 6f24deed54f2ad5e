"""Pages: the queue beside the case, the case on its own page, and what a reviewer does there."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette import cases
from vedette.accounts import reveal
from vedette.audit import proofs
from vedette.base import VedetteError
from vedette.cases import pane
from vedette.cases.activity import activity
from vedette.cases.model import CaseHeld
from vedette.cases.pages.look import FACTS, look_of
from vedette.cases.presence import Presence
from vedette.cases.proven import checked
from vedette.cases.versions import in_force
from vedette.cases.view import WAITING
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.names import fold
from vedette.screening.routes import live

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_APPROVER = Annotated[web.Person, Depends(web.needs_person(web.Permission.APPROVE))]
_REVEALER = Annotated[web.Person, Depends(web.needs_person(web.Permission.REVEAL))]
_FORM = Annotated[web.Form, Depends(web.form)]
_PAGE = 100
_OWN = ("at", "page")
#: What of a customer stands beside a list entry; nothing else is opened for looking.
_COMPARED: tuple[str, ...] = (
    *("name", "name_native", "kind", "birth_date", "country", "address"),
    *("email", "phone", "registration_number", "website"),
)


# -- the queue


@router.get("/queue")
def queue(request: Request, person: _READER) -> Response:
    """The cases of a filter, most urgent first, and the selected one beside them. The filter is the address."""
    asked = asked_of(request)
    now, store = person.place.clock.now(), person.place.store
    number = number_of(request.query_params.get("page"))
    found = cases.view(store, wanted_of(asked), now=now, limit=_PAGE, offset=(number - 1) * _PAGE)
    rows = pane.lines(found, now)
    ids = [row["case_id"] for row in rows]
    at = request.query_params.get("at")
    at = at if at in ids else next(iter(ids), None)
    query = urlencode(asked)
    values: dict[str, Any] = {
        "rows": rows,
        "total": found.total,
        "at": at,
        "query": query,
        "bulk": person.may(web.Permission.DECIDE),
        "look": look_of(request),
        "look_facts": FACTS,
        "asked": dict(asked),
        "saved": cases.saved_filters(store, person.principal),
        "statuses": [item.value for item in cases.CaseStatus if item is not cases.CaseStatus.MERGED],
        "page": number,
        "last_page": max(1, -(-found.total // _PAGE)),
        "first": (number - 1) * _PAGE + 1,
    }
    if at is not None:
        values |= _case(request, person, at, "overview")
    return pages.show(request, person, "cases/queue.html", "Queue", **values)


@router.get("/queue.csv")
def as_csv(request: Request, person: _READER) -> Response:
    """Exactly the filtered cases as CSV that no spreadsheet runs."""
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    text = cases.as_csv(_rows(request, person))
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/queue.json")
def as_json(request: Request, person: _READER) -> Response:
    """Exactly the filtered cases as JSON."""
    return web.answer(
        {"cases": _rows(request, person)}, headers={"Content-Disposition": 'attachment; filename="cases.json"'}
    )


@router.post("/queue/filters")
def keep_filter(person: _READER, sent: _FORM) -> Response:
    """Save the filter under a name for oneself, or forget it."""
    place, query = person.place, sent.get("query", "")
    if sent.get("forget"):
        cases.forget_filter(place.store, person.principal, sent["forget"], clock=place.clock)
    else:
        cases.save_filter(place.store, person.principal, sent.get("name", ""), query, clock=place.clock)
    return RedirectResponse(f"/queue?{cases.parse(query).query()}", 303)


@router.post("/queue/next")
def claim_next(request: Request, person: _DECIDER) -> Response:
    """Claim the most urgent case that waits for this person, and open it."""
    claim = cases.next_case(person.place.store, person.principal, clock=person.place.clock)
    if claim is None:
        return pages.show(request, person, "cases/nothing.html", "Nothing waits for you")
    return RedirectResponse(f"/cases/{claim.case.case_id}", 303)


def asked_of(request: Request) -> list[tuple[str, str]]:
    """The filter in the address, without what only places the reader and without fields left blank."""
    return [(key, text) for key, text in request.query_params.multi_items() if key not in _OWN and text.strip()]


def wanted_of(asked: list[tuple[str, str]]) -> cases.Selection:
    """What is asked for; without a status, whatever still needs somebody."""
    named = any(key == "status" for key, _ in asked)
    return cases.selection(asked if named else [*asked, *(("status", item.value) for item in WAITING)])


def _rows(request: Request, person: web.Person) -> list[dict[str, Any]]:
    now = person.place.clock.now()
    return cases.view(person.place.store, wanted_of(asked_of(request)), now=now).rows(now)


def number_of(text: str | None) -> int:
    """A small whole number in a form or address, at least 1."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


# -- one case


@router.get("/cases/{case_id}")
def case(request: Request, person: _READER, case_id: str, tab: str = "overview") -> Response:
    """A case on a page of its own. An account id or the beginning of a case id leads there, too."""
    found = cases.find(person.place.store, case_id)
    if found.case_id != case_id:
        return RedirectResponse(f"/cases/{found.case_id}", 303)
    return pages.show(request, person, "cases/case.html", "Case", **_case(request, person, case_id, tab))


@router.get("/cases/{case_id}/pane")
def case_pane(request: Request, person: _READER, case_id: str, tab: str = "overview") -> Response:
    """The case beside the queue."""
    return pages.part(request, person, "cases/pane.html", **_case(request, person, case_id, tab))


@router.get("/cases/{case_id}/export.json")
def exported(person: _READER, case_id: str) -> Response:
    """The case with findings, decisions, history and the proofs of its leaves."""
    found = cases.export(person.place.store, case_id, clock=person.place.clock)
    return web.answer(found, headers={"Content-Disposition": f'attachment; filename="{found["case_id"]}.json"'})


@router.post("/cases/{case_id}/reveal")
def show_customer(request: Request, person: _REVEALER, case_id: str) -> Response:
    """Show the customers' own data beside the list entry; the log keeps who looked at whose."""
    place = person.place
    known = cases.revealed(
        place.store, person.principal, case_id, lambda account: reveal(place.store, account) or {}, clock=place.clock
    )
    tab = "screening" if request.query_params.get("tab") == "screening" else "notes"
    values = _case(request, person, case_id, tab)
    values["customers"] = {account: _customer(fields) for account, fields in known.items()}
    values["words"] = pane.left_words(place.store, case_id)
    return pages.part(request, person, "cases/pane.html", **values)


def _customer(fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a list entry can be compared with: field, value, and a romanised form where it is in another script."""
    texts = [(name, str(fields[name])) for name in _COMPARED if fields.get(name)]
    return [(name, text, _roman(text)) for name, text in texts]


def _roman(text: str) -> str:
    return "" if text.isascii() else fold(text)


def _case(request: Request, person: web.Person, case_id: str, tab: str) -> dict[str, Any]:
    store = person.place.store
    values = pane.case_values(store, case_id, tab, clock=person.place.clock)
    told = values["case"]
    shown = {panel.name: panel for panel in pages.panels(request, person, "case")}
    at = values["tabs"].index("notes")
    values["tabs"] = [*values["tabs"][:at], *shown, *values["tabs"][at:]]
    if tab in shown:
        values |= {"tab": tab, "panel": shown[tab].address(told["case_id"], told["accounts"])}
    tab = values["tab"]
    values["may"] = {item.name.lower(): person.may(item) for item in web.Permission}
    values["customers"], values["words"] = {}, []
    values["viewers"] = person.place.keep(Presence, Presence).look(
        told["case_id"], person.name, person.place.clock.now()
    )
    if tab == "screening":
        values["hits"] = [_entry(person, hit) for hit in pane.hits(told)]
    elif tab == "actor":
        values["ties"] = pane.ties(store, told)
    elif tab == "activity":
        values["activity"] = activity(store, told["accounts"])
    elif tab == "audit":
        leaves = sorted({entry["leaf"] for entry in told["history"]})
        values["proofs"] = checked(store, proofs(store, leaves))
    return values


def _entry(person: web.Person, hit: dict[str, Any]) -> dict[str, Any]:
    """A hit with what its entry holds now, names in their own scripts; ``in_force`` says whether it is the version cited."""
    held = live(person.place).current()
    number = held.numbers.get((hit["list"], hit["entity_id"])) if held is not None else None
    if held is None or number is None:
        return {**hit, "names": [], "holds": [], "in_force": False}
    party = held.index.listing(number).party
    rows = (
        ("kind", [party.kind.value]),
        ("birth_date", party.birth_dates),
        ("country", party.countries),
        ("address", [address.text for address in party.addresses]),
        ("identifier", [f"{one.kind} {one.value}" for one in party.identifiers]),
        ("website", party.websites),
    )
    return {
        **hit,
        "names": [(name.text, _roman(name.text)) for name in party.names[:40]],
        "holds": [(name, " · ".join(texts[:12])) for name, texts in rows if texts],
        "in_force": held.version(hit["list"]).version == hit["list_version"],
    }


# -- what a reviewer does


@router.post("/cases/{case_id}/decisions")
def decide(request: Request, person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Decide what was shown. Refused kindly where the case has changed since; else on to the next case."""
    place = person.place
    home, today = place.home, place.clock.now().date()
    try:
        made = cases.decide(
            place.store,
            person.principal,
            case_id,
            choice(cases.Outcome, sent, "outcome", word("Choose what you believe")),
            choice(cases.Action, sent, "action", word("Choose what is done about it")),
            sent.get("reason", ""),
            sent.get("note", ""),
            expected_version=number_of(sent.get("version")),
            clock=place.clock,
            versions=in_force(place.store, cases.get(place.store, case_id), home=home, on=today),
        )
    except cases.StaleCase:
        raise _changed(case_id) from None
    onward = sent.get("next", "")
    return _onward(request, person, case_id, onward, "decided", waits=made.state.value == "waiting")


@router.post("/cases/{case_id}/undo")
def undo(request: Request, person: _DECIDER, case_id: str) -> Response:
    """Take back one's own decision of the last ten seconds, and show the case again."""
    cases.undo(person.place.store, person.principal, case_id, clock=person.place.clock)
    return _onward(request, person, case_id, case_id, "undone")


@router.post("/cases/{case_id}/claim")
def claim(request: Request, person: _DECIDER, case_id: str) -> Response:
    """Take the case for an hour."""
    answer = cases.claim(person.place.store, person.principal, case_id, clock=person.place.clock)
    if not answer.given:
        raise CaseHeld(
            word("Another reviewer holds this case"), remedy=word("Ask them, or wait until the hour is over")
        )
    return _again(request, person, case_id)


@router.post("/cases/{case_id}/assign")
def assign(request: Request, person: _DECIDER, case_id: str) -> Response:
    """Assign the case to oneself."""
    cases.assign(person.place.store, person.principal, case_id, person.principal.id, clock=person.place.clock)
    return _again(request, person, case_id)


@router.post("/cases/{case_id}/snooze")
def snooze(request: Request, person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Let the case sleep for some days; it always wakes by itself."""
    until = person.place.clock.now() + timedelta(days=min(number_of(sent.get("days")), 366), minutes=-1)
    cases.snooze(person.place.store, person.principal, case_id, until, clock=person.place.clock)
    return _onward(request, person, case_id, sent.get("next", ""), "slept")


@router.post("/cases/{case_id}/escalate")
def escalate(request: Request, person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Move the case to the top for somebody with more authority."""
    cases.escalate(person.place.store, person.principal, case_id, sent.get("note", ""), clock=person.place.clock)
    return _again(request, person, case_id)


@router.post("/cases/{case_id}/notes")
def note(request: Request, person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Leave words on the case without deciding it."""
    cases.remark(person.place.store, person.principal, case_id, sent.get("note", ""), clock=person.place.clock)
    return _again(request, person, case_id, "notes")


@router.post("/cases/{case_id}/answer")
def answer(request: Request, person: _APPROVER, case_id: str, sent: _FORM) -> Response:
    """Agree or disagree with the decision that waits, as a second person who saw this version of the case."""
    store, clock = person.place.store, person.place.clock
    if cases.get(store, case_id).version != number_of(sent.get("version")):
        raise _changed(case_id)
    verb = cases.approve if sent.get("agree") == "yes" else cases.reject
    verb(store, person.principal, case_id, clock=clock)
    return _again(request, person, case_id)


def choice(kind: Any, sent: web.Form, field: str, problem: str) -> Any:
    """A word of a closed set that a form names. Raises VedetteError with a problem that pages translate."""
    try:
        return kind(sent.get(field, ""))
    except ValueError:
        raise VedetteError(problem, remedy=word("Choose one in the form")) from None


def _changed(case_id: str) -> web.Problem:
    detail = word("This case has changed since you opened it, so nothing was decided")
    remedy = word("Look at it as it is now; your note is still in the form")
    return web.Problem(412, "changed", detail, remedy=remedy, extra={"look_again": f"/cases/{case_id}"})


def _again(request: Request, person: web.Person, case_id: str, tab: str = "overview") -> Response:
    """The case as it is now."""
    if not request.headers.get("hx-request"):
        return RedirectResponse(f"/cases/{case_id}?tab={tab}", 303)
    return pages.part(request, person, "cases/pane.html", **_case(request, person, case_id, tab))


def _onward(
    request: Request, person: web.Person, case_id: str, onward: str, did: str, *, waits: bool = False
) -> Response:
    """The next case in the pane, with word of what was done to the last one, and ten seconds to undo a decision."""
    if not request.headers.get("hx-request"):
        return RedirectResponse(f"/cases/{case_id}" if did == "undone" else "/queue", 303)
    told = {"case_id": case_id, "did": did, "next": onward, "waits": waits}
    if not onward:
        return pages.part(request, person, "cases/onward.html", told=told, case=None)
    return pages.part(request, person, "cases/onward.html", told=told, **_case(request, person, onward, "overview"))
