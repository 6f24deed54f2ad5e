"""Pages: customers as the provider holds them, masked; names and contacts open only from a case, with a leaf of the log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import findings
from vedette.accounts import store as held
from vedette.accounts.model import OwnerParty
from vedette.accounts.overview import detail
from vedette.accounts.verification import timers
from vedette.accounts.verified import record_of
from vedette.base import from_micros, iso
from vedette.doors import pages, web
from vedette.doors.pages import word

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/customers", word("Customers"), web.Permission.READ, "c", 34),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_PAGE = 100
#: What of a customer is shown without opening anything that is sealed.
SHOWN: tuple[str, ...] = (
    "status",
    "kind",
    "country",
    "email_domain",
    "website_host",
    "phone_country",
    "signup_ip_country",
    "signup_ip_class",
    "declared_timezone",
    "reseller_id",
    "referrer_account_id",
    "id_document_type",
    "verification_status",
)


@router.get("/customers")
def customers(request: Request, person: _READER) -> Response:
    """Accounts whose id begins as asked, a page at a time."""
    begins = request.query_params.get("begins", "").strip()[:100]
    after = request.query_params.get("after", "")[:200]
    rows = held.listed(person.place.store, begins=begins, after=after, limit=_PAGE + 1)
    shown = [{**row, "opened": _day(row["opened_us"])} for row in rows[:_PAGE]]
    return pages.show(
        request,
        person,
        "accounts/customers.html",
        "Customers",
        rows=shown,
        begins=begins,
        onward=shown[-1]["account_id"] if len(rows) > _PAGE else "",
        total=held.count(person.place.store),
    )


@router.get("/customers/{account_id}")
def customer(request: Request, person: _READER, account_id: str) -> Response:
    """One customer: what is declared and held, how far verified, who owns it by share, what was found."""
    place = person.place
    row = held.get(place.store, account_id)
    if row is None:
        raise web.Problem(404, "no-customer", word("No customer of this id is held"), remedy=word("Check the id"))
    today = place.clock.now().date()
    return pages.show(
        request,
        person,
        "accounts/customer.html",
        "Customer",
        account_id=account_id,
        facts=[(name, row[name]) for name in SHOWN if row.get(name) not in (None, "")],
        masked=sorted(name.removesuffix("_token") for name, value in row.items() if name.endswith("_token") and value),
        opened=_day(row.get("opened_us")),
        purpose=row.get("declared_purpose_words") or "",
        verified=detail(record_of(place.store, account_id), today, timers()),
        owners=[_owner(item) for item in held.owners_of(place.store, account_id)],
        found=[item.as_json() for item in findings.standing(place.store, account=account_id)],
    )


def _owner(item: OwnerParty) -> dict[str, Any]:
    """An owner by id and share; the name stays sealed."""
    return {
        "owner_id": item.owner_id,
        "parent": item.parent_owner_id,
        "kind": item.party.kind.value,
        "countries": ", ".join(item.party.countries),
        "share_min": item.share_min,
        "share_max": item.share_max,
        "control": item.control,
    }


def _day(micros: Any) -> str:
    return iso(from_micros(int(micros)))[:10] if micros is not None else ""
