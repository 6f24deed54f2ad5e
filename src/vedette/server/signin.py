"""The pages by which people come in and go: sign-in, sign-out, and the link with which somebody chooses a password."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from vedette.doors import web
from vedette.doors.access import accept, begin, end, look_at, sign_in
from vedette.doors.access.provider import agreed
from vedette.doors.access.sessions import WEB
from vedette.doors.pages.catalogue import LANGUAGES, preferred, translator, word
from vedette.doors.pages.format import moment
from vedette.doors.pages.render import LANGUAGE_COOKIE
from vedette.doors.people import PersonRefused, SignInRefused, passwords
from vedette.doors.web.form import refuse_other_sites
from vedette.doors.web.person import SIGN_IN, give_cookie, note_refusal, require_own, signed_in, take_cookie

router = APIRouter(include_in_schema=False)
_PLACE = Annotated[web.Workplace, Depends(web.workplace)]
_FORM = Annotated[web.Form, Depends(web.form)]
_YEAR = 365 * 24 * 3600
#: What can go wrong at the door, as the rooms below say it; anything else is told as it is said.
FAULTS = (
    word("Name, password or code is wrong"),
    word("Too many failed sign-ins for this name"),
    word("the code is wrong"),
    word("Enter the six digits that your authenticator shows now"),
    word("there is somebody of this name"),
    word("Choose another name"),
    word("this password is easy to guess"),
    word("this is no sign-in name"),
    word("Use 1 to 64 of a-z, 0-9, dot, dash, underscore, plus and @"),
    word("there is no password here to change"),
    word("Change it where you sign in"),
    word("There is no identity provider here"),
    word("Sign in with a password"),
    word("You may not come in"),
    word("Ask an administrator"),
    word("The identity provider refused this sign-in"),
    word("Try again"),
    word("Begin again"),
    word("This sign-in did not begin in this browser"),
    word("This sign-in is too old or not the one that began here"),
)
_POLICY = "default-src 'none'; style-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@router.get(SIGN_IN)
async def ask(request: Request, place: _PLACE, next: str = "/") -> Response:
    """The sign-in form; whoever is signed in already is sent on."""
    if await signed_in(request, place) is not None:
        return RedirectResponse(inside(next), 303)
    return page(request, "sign_in.html", word("Sign in"), next=inside(next), name="", providers=_providers(place))


@router.post(SIGN_IN)
async def enter(request: Request, place: _PLACE, sent: _FORM) -> Response:
    """Sign in: a fresh session in place of any earlier one of this browser."""
    refuse_other_sites(request)
    name, onward = sent.get("name", ""), inside(sent.get("next", "/"))
    try:
        entered = await run_in_threadpool(
            sign_in, place.store, name, sent.get("password", ""), sent.get("code", ""), kind=WEB, clock=place.clock
        )
    except SignInRefused as fault:
        problem = await _refused(request, place, fault)
        shown = page(
            request,
            "sign_in.html",
            "Sign in",
            problem.status,
            (fault.problem, fault.remedy if fault.wait else ""),
            next=onward,
            name=name,
            providers=_providers(place),
        )
        shown.headers.update(problem.headers)
        return shown
    await end_earlier(request, place)
    response = RedirectResponse(onward, 303)
    give_cookie(response, place, entered.secret)
    return response


async def _refused(request: Request, place: web.Workplace, fault: SignInRefused) -> web.Problem:
    if fault.wait:
        await note_refusal(place, "too_often")
        text = f"{fault.problem}. {fault.remedy}."
        return web.Problem(429, "too-many-requests", text, headers={"Retry-After": str(fault.wait)})
    problem = await web.refusal(request, place, "sign-in", web.Problem(401, "sign-in", f"{fault.problem}."))
    problem.headers.pop("WWW-Authenticate", None)
    return problem


@router.post("/sign-out")
async def leave(request: Request, place: _PLACE, sent: _FORM) -> Response:
    """Sign out: the session ends here and the browser forgets it."""
    found = await signed_in(request, place)
    if found is not None:
        await require_own(request, found, sent)
        await run_in_threadpool(end, place.store, found.session, place.clock)
    response = RedirectResponse(SIGN_IN, 303)
    take_cookie(response, place)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/welcome/{token}")
async def welcome(request: Request, place: _PLACE, token: str) -> Response:
    """The form with which an invited person chooses a password and ties an authenticator."""
    try:
        return await run_in_threadpool(_welcome, request, place, token)
    except PersonRefused as fault:
        await web.refusal(request, place, "invitation", web.Problem(404, "invitation", fault.problem))
        return page(request, "gone.html", word("Not a good link"), 404, (fault.problem, fault.remedy))


@router.post("/welcome/{token}")
async def join(request: Request, place: _PLACE, sent: _FORM, token: str) -> Response:
    """Use the invitation up and come in."""
    refuse_other_sites(request)
    try:
        person = await run_in_threadpool(
            accept,
            place.store,
            token,
            sent.get("name", ""),
            sent.get("password", ""),
            sent.get("code", ""),
            needs_code=place.entrance.second_factor,
            clock=place.clock,
        )
    except PersonRefused as fault:
        return await _again(request, place, token, sent, fault)
    await end_earlier(request, place)
    entered = await run_in_threadpool(begin, place.store, person, kind=WEB, how="invitation", clock=place.clock)
    response = RedirectResponse("/", 303)
    give_cookie(response, place, entered.secret)
    return response


async def _again(request: Request, place: web.Workplace, token: str, sent: web.Form, fault: PersonRefused) -> Response:
    texts = (fault.problem, fault.remedy)
    try:
        return await run_in_threadpool(_welcome, request, place, token, texts, sent.get("name", ""))
    except PersonRefused:
        await web.refusal(request, place, "invitation", web.Problem(404, "invitation", fault.problem))
        return page(request, "gone.html", "Not a good link", 404, texts)


def _welcome(
    request: Request, place: web.Workplace, token: str, fault: tuple[str, ...] = (), name: str = ""
) -> Response:
    offer = look_at(place.store, token, clock=place.clock)
    return page(
        request,
        "welcome.html",
        word("Come in"),
        422 if fault else 200,
        fault,
        token=token,
        person=offer.invitation.name,
        until=offer.invitation.expires_at,
        name=name,
        secret=" ".join(offer.secret[n : n + 4] for n in range(0, len(offer.secret), 4)),
        address=offer.address,
        needed=place.entrance.second_factor,
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
    )


async def end_earlier(request: Request, place: web.Workplace) -> None:
    earlier = await signed_in(request, place)
    if earlier is not None:
        await run_in_threadpool(end, place.store, earlier.session, place.clock)


def _providers(place: web.Workplace) -> tuple[dict[str, str], ...]:
    provider = agreed(place.store)
    return () if provider is None else ({"id": "provider", "title": provider.title},)


def inside(address: str) -> str:
    """An address within this service: whatever could lead elsewhere becomes the first page."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe and "\\" not in address and len(address) <= 2_000 else "/"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("vedette.server", "entry"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["moment"] = moment
    return made


