"""Terminal: invite people, give roles, keep somebody out, and sign in at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors
from vedette.base import Principal

if TYPE_CHECKING:
    from vedette.doors.people import Person

people = typer.Typer(help="Invite people, give them roles, and keep them out.", no_args_is_help=True)
_NAME = Annotated[str, typer.Argument(metavar="NAME", help="A sign-in name, as `vedette people list` gives it.")]
_ROLES = Annotated[
    list[str],
    typer.Option(
        "--role",
        help="viewer, analyst, approver, rule-author, rule-publisher, integrity-officer, sharing-officer, auditor or "
        "admin. Repeat it.",
    ),
]
_AT = Annotated[str, typer.Option(help="Address of the service, for the link.")]
_HERE = "http://127.0.0.1:8080"
_SHOWN = ["name", "roles", "state", "second_factor", "signs_on_elsewhere", "created_by"]


def administrator(session: doors.Session) -> Principal:
    """Who administers: a signed-in administrator; anybody at the terminal while no person exists. Raises PersonRefused."""
    from vedette.doors.access.terminal import require
    from vedette.doors.people import Permission

    return require(session.store, session.workspace, Permission.ADMIN, session.principal, session.clock)


@people.command()
def add(context: typer.Context, name: _NAME, role: _ROLES, at: _AT = _HERE, json: doors.JSON = False) -> None:
    """Invite a person: prints a link, good once and for a day, with which they choose a password.

    The first person is made by the link that `vedette serve` prints, and administers.

    Example: vedette -w ws people add bea --role analyst --role approver
    """
    from vedette.doors.access import invite
    from vedette.doors.people import roles_of_words

    session = doors.session(context, json=json)
    token = invite(session.store, administrator(session), name, roles_of_words(role), clock=session.clock)
    _link(session, name, at, token)


@people.command()
def reset(
    context: typer.Context,
    name: _NAME,
    at: _AT = _HERE,
    recover: Annotated[
        bool, typer.Option("--recover", help="Without signing in, for when no administrator can; written to the log.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Take away a person's password and authenticator, end their sessions, and print a fresh link.

    Example: vedette -w ws people reset bea
    """
    from vedette.doors.access import reset as renew

    session = doors.session(context, json=json)
    who = session.user if recover else administrator(session)
    _link(session, name, at, renew(session.store, who, name, clock=session.clock))


@people.command("list")
def list_people(context: typer.Context, json: doors.JSON = False) -> None:
    """Everybody, with roles and state.

    Example: vedette -w ws people list
    """
    from vedette.doors.store.people import people as known

    session = doors.session(context, json=json)
    doors.emit(
        session,
        [person.as_json() for person in known(session.store)],
        columns=_SHOWN,
        title="People",
        empty="Nobody yet. `vedette serve` prints the link that makes the first administrator",
    )


@people.command()
def roles(context: typer.Context, name: _NAME, role: _ROLES, json: doors.JSON = False) -> None:
    """Give a person exactly these roles. Their sessions end.

    Example: vedette -w ws people roles bea --role analyst
    """
    from vedette.doors.access import change_roles
    from vedette.doors.people import roles_of_words

    session = doors.session(context, json=json)
    given = roles_of_words(role)
    _tell(session, change_roles(session.store, administrator(session), name, given, clock=session.clock))


@people.command()
def disable(context: typer.Context, name: _NAME, json: doors.JSON = False) -> None:
    """Keep a person out from now on. What they did stays theirs in the log.

    Example: vedette -w ws people disable bea
    """
    from vedette.doors.access import disable as keep_out

    session = doors.session(context, json=json)
    _tell(session, keep_out(session.store, administrator(session), name, clock=session.clock))


@people.command()
def enable(context: typer.Context, name: _NAME, json: doors.JSON = False) -> None:
    """Let a person in again who was kept out; `vedette people reset` then gives them a link.

    Example: vedette -w ws people enable bea
    """
    from vedette.doors.access import enable as let_in

    session = doors.session(context, json=json)
    _tell(session, let_in(session.store, administrator(session), name, clock=session.clock))


@people.command()
def provider(
    context: typer.Context,
    issuer: Annotated[str, typer.Argument(help="The issuer's address, to the letter.")],
    client_id: Annotated[str, typer.Option(help="Our client id there; the secret is read from standard input.")],
    group: Annotated[list[str], typer.Option(help="GROUP=ROLE[,ROLE]: roles that a group gives. Repeat it.")],
    at: _AT = _HERE,
    claim: Annotated[str, typer.Option(help="The claim that names a person's groups.")] = "groups",
    title: Annotated[str, typer.Option(help="What the sign-in page calls it.")] = "your organisation",
    json: doors.JSON = False,
) -> None:
    """Let people sign in with an OpenID Connect provider; their groups give them their roles, at each sign-in anew.

    There, allow the address AT/sign-in/provider/back to be returned to.

    Example: vedette -w ws people provider https://login.example.org --client-id vedette --group itt=analyst < secret.txt
    """
    import sys

    from vedette.doors.access.provider import Provider, agree

    session = doors.session(context, json=json)
    pairs = [text.partition("=") for text in group]
    given = Provider(
        issuer=issuer,
        client_id=client_id,
        secret=sys.stdin.read(1_000).strip(),
        title=title,
        at=at,
        claim=claim,
        roles={name.strip(): tuple(roles.split(",")) for name, _, roles in pairs},
    )
    agree(session.store, administrator(session), given, clock=session.clock)
    doors.emit(session, [{"issuer": issuer, "return_to": given.back}], columns=["issuer", "return_to"])


def login(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Your sign-in name.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for; better not written here.")],
    code: Annotated[
        str, typer.Option(prompt="Code of your authenticator (empty if you have none)", help="Asked for.")
    ] = "",
    json: doors.JSON = False,
) -> None:
    """Sign in at the terminal, so that what you decide bears your name. Lasts eight hours without use, twelve at most.

    Example: vedette -w ws login bea
    """
    from vedette.doors.access.terminal import enter

    session = doors.session(context, json=json)
    until = enter(session.store, session.workspace, name, password, code, clock=session.clock)
    doors.emit(session, [{"name": name.strip().lower(), "until": until}], columns=["name", "until"])


def logout(context: typer.Context, json: doors.JSON = False) -> None:
    """Sign out at the terminal.

    Example: vedette -w ws logout
    """
    from vedette.doors.access.terminal import leave

    session = doors.session(context, json=json)
    ended = leave(session.store, session.workspace, clock=session.clock)
    doors.emit(session, [{"signed_out": ended}], columns=["signed_out"])


def _link(session: doors.Session, name: str, at: str, token: str) -> None:
    address = f"{at.rstrip('/')}/welcome/{token}"
    if session.json:
        doors.emit(session, [{"name": name.strip().lower(), "link": address}], columns=[])
        return
    doors.say(session, address)
    doors.warn("Hand this link over by a way that you trust: it is good once, for 24 hours, and shown here only.")


def _tell(session: doors.Session, person: Person) -> None:
    doors.emit(session, [person.as_json()], columns=_SHOWN)