def page(
    request: Request, template: str, title: str, status: int = 200, fault: tuple[str, ...] = (), **values: Any
) -> Response:
    """A page at the door in the reader's language: the one chosen by the switch, else the browser's."""
    chosen = request.query_params.get("language")
    asked = chosen if chosen in LANGUAGES else request.cookies.get(LANGUAGE_COOKIE)
    language = preferred(asked, request.headers.get("accept-language", ""))
    _ = translator(language)
    other = next(code for code in LANGUAGES if code != language)
    text = (
        _templates()
        .get_template(template)
        .render(
            _=_,
            title=_(title),
            fault=" ".join(f"{_(text.rstrip('.'))}." for text in fault if text),
            language=language,
            switch=_switched(request, other) if request.method == "GET" else "",
            other=(other, LANGUAGES[other]),
            **values,
        )
    )
    response = HTMLResponse(text, status, headers={"Content-Security-Policy": _POLICY})
    if chosen in LANGUAGES:
        secure = request.url.scheme == "https"
        response.set_cookie(LANGUAGE_COOKIE, str(chosen), max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return response


def _switched(request: Request, language: str) -> str:
    """This page's own address in another language."""
    kept = [(name, text) for name, text in request.query_params.multi_items() if name != "language"]
    return f"{request.url.path}?{urlencode([*kept, ('language', language)])}"
